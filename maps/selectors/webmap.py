"""What the map page and the stand-alone map draw: areas with figures, and where to look."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.scoping import AreaScope
from common.sqlfile import run
from hazards.models import WaterHazard
from hazards.selectors.past import past_day
from hazards.services.assessment import assessments_on
from hazards.taxonomy import IN_SCOPE, Verdict
from maps.models import ExposureRun, UnitExposure
from maps.tiles.mvt import TileFilter
from places.models import AdminUnit

SQL = Path(__file__).resolve().parent.parent / "sql" / "webmap.sql"
VIETNAM = ((8.0, 102.0), (23.5, 110.0))  # south-west and north-east, degrees
OUTLINE_STEPS = 900  # outlines are simplified to about a pixel of a map this many pixels wide


@dataclass(frozen=True)
class MapView:
    """Whose eyes, which unit, and which day; ``tiles`` is the same for the tile statements."""

    scope: AreaScope
    unit: AdminUnit | None
    day: date

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()

    def then(self) -> AbstractContextManager[None]:
        """Open the register as it was on the day; nothing is done for today."""
        return past_day(self.day)

    def tiles(self, *, kinds: tuple[str, ...] = (), verdicts: tuple[str, ...] = ()) -> TileFilter:
        return TileFilter(
            unit=self.unit,
            kinds=kinds or None,
            verdicts=verdicts or None,
            day=None if self.is_today else self.day,
            given=() if self.is_today else verdicts_of_day(self),
        )


def verdicts_of_day(view: MapView) -> tuple[tuple[int, str], ...]:
    rows = assessments_on(view.day, unit=view.unit, scope=view.scope)
    return tuple((row.hazard_id, row.verdict) for row in rows)


def extent(view: MapView) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return south-west and north-east corners (latitude, longitude) of what is to be seen."""
    found = run(SQL, "extent", **_area_values(view))
    if not found:
        return VIETNAM
    box = found[0]
    return (box["south"], box["west"]), (box["north"], box["east"])


def areas(view: MapView, *, distance_m: int) -> list[dict[str, Any]]:
    """Return GeoJSON features of the units below the chosen one, with coverage and children.

    ``children_exposed`` is None where no finished run holds the unit for that day and distance.
    """
    if view.unit is None:
        return []
    (south, west), (north, east) = extent(view)
    given = () if view.is_today else verdicts_of_day(view)
    rows = run(
        SQL,
        "areas",
        unit_id=view.unit.pk,
        tolerance_deg=max(north - south, east - west) / OUTLINE_STEPS,
        given_ids=[hazard_id for hazard_id, _verdict in given],
        given_verdicts=[verdict for _hazard_id, verdict in given],
        day=None if view.is_today else view.day,
        firsts=view.scope.lefts,
        lasts=view.scope.rights,
    )
    children = exposure_of(view, [row["id"] for row in rows], distance_m)
    return [_feature(row, children.get(row["id"])) for row in rows]


def latest_run(day: date) -> ExposureRun | None:
    """Return the last finished run for the register as of ``day``."""
    return ExposureRun.objects.filter(state=ExposureRun.State.DONE, as_of=day).first()


def exposure_of(view: MapView, unit_ids: list[int], distance_m: int) -> dict[int, UnitExposure]:
    """Return {unit id: figures} of the newest finished run that holds each unit."""
    held = (
        UnitExposure.objects.in_scope(view.scope)
        .filter(
            unit__in=unit_ids,
            distance_m=distance_m,
            run__state=ExposureRun.State.DONE,
            run__as_of=view.day,
        )
        .order_by("run__created_at")
    )
    return {row.unit_id: row for row in held}


def distances(day: date) -> list[int]:
    """Return the distances, metres, that the last finished run for ``day`` holds."""
    last = latest_run(day)
    return list(last.distances_m) if last else []


def hazards_of(view: MapView) -> QuerySet[WaterHazard]:
    """Return the hazards in the unit and scope of ``view``."""
    hazards = WaterHazard.objects.in_scope(view.scope)
    return hazards.within_unit(view.unit) if view.unit else hazards


def counts_by_verdict(view: MapView) -> dict[str, int]:
    """Return hazards by verdict, every verdict named, in the unit and scope of ``view``."""
    counts = dict.fromkeys(Verdict.values, 0)
    if view.is_today:
        rows = hazards_of(view).values_list("assessment__verdict").annotate(n=Count("pk"))
        for verdict, n in rows:
            counts[verdict or Verdict.NOT_SURVEYED] += n
    else:
        for _hazard_id, verdict in verdicts_of_day(view):
            counts[verdict] += 1
    return counts


def _feature(row: dict[str, Any], exposure: UnitExposure | None) -> dict[str, Any]:
    by_verdict = row["by_verdict"]
    counts = json.loads(by_verdict) if isinstance(by_verdict, str) else by_verdict
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": json.loads(row["outline"]),
        "properties": {
            "name": row["name"],
            "in_scope": sum(counts.get(verdict, 0) for verdict in IN_SCOPE),
            "compliant": counts.get(Verdict.COMPLIANT, 0),
            "not_surveyed": counts.get(Verdict.NOT_SURVEYED, 0),
            "children_total": exposure.children_total if exposure else None,
            "children_exposed": exposure.children_exposed if exposure else None,
        },
    }


def _area_values(view: MapView) -> dict[str, Any]:
    return {
        "unit_first": view.unit.tree_left if view.unit else 0,
        "unit_last": view.unit.tree_right if view.unit else 2**62,
        "firsts": view.scope.lefts,
        "lasts": view.scope.rights,
    }
