"""The planner's first page: what needs him, the main figures, and where they are worst."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.scoping import AreaScope
from hazards.taxonomy import SEEN_GAPS, Verdict
from maps.selectors.coverage import Coverage, coverage
from maps.selectors.exposure import NearFigures, figures_by_distance, figures_by_unit
from maps.selectors.runs import FiguresState, figures_state
from maps.selectors.trend import Trend, trend
from maps.selectors.units import units_below
from places.models import AdminUnit

USUAL_DISTANCE_M = 500
ROWS_SHOWN = 15
ROWS_SPARED = 5  # so few more are shown rather than hidden
VERDICT_ORDER = (
    Verdict.NONCOMPLIANT,
    Verdict.PARTLY,
    Verdict.NOT_SURVEYED,
    Verdict.EXPIRED,
    Verdict.DEPTH_UNKNOWN,
    Verdict.COMPLIANT,
)


@dataclass(frozen=True)
class OverviewRow:
    """A unit next below the chosen one; ``unit`` is None for hazards that lie in none of them."""

    unit: AdminUnit | None
    coverage: Coverage
    near: NearFigures | None

    @property
    def seen_gaps(self) -> int:
        return sum(self.coverage.count(verdict) for verdict in SEEN_GAPS)


@dataclass(frozen=True)
class Overview:
    unit: AdminUnit | None
    whole: Coverage
    verdicts: list[tuple[str, int]]  # in scope, the ones that need work first
    near: dict[int, NearFigures]  # by metres
    rows: list[OverviewRow]
    distance_m: int | None  # of the rows' figures
    state: FiguresState
    trend: Trend

    @property
    def shown_rows(self) -> list[OverviewRow]:
        """The first page names the worst; the gap table has them all."""
        return self.rows[:ROWS_SHOWN] if self.hidden_rows else self.rows

    @property
    def hidden_rows(self) -> int:
        beyond = len(self.rows) - ROWS_SHOWN
        return beyond if beyond > ROWS_SPARED else 0

    @property
    def row_count(self) -> int:
        return len(self.rows)

    @property
    def most_near(self) -> float:
        """The largest figure of the rows, for the length of their bars."""
        return max((row.near.near_any for row in self.rows if row.near), default=0.0)


def overview(*, scope: AreaScope, unit: AdminUnit | None, as_of: date) -> Overview:
    parts = units_below(scope, unit)
    counted = coverage(scope=scope, unit=unit, as_of=as_of, units=parts)
    state = figures_state(as_of=as_of, unit=unit)
    distance = _distance(state)
    near = (
        figures_by_unit(scope=scope, run=state.run, units=parts, distance_m=distance)
        if distance
        else {}
    )
    rows = [OverviewRow(part, counted.by_unit[part.pk], near.get(part.pk)) for part in parts]
    rows.sort(key=lambda row: (-(row.near.near_any if row.near else -1), row.unit.tree_left))  # type: ignore[union-attr]
    if parts and sum(counted.elsewhere.by_verdict.values()):
        rows.append(OverviewRow(None, counted.elsewhere, None))
    return Overview(
        unit=unit,
        whole=counted.whole,
        verdicts=[(verdict, counted.whole.count(verdict)) for verdict in VERDICT_ORDER],
        near=figures_by_distance(scope=scope, run=state.run, unit=unit, parts=parts),
        rows=rows,
        distance_m=distance,
        state=state,
        trend=trend(scope=scope, units=[unit] if unit else parts, as_of=as_of, distance_m=distance),
    )


def _distance(state: FiguresState) -> int | None:
    if USUAL_DISTANCE_M in state.distances_m:
        return USUAL_DISTANCE_M
    return state.distances_m[-1] if state.distances_m else None
