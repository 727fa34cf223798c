"""How many hazards of each unit have their sign and barrier, on a day: the n and the N.

Unknown never enters the n, and every n is given with its N.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F
from django.utils import timezone

from accounts.scoping import AreaScope
from hazards.models import HazardAssessment, WaterHazard
from hazards.models.assessment import DutyState
from hazards.selectors.past import past_day
from hazards.services.assessment import assessments_on, ensure_fresh
from hazards.taxonomy import IN_SCOPE, Lifecycle
from places.models import AdminUnit


@dataclass(frozen=True)
class _State:
    """What the counting needs to know of one hazard; ``hazards`` of them are alike."""

    unit_left: int
    verdict: str
    sign: str
    barrier: str
    lifecycle: str
    hazards: int = 1


@dataclass
class Coverage:
    """Counts of hazards. ``sign_needed`` is the N of ``with_sign``, and so on."""

    by_verdict: Counter[str] = field(default_factory=Counter)
    sign_needed: int = 0
    with_sign: int = 0
    barrier_needed: int = 0
    with_barrier: int = 0
    both_needed: int = 0
    with_both: int = 0
    building_needed: int = 0
    building_with_both: int = 0
    under_construction: int = 0

    @property
    def in_scope(self) -> int:
        return sum(self.by_verdict[verdict] for verdict in IN_SCOPE)

    @property
    def without_sign(self) -> int:
        return self.sign_needed - self.with_sign

    @property
    def without_barrier(self) -> int:
        return self.barrier_needed - self.with_barrier

    def count(self, verdict: str) -> int:
        return self.by_verdict[verdict]

    def add(self, state: _State) -> None:
        self.by_verdict[state.verdict] += state.hazards
        if state.verdict not in IN_SCOPE:
            return
        sign, barrier = (
            state.sign != DutyState.NOT_REQUIRED,
            state.barrier != DutyState.NOT_REQUIRED,
        )
        has_sign, has_barrier = state.sign == DutyState.MET, state.barrier == DutyState.MET
        self.sign_needed += state.hazards * sign
        self.with_sign += state.hazards * has_sign
        self.barrier_needed += state.hazards * barrier
        self.with_barrier += state.hazards * has_barrier
        self.both_needed += state.hazards * (sign and barrier)
        self.with_both += state.hazards * (has_sign and has_barrier)
        if state.lifecycle == Lifecycle.UNDER_CONSTRUCTION:
            self.under_construction += state.hazards
            self.building_needed += state.hazards * (sign and barrier)
            self.building_with_both += state.hazards * (has_sign and has_barrier)


@dataclass(frozen=True)
class CoverageTable:
    """Coverage of the whole, of each unit asked for (by id), and of what lies in none of them."""

    whole: Coverage
    by_unit: dict[int, Coverage]
    elsewhere: Coverage


def coverage(
    *, scope: AreaScope, unit: AdminUnit | None, as_of: date, units: Sequence[AdminUnit]
) -> CoverageTable:
    """Count the hazards of ``unit`` (or of all the scope), split by ``units`` below it."""
    table = CoverageTable(Coverage(), {part.pk: Coverage() for part in units}, Coverage())
    for state in _states(scope, unit, as_of):
        table.whole.add(state)
        held = [part for part in units if part.tree_left <= state.unit_left <= part.tree_right]
        for part in held:
            table.by_unit[part.pk].add(state)
        if not held:
            table.elsewhere.add(state)
    return table


def _states(scope: AreaScope, unit: AdminUnit | None, as_of: date) -> Iterable[_State]:
    if as_of == timezone.localdate():
        return _kept_states(scope, unit)
    return _states_on(scope, unit, as_of)


def _kept_states(scope: AreaScope, unit: AdminUnit | None) -> Iterable[_State]:
    """Today's verdicts are kept: counted in the database, one row per unit and combination."""
    ensure_fresh()
    rows = HazardAssessment.objects.in_scope(scope)
    if unit is not None:
        rows = rows.within_unit(unit)
    counted = (
        rows.values("verdict", "sign", "barrier", left=F("hazard__unit__tree_left"))
        .annotate(lifecycle=F("hazard__lifecycle"), hazards=Count("pk"))
        .order_by()
    )
    return [
        _State(
            row["left"], row["verdict"], row["sign"], row["barrier"], row["lifecycle"],
            row["hazards"],
        )
        for row in counted
    ]  # fmt: skip


def _states_on(scope: AreaScope, unit: AdminUnit | None, as_of: date) -> Iterable[_State]:
    """Return states as they were on a day gone by, under today's units."""
    with past_day(as_of):
        hazards = WaterHazard.objects.in_scope(scope)
        if unit is not None:
            hazards = hazards.within_unit(unit)
        known = {
            pk: (left, lifecycle)
            for pk, left, lifecycle in hazards.order_by().values_list(
                "pk", "unit__tree_left", "lifecycle"
            )
        }
        found = assessments_on(as_of, unit=unit, scope=scope)
    return [
        _State(known[row.hazard_id][0], row.verdict, row.sign, row.barrier, known[row.hazard_id][1])
        for row in found
        if row.hazard_id in known
    ]
