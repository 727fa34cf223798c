"""The register on two days: what was found, repaired, relapsed and left in between, by commune.

Units are those of today for both days, so that a figure is about the same waters; names, states and
evidence are those of each day. Repaired means seen in order: a gap whose check has run out, or that
is waived, is not repaired.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hazards.models import WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.on_day import states_on
from hazards.selectors.past import past_of
from hazards.selectors.reader import Reader
from hazards.selectors.rows import HAMLET
from hazards.taxonomy import LIFECYCLES_WITH_WATER, NOT_LISTED, SEEN_GAPS, Verdict
from places.models import AdminUnit

ABSENT = "absent"  # not in the register on that day
GAPS = frozenset(str(verdict) for verdict in SEEN_GAPS)


@dataclass
class Progress:
    """Hazards of one commune, or of all. ``repaired`` is of ``gaps_before``."""

    name: str
    before: int = 0
    now: int = 0
    gaps_before: int = 0
    gaps_now: int = 0
    found: int = 0
    repaired: int = 0
    relapsed: int = 0
    left: int = 0

    def count(self, was: str, now: str, has_gone: bool) -> None:
        self.before += was != ABSENT
        self.now += now != ABSENT and not has_gone
        self.gaps_before += was in GAPS
        self.gaps_now += now in GAPS
        self.repaired += was in GAPS and now == Verdict.COMPLIANT
        self.relapsed += was == Verdict.COMPLIANT and now in GAPS
        self.found += now in GAPS and was not in GAPS and was != Verdict.COMPLIANT
        self.left += was != ABSENT and has_gone


@dataclass
class Compared:
    """``flows`` counts hazards by (verdict before, verdict now); ABSENT stands for no record."""

    start: date
    end: date
    communes: list[Progress]
    total: Progress
    flows: Counter[tuple[str, str]] = field(default_factory=Counter)

    def table(self) -> list[tuple[str, list[int], int]]:
        """Return (verdict before, counts by verdict now, row sum) in the order of VERDICTS."""
        rows = []
        for was in VERDICTS:
            counts = [self.flows[was, now] for now in VERDICTS]
            if any(counts):
                rows.append((was, counts, sum(counts)))
        return rows


VERDICTS = (*(str(verdict) for verdict in Verdict), ABSENT)


def compare_days(
    reader: Reader, *, unit: AdminUnit | None, start: date, end: date, title: str = ""
) -> Compared:
    """Compare two days in the reader's area, or in one unit of it."""
    hazards = WaterHazard.objects.in_scope(reader.area)
    if unit is not None:
        hazards = hazards.within_unit(unit)
    places: dict[int, int] = dict(hazards.order_by().values_list("pk", "unit_id"))
    before, _gone = _day(list(places), start)
    now, gone = _day(list(places), end)
    communes: dict[int, Progress] = {}
    names = _communes(set(places.values()))
    result = Compared(start, end, [], Progress(title))
    for pk, unit_id in places.items():
        was, is_now = before.get(pk, ABSENT), now.get(pk, ABSENT)
        if was == is_now == ABSENT:
            continue
        key, name = names[unit_id]
        row = communes.setdefault(key, Progress(name))
        has_gone = was != ABSENT and (is_now == ABSENT or (pk in gone and pk not in _gone))
        for progress in (row, result.total):
            progress.count(was, is_now, has_gone)
        result.flows[was, is_now] += 1
    result.communes = [communes[key] for key in sorted(communes)]
    return result


def _day(keys: list[int], on: date) -> tuple[dict[int, str], set[int]]:
    """Return {hazard: verdict} of those in the register on the day, and those without water."""
    with past_of(HazardFilter(as_of=on)):
        rows: Any = WaterHazard.objects.filter(pk__in=keys, registered_on__lte=on)
        rows = rows.exclude(lifecycle__in=NOT_LISTED)
        dry = set(rows.exclude(lifecycle__in=LIFECYCLES_WITH_WATER).values_list("pk", flat=True))
        return {pk: str(state.verdict) for pk, state in states_on(on, rows).items()}, dry


def _communes(unit_ids: set[int]) -> dict[int, tuple[int, str]]:
    """Return {unit: (place in the order of units, commune's name)}; a hamlet counts to its own."""
    units = AdminUnit.objects.filter(pk__in=unit_ids).select_related("parent")
    found = {}
    for unit in units.defer("geometry", "parent__geometry"):
        commune = unit.parent if unit.level == HAMLET and unit.parent else unit
        found[unit.pk] = (commune.tree_left, commune.full_name)
    return found
