"""A rule of the order as data, and which one a hazard is under on a day."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hazards.compliance.facts import HazardFacts
from hazards.compliance.words import BARRIER, COVER, SIGN


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``valid_to`` is the first day not in force; ``valid_months`` is calendar months by duty.

    ``min_depth_m``: only water deeper than this is under the rule; None: whatever the depth.
    ``lifecycles``: only hazards in one of these states; empty: in any. ``near_house_m``,
    ``near_school_m``: only hazards within so many metres of a house or of a school (either is
    enough); None: wherever they lie. ``min_barrier_height_m``, ``max_barrier_gap_mm``: a barrier
    measured lower or wider is not in place; None: measures are not judged.
    """

    code: str
    kinds: frozenset[str]
    duties: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    min_depth_m: float | None = None
    lifecycles: frozenset[str] = frozenset()
    near_house_m: float | None = None
    near_school_m: float | None = None
    min_barrier_height_m: float | None = None
    max_barrier_gap_mm: float | None = None
    valid_months: dict[str, int] = field(default_factory=lambda: {SIGN: 6, BARRIER: 12, COVER: 12})
    id: int | None = None

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def asks_for_nearness(self) -> bool:
        return self.near_house_m is not None or self.near_school_m is not None

    @property
    def conditions(self) -> int:
        """How many conditions narrow the rule; of two rules the narrower counts."""
        return bool(self.lifecycles) + self.asks_for_nearness

    def speaks_of(self, facts: HazardFacts) -> bool:
        """Say whether kind, state and place of a hazard bring it under the rule on any day."""
        if facts.kind not in self.kinds:
            return False
        if self.lifecycles and facts.lifecycle not in self.lifecycles:
            return False
        return self.is_near(facts) is not False

    def is_near(self, facts: HazardFacts) -> bool | None:
        """Say whether a hazard is as near as the rule asks; None when that is not known.

        Not known brings a hazard under the rule: unknown is not safe.
        """
        if not self.asks_for_nearness:
            return True
        answers = [
            None if distance_m is None else distance_m <= limit_m
            for limit_m, distance_m in (
                (self.near_house_m, facts.nearest_house_m),
                (self.near_school_m, facts.nearest_school_m),
            )
            if limit_m is not None
        ]
        return True if True in answers else None if None in answers else False

    def evidence_ends(self, duty: str, seen_on: date) -> date:
        """Return the first day on which a safeguard seen in place counts no more."""
        return add_months(seen_on, self.valid_months[duty])


def rule_for(facts: HazardFacts, rules: Iterable[Rule], on: date) -> Rule | None:
    """Return the rule in force that speaks of the hazard, the narrowest of several, or None.

    The services refuse two equally narrow ones at once; were there two all the same, the newer and
    then the first by its code would count.
    """
    found = [rule for rule in rules if rule.in_force(on) and rule.speaks_of(facts)]
    found.sort(key=lambda rule: (-rule.conditions, -rule.valid_from.toordinal(), rule.code))
    return found[0] if found else None


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` calendar months later, or that month's last day.

    >>> add_months(date(2025, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
