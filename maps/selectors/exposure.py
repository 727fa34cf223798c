"""Figures of children for pages and tables, read within the reader's area."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from django.db.models import Sum

from accounts.scoping import AreaScope
from hazards.taxonomy import GapKind
from maps.models import ExposureFlow, ExposureRun, UnitExposure
from places.models import AdminUnit


@dataclass(frozen=True)
class NearFigures:
    """Children of a unit, and those within one distance of unprotected water.

    from_its_waters  children, of whatever unit, whose nearest open water stands in this one
    """

    people: float | None
    children: float
    near_any: float
    near_seen_gap: float
    near_not_surveyed: float
    near_expired: float
    near_depth_unknown: float
    from_its_waters: float | None = None
    near_by_gap: dict[str, float] = field(default_factory=dict)
    children_official: float | None = None
    near_adjusted: float | None = None

    @property
    def factor(self) -> float | None:
        """Official children over those of the raster; None without a count or without children."""
        if self.children_official is None or not self.children:
            return None
        return self.children_official / self.children

    @property
    def by_gap(self) -> list[tuple[str, float]]:
        """Children by what the water lacks, in words; a run of earlier code has none."""
        return [
            (str(kind.label), self.near_by_gap[kind])
            for kind in GapKind
            if kind in self.near_by_gap
        ]


def figures_by_unit(
    *,
    scope: AreaScope,
    run: ExposureRun | None,
    units: Iterable[AdminUnit],
    distance_m: int,
    by_water: bool = False,
) -> dict[int, NearFigures]:
    """Return {unit id: figures}; units that the run does not hold are absent.

    by_water  also add up by the place of the water: of all flows of the run, so where it is shown
    """
    if run is None:
        return {}
    wanted = list(units)
    rows = UnitExposure.objects.in_scope(scope).filter(
        run=run, unit__in=[unit.pk for unit in wanted], distance_m=distance_m
    )
    endangered: dict[int, float] = {}
    if by_water:
        endangered = by_place_of_water(scope=scope, run=run, units=wanted, distance_m=distance_m)
    return {row.unit_id: _figures(row, endangered.get(row.unit_id)) for row in rows}


def by_place_of_water(
    *, scope: AreaScope, run: ExposureRun, units: Iterable[AdminUnit], distance_m: int
) -> dict[int, float]:
    """Return {unit id: children whose nearest open water stands in it}, wherever they live.

    A run of one unit holds its own children only: then nothing is returned.
    """
    if run.unit_id is not None:
        return {}
    rows = (
        ExposureFlow.objects.filter(scope.q(unit_field="water_unit"), run=run)
        .filter(distance_m=distance_m, water_unit__isnull=False)
        .values_list("water_unit__tree_left")
        .annotate(children=Sum("children"))
        .order_by("water_unit__tree_left")
    )
    lefts, children = [left for left, _n in rows], [count for _left, count in rows]
    upto = [0.0, *accumulate(children)]
    return {
        unit.pk: upto[bisect_right(lefts, unit.tree_right)]
        - upto[bisect_left(lefts, unit.tree_left)]
        for unit in units
    }


def figures_by_distance(
    *, scope: AreaScope, run: ExposureRun | None, unit: AdminUnit | None, parts: list[AdminUnit]
) -> dict[int, NearFigures]:
    """Return {metres: figures} of ``unit``, or of ``parts`` added up where there is no one unit."""
    if run is None:
        return {}
    wanted = [unit] if unit is not None else parts
    return {
        distance: total
        for distance in sorted(run.distances_m)
        if (total := add_up(_of(scope, run, wanted, distance))) is not None
    }


def _of(
    scope: AreaScope, run: ExposureRun, units: list[AdminUnit], distance_m: int
) -> list[NearFigures]:
    found = figures_by_unit(scope=scope, run=run, units=units, distance_m=distance_m)
    return list(found.values())


def add_up(figures: list[NearFigures]) -> NearFigures | None:
    """Add the figures of units that do not overlap; None when there are none."""
    if not figures:
        return None
    return NearFigures(
        people=_all_or_none([found.people for found in figures]),
        children=sum(found.children for found in figures),
        near_any=sum(found.near_any for found in figures),
        near_seen_gap=sum(found.near_seen_gap for found in figures),
        near_not_surveyed=sum(found.near_not_surveyed for found in figures),
        near_expired=sum(found.near_expired for found in figures),
        near_depth_unknown=sum(found.near_depth_unknown for found in figures),
        from_its_waters=_all_or_none([found.from_its_waters for found in figures]),
        children_official=_all_or_none([found.children_official for found in figures]),
        near_adjusted=_all_or_none([found.near_adjusted for found in figures]),
        near_by_gap={
            kind: sum(found.near_by_gap[kind] for found in figures)
            for kind in GapKind.values
            if all(kind in found.near_by_gap for found in figures)
        },
    )


def _all_or_none(values: list[float | None]) -> float | None:
    """Add up what every part has; a part without it leaves the whole without it."""
    return None if None in values else sum(value or 0.0 for value in values)


def _figures(row: UnitExposure, from_its_waters: float | None) -> NearFigures:
    return NearFigures(
        people=row.people_total,
        children=row.children_total,
        near_any=row.children_exposed,
        near_seen_gap=row.near_seen_gap,
        near_not_surveyed=row.near_not_surveyed,
        near_expired=row.near_expired,
        near_depth_unknown=row.near_depth_unknown,
        from_its_waters=from_its_waters,
        near_by_gap=row.near_by_gap,
        children_official=row.children_official,
        near_adjusted=row.exposed_adjusted,
    )
