"""Figures of children for pages and tables, read within the reader's area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.scoping import AreaScope
from maps.models import ExposureRun, UnitExposure
from places.models import AdminUnit


@dataclass(frozen=True)
class NearFigures:
    """Children of a unit, and those within one distance of unprotected water."""

    people: float | None
    children: float
    near_any: float
    near_seen_gap: float
    near_not_surveyed: float
    near_expired: float
    near_depth_unknown: float


def figures_by_unit(
    *, scope: AreaScope, run: ExposureRun | None, units: Iterable[AdminUnit], distance_m: int
) -> dict[int, NearFigures]:
    """Return {unit id: figures}; units that the run does not hold are absent."""
    if run is None:
        return {}
    rows = UnitExposure.objects.in_scope(scope).filter(
        run=run, unit__in=[unit.pk for unit in units], distance_m=distance_m
    )
    return {row.unit_id: _figures(row) for row in rows}


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
    people = [found.people for found in figures]
    return NearFigures(
        people=None if None in people else sum(value or 0 for value in people),
        children=sum(found.children for found in figures),
        near_any=sum(found.near_any for found in figures),
        near_seen_gap=sum(found.near_seen_gap for found in figures),
        near_not_surveyed=sum(found.near_not_surveyed for found in figures),
        near_expired=sum(found.near_expired for found in figures),
        near_depth_unknown=sum(found.near_depth_unknown for found in figures),
    )


def _figures(row: UnitExposure) -> NearFigures:
    return NearFigures(
        people=row.people_total,
        children=row.children_total,
        near_any=row.children_exposed,
        near_seen_gap=row.near_seen_gap,
        near_not_surveyed=row.near_not_surveyed,
        near_expired=row.near_expired,
        near_depth_unknown=row.near_depth_unknown,
    )
