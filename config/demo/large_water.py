"""The demo's largest lake is judged where people reach it; one pond was written down twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.gis.geos import LineString, Point

from accounts.models import User
from hazards.models import AccessPlace, WaterHazard
from hazards.services.access_places import add_access_place
from hazards.services.inventory import NewHazard, register_hazard
from hazards.services.observations import record_safeguard_state
from hazards.services.safeguards import add_safeguard
from hazards.taxonomy import AccessPlaceKind, Duty, HazardKind, ObservedState, SafeguardKind

NAMES = (
    ("Bến lấy nước", AccessPlaceKind.ACCESS_POINT, 0.10),
    ("Bãi tắm thôn Đông", AccessPlaceKind.ACCESS_POINT, 0.38),
    ("Bờ dọc đường liên thôn", AccessPlaceKind.SHORELINE, 0.70),
)
STRETCH = 0.06  # of the shore, for the stretch
TWICE_EAST_DEG = 0.00012  # 13 m


def tell_large_water(hazards: list[WaterHazard], *, today: date, by: User) -> WaterHazard:
    """Give the largest lake three places where people reach it: in order, without a fence, half."""
    lake = max(hazards, key=lambda one: one.area_m2 or 0.0)
    shore = LineString(lake.geometry[0].coords, srid=4326)
    landing, beach, road = (
        _place(lake, shore, name, kind, at, today - timedelta(days=90), by)
        for name, kind, at in NAMES
    )
    seen_on = today - timedelta(days=21)
    for place, states in (
        (landing, {Duty.SIGN: ObservedState.PRESENT, Duty.BARRIER: ObservedState.PRESENT}),
        (beach, {Duty.SIGN: ObservedState.PRESENT, Duty.BARRIER: ObservedState.MISSING}),
        (road, {Duty.SIGN: ObservedState.PRESENT, Duty.BARRIER: ObservedState.PARTIAL}),
    ):
        for duty, state in states.items():
            _look(lake, seen_on, by, duty=duty, state=state, access_place=place)
    _fence(lake, road, seen_on, by)
    return lake


def register_twice(hazards: list[WaterHazard], *, today: date) -> WaterHazard:
    """Write one pond down a second time, as another list might have it."""
    pond = next(one for one in hazards if one.kind == HazardKind.POND and one.name)
    at = pond.location
    new = NewHazard(
        kind=pond.kind,
        geometry=Point(at.x + TWICE_EAST_DEG, at.y, srid=4326),
        name=pond.name.upper(),
        hamlet=pond.hamlet,
        source="demo-xa",
        source_id="twice-1",
        is_synthetic=True,
        registered_on=today - timedelta(days=30),
    )
    return register_hazard(new=new, actor=None)


def _place(
    lake: WaterHazard, shore: LineString, name: str, kind: str, at: float, day: date, by: User
) -> AccessPlace:
    shape: Any = shore.interpolate_normalized(at)
    if kind == AccessPlaceKind.SHORELINE:
        steps = [shore.interpolate_normalized(at + STRETCH * n / 20) for n in range(21)]
        shape = LineString([(step.x, step.y) for step in steps], srid=4326)
    return add_access_place(
        hazard=lake, kind=kind, label=name, geometry=shape, known_from=day, actor=by
    )


def _fence(lake: WaterHazard, road: AccessPlace, seen_on: date, by: User) -> None:
    """Put a fence along the first half of the stretch; it stands."""
    corners = road.geometry.coords
    half = LineString(corners[: len(corners) // 2 + 1], srid=4326)
    fence = add_safeguard(
        hazard=lake, kind=SafeguardKind.FENCE, label="Hàng rào dọc đường", geometry=half,
        access_place=road, installed_on=seen_on - timedelta(days=200), actor=by,
    )  # fmt: skip
    _look(lake, seen_on, by, duty=Duty.BARRIER, state=ObservedState.PRESENT, safeguard=fence,
          height_m=1.2, widest_gap_mm=90)  # fmt: skip


def _look(lake: WaterHazard, day: date, by: User, **seen: Any) -> None:
    record_safeguard_state(
        hazard=lake, observed_on=day, source_kind="demo", observer=by, is_synthetic=True, **seen
    )
