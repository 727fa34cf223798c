"""What a surveyor sees of the register: what is near, and what is due."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db.models import Case, F, IntegerField, Value, When

from accounts.models import User
from accounts.roles import Action
from hazards.models import WaterHazard
from hazards.querysets import WaterHazardQuerySet
from hazards.taxonomy import LIFECYCLES_WITH_WATER, Lifecycle, Verdict

DUE = (Verdict.NOT_SURVEYED, Verdict.EXPIRED, Verdict.DEPTH_UNKNOWN)
SHOWN = 40  # as many as one thumb scrolls through
LOOK_AROUND_M = 20_000
SAME_PLACE_M = 100  # nearer than this, a "new" place may be one that is known
AROUND_M = 800  # what stands round the pin, to find one's way on an empty map

_RANK = Case(
    When(assessment__verdict=Verdict.NOT_SURVEYED, then=Value(0)),
    When(assessment__verdict=Verdict.EXPIRED, then=Value(1)),
    When(assessment__verdict=Verdict.DEPTH_UNKNOWN, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class NearList:
    """Hazards for one phone page, each with ``verdict`` and, where known, ``away_m``."""

    due: list[WaterHazard]
    others: list[WaterHazard]
    due_total: int
    total: int


def hazards_to_survey(user: User) -> WaterHazardQuerySet:
    """Return the hazards in the user's area that hold or may hold water."""
    found = WaterHazard.objects.visible_to(user, Action.CAPTURE)
    found = found.filter(lifecycle__in=[*LIFECYCLES_WITH_WATER, Lifecycle.PLANNED])
    return found.annotate(verdict=F("assessment__verdict"))


def near_list(user: User, *, position: Point | None, text: str = "") -> NearList:
    """Return what is due first, then the rest; by distance where ``position`` is known."""
    everything = hazards_to_survey(user).matching(text)
    found = everything.annotate(rank=_RANK)
    if position is None:
        found = found.order_by("rank", "name_plain", "code")
    else:
        found = found.annotate(away=Distance("location", position)).order_by("away", "code")
        if not text.strip():
            found = found.near(position, LOOK_AROUND_M)
    due = [_with_metres(row) for row in found.filter(assessment__verdict__in=DUE)[:SHOWN]]
    others = [_with_metres(row) for row in found.exclude(assessment__verdict__in=DUE)[:SHOWN]]
    return NearList(
        due=due,
        others=others,
        due_total=everything.filter(assessment__verdict__in=DUE).count(),
        total=everything.count(),
    )


def same_place(
    user: User, position: Point, *, within_m: float = SAME_PLACE_M, most: int = 5
) -> list[WaterHazard]:
    """Return the known hazards so near that a new one may be the same, the nearest first."""
    found = WaterHazard.objects.visible_to(user).near(position, within_m)
    nearest = (
        found.exclude(lifecycle__in=(Lifecycle.DUPLICATE, Lifecycle.ENTERED_IN_ERROR))
        .annotate(away=Distance("location", position), verdict=F("assessment__verdict"))
        .order_by("away")
    )
    return [_with_metres(row) for row in nearest[:most]]


def _with_metres(hazard: WaterHazard) -> WaterHazard:
    away = getattr(hazard, "away", None)
    hazard.away_m = away.m if away is not None else None  # type: ignore[attr-defined]
    return hazard
