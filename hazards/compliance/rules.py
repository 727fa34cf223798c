"""A rule of the order as data, and which one a hazard is under on a day."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hazards.compliance.words import BARRIER, COVER, SIGN


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``valid_to`` is the first day not in force; ``valid_months`` is calendar months by duty.

    ``min_depth_m``: only water deeper than this is under the rule; None: whatever the depth.
    """

    code: str
    kinds: frozenset[str]
    duties: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    min_depth_m: float | None = None
    valid_months: dict[str, int] = field(default_factory=lambda: {SIGN: 6, BARRIER: 12, COVER: 12})
    id: int | None = None

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def evidence_ends(self, duty: str, seen_on: date) -> date:
        """Return the first day on which a safeguard seen in place counts no more."""
        return add_months(seen_on, self.valid_months[duty])


def rule_for(kind: str, rules: Iterable[Rule], on: date) -> Rule | None:
    """Return the rule that lists ``kind`` and is in force, or None.

    The services refuse two at once; were there two all the same, the newer and then the first by
    its code would count.
    """
    found = [rule for rule in rules if kind in rule.kinds and rule.in_force(on)]
    found.sort(key=lambda rule: (-rule.valid_from.toordinal(), rule.code))
    return found[0] if found else None


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` calendar months later, or that month's last day.

    >>> add_months(date(2025, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
