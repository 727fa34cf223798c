"""Pairs of hazards that may be one water, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import QuerySet

from accounts.scoping import AreaScope
from common.sqlfile import run
from common.text import plain
from hazards.duplicates.matching import DIFFERENT, Geometry, Match, Record, match, sigma_of
from hazards.models import HazardMerge, WaterHazard
from hazards.services.merging import GONE
from hazards.services.nearness import metres_apart

SQL = Path(__file__).resolve().parent.parent / "sql" / "duplicates.sql"
REACH_M = 150.0  # positions further apart are not asked about
AROUND_M = 250.0  # how dense waters lie is counted in this circle
MOST = 20_000  # pairs that are weighed at once


@dataclass(frozen=True)
class Alike:
    """A hazard that a new one may be, with the metres between them and how it was weighed."""

    hazard: WaterHazard
    distance_m: float
    match: Match


@dataclass(frozen=True)
class Pair:
    """Two hazards, how far apart their shapes are in metres, and how they were weighed."""

    one: WaterHazard
    other: WaterHazard
    distance_m: float
    match: Match

    @property
    def sides(self) -> list[WaterHazard]:
        return [self.one, self.other]


def likely_pairs(scope: AreaScope, *, most: int = 200) -> list[Pair]:
    """Return the undecided pairs in a scope that are worth a look."""
    rows = run(
        SQL, "pairs_in_units", lefts=scope.lefts, rights=scope.rights,
        gone=[str(state) for state in GONE], reach_m=REACH_M, around_m=AROUND_M, most=MOST,
    )  # fmt: skip
    weighed = [(row, _weigh(row)) for row in rows]
    kept = [(row, found) for row, found in weighed if found.verdict != DIFFERENT]
    kept.sort(key=lambda item: (-item[1].score, item[0]["one_id"], item[0]["other_id"]))
    ids = {row[side] for row, _found in kept[:most] for side in ("one_id", "other_id")}
    hazards = WaterHazard.objects.select_related("unit", "assessment").defer(
        "geometry", "unit__geometry", "words"
    ).in_bulk(list(ids))  # fmt: skip
    return [
        Pair(hazards[row["one_id"]], hazards[row["other_id"]], row["distance_m"], found)
        for row, found in kept[:most]
    ]


def similar_hazards(
    *, location: Point, kind: str, name: str = "", accuracy_m: float | None = None
) -> list[Alike]:
    """Return the hazards that a new one at ``location`` may be, the likeliest first; for asking
    before it is written. Metres.
    """
    near = WaterHazard.objects.near(location, REACH_M).exclude(lifecycle__in=GONE)
    around = WaterHazard.objects.near(location, AROUND_M).count()
    new = Record(kind=kind, name_plain=plain(name), sigma_m=sigma_of("gps", accuracy_m))
    found = []
    for hazard in near.select_related("unit").defer("unit__geometry", "words"):
        apart_m = metres_apart(location, hazard.geometry)
        geometry = Geometry(
            distance_m=apart_m,
            density_per_m2=around / (3.1416 * AROUND_M**2),
        )
        told = match(new, _record(hazard), geometry)
        if told.verdict != DIFFERENT:
            found.append(Alike(hazard, apart_m, told))
    return sorted(found, key=lambda one: -one.match.score)


def merges_in(scope: AreaScope) -> QuerySet[HazardMerge]:
    """Return the merges in a scope that have not been undone, the newest first."""
    merges = HazardMerge.objects.filter(scope.q("survivor__unit"), undone_at__isnull=True)
    return merges.select_related("survivor", "merged", "merged_by")


def _weigh(row: dict[str, Any]) -> Match:
    sides = [
        Record(
            kind=row[f"{side}_kind"],
            name_plain=row[f"{side}_name"],
            sigma_m=sigma_of(row[f"{side}_method"], row[f"{side}_accuracy_m"]),
            source=row[f"{side}_source"],
        )
        for side in ("one", "other")
    ]
    geometry = Geometry(
        distance_m=row["distance_m"],
        overlap=row["overlap"],
        density_per_m2=row["density_per_m2"],
    )
    return match(sides[0], sides[1], geometry)


def _record(hazard: WaterHazard) -> Record:
    return Record(
        kind=hazard.kind,
        name_plain=hazard.name_plain,
        sigma_m=sigma_of(hazard.position_method, hazard.position_accuracy_m),
        source="",
    )
