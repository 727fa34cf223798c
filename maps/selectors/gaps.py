"""The gap table: coverage and children by unit, in any order, for the page and its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.scoping import AreaScope
from hazards.taxonomy import Verdict
from maps.selectors.coverage import Coverage, coverage
from maps.selectors.exposure import NearFigures, add_up, figures_by_unit
from maps.selectors.runs import FiguresState, figures_state
from maps.selectors.units import USUAL_LEVEL, levels_within, units_of_level
from places.models import AdminUnit


@dataclass(frozen=True)
class GapQuery:
    """What the page asks; empty parts take the usual one."""

    scope: AreaScope
    unit: AdminUnit | None
    as_of: date
    level: str = ""
    distance_m: int | None = None
    sort: str = ""


@dataclass(frozen=True)
class GapRow:
    """One line. ``unit`` is None in the line of hazards that lie in none of the units."""

    unit: AdminUnit | None
    coverage: Coverage
    near: NearFigures | None


@dataclass(frozen=True)
class GapTable:
    rows: list[GapRow]
    total: GapRow
    level: str
    levels: list[str]
    distance_m: int | None
    state: FiguresState
    sort: str


def _near(field: str) -> Callable[[GapRow], Any]:
    return lambda row: getattr(row.near, field) if row.near else None


def _share(part: str, whole: str) -> Callable[[GapRow], Any]:
    def value(row: GapRow) -> float | None:
        of = getattr(row.coverage, whole)
        return getattr(row.coverage, part) / of if of else None

    return value


SORTS: dict[str, Callable[[GapRow], Any]] = {
    "unit": lambda row: row.unit.tree_left if row.unit else None,
    "in_scope": lambda row: row.coverage.in_scope,
    "depth_unknown": lambda row: row.coverage.count(Verdict.DEPTH_UNKNOWN),
    "sign": _share("with_sign", "sign_needed"),
    "barrier": _share("with_barrier", "barrier_needed"),
    "both": _share("with_both", "both_needed"),
    "construction": lambda row: row.coverage.under_construction,
    "expired": lambda row: row.coverage.count(Verdict.EXPIRED),
    "not_surveyed": lambda row: row.coverage.count(Verdict.NOT_SURVEYED),
    "children": _near("children"),
    "near": _near("near_any"),
    "near_gap": _near("near_seen_gap"),
    "near_unseen": _near("near_not_surveyed"),
    "near_water_here": _near("from_its_waters"),
    "official": _near("children_official"),
    "factor": _near("factor"),
    "near_adjusted": _near("near_adjusted"),
}
USUAL_SORT = "-near"


def gap_table(query: GapQuery) -> GapTable:
    levels = levels_within(query.scope, query.unit)
    level = _level(query, levels)
    units = units_of_level(query.scope, query.unit, level) if level else []
    state = figures_state(as_of=query.as_of, unit=query.unit)
    distance = _distance(query, state)
    counted = coverage(scope=query.scope, unit=query.unit, as_of=query.as_of, units=units)
    near = (
        figures_by_unit(
            scope=query.scope, run=state.run, units=units, distance_m=distance, by_water=True
        )
        if distance
        else {}
    )
    rows = [GapRow(unit, counted.by_unit[unit.pk], near.get(unit.pk)) for unit in units]
    sort = query.sort if query.sort.lstrip("-") in SORTS else USUAL_SORT
    rows = in_order(rows, sort)
    if sum(counted.elsewhere.by_verdict.values()):
        rows.append(GapRow(None, counted.elsewhere, None))
    total = GapRow(query.unit, counted.whole, _whole_near(query, state, near, distance))
    return GapTable(rows, total, level, levels, distance, state, sort)


def _whole_near(
    query: GapQuery, state: FiguresState, near: dict[int, NearFigures], distance_m: int | None
) -> NearFigures | None:
    """Return the figures of the chosen unit itself, else the lines added up."""
    if query.unit is not None and distance_m:
        own = figures_by_unit(
            scope=query.scope,
            run=state.run,
            units=[query.unit],
            distance_m=distance_m,
            by_water=True,
        )
        if own:
            return own[query.unit.pk]
    return add_up(list(near.values()))


def _level(query: GapQuery, levels: list[str]) -> str:
    if query.level in levels:
        return query.level
    if USUAL_LEVEL in levels:
        return USUAL_LEVEL if not _is_commune(query.unit) or len(levels) == 1 else levels[1]
    return levels[min(1, len(levels) - 1)] if levels else ""


def _is_commune(unit: AdminUnit | None) -> bool:
    return unit is not None and unit.level == USUAL_LEVEL


def _distance(query: GapQuery, state: FiguresState) -> int | None:
    if query.distance_m in state.distances_m:
        return query.distance_m
    usual = [metres for metres in state.distances_m if metres >= 500] or state.distances_m[-1:]
    return usual[0] if usual else None


def in_order(rows: list[GapRow], sort: str) -> list[GapRow]:
    """Sort by one column; lines without a value come last, whichever way; ties by unit."""
    value = SORTS[sort.lstrip("-")]
    known = [row for row in rows if value(row) is not None]
    known.sort(key=SORTS["unit"])
    known.sort(key=value, reverse=sort.startswith("-"))
    return [*known, *(row for row in rows if value(row) is None)]
