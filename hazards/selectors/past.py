"""A list of a day gone by: names, kinds, states, bodies and shapes as they were then too.

Units are those that the reader knows: boundaries that changed since do not take yesterday's waters
out of his area. A list made again stands under the units of when it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.utils import timezone

from hazards.models import ResponsibleBody, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import CHUNK_ROWS, DayRows, HazardPoint, HazardRows
from hazards.selectors.pages import Cursor, RowsPage
from hazards.selectors.reader import Reader
from hazards.selectors.rows import HazardRow
from hazards.services.placing import SWITCH_VERB
from history.asof import Layer, laid_over
from history.tracking import tracked

T = TypeVar("T")
# What a day's list takes from the past whatever is known since; evidence has days of its own.
FACTS = (WaterHazard._meta.db_table, ResponsibleBody._meta.db_table)
UNITS_AS_KNOWN = {WaterHazard._meta.db_table: ("unit_id",)}


@contextmanager
def past_of(wanted: HazardFilter) -> Iterator[None]:
    """Open the past that a filter asks for.

    With ``known_at`` only what the register knew at that moment counts, so that a figure once made
    can be made again. A hazard is as it was written at the end of the day; its verdict counts all
    evidence of days up to then, also what was written down later.
    """
    known = wanted.known_at or timezone.now()
    end = timezone.make_aware(datetime.combine(wanted.as_of + timedelta(days=1), time.min))
    facts = Layer(
        min(end, known),
        frozenset(FACTS),
        added_until=known,
        columns_as_known=UNITS_AS_KNOWN,
        verb_as_known=SWITCH_VERB,
    )
    layers = [facts]
    if wanted.known_at:
        layers.append(Layer(known, frozenset(set(tracked()) - set(FACTS))))
    with laid_over(*layers):
        yield


@contextmanager
def past_day(day: date) -> Iterator[None]:
    """Open the past of a day gone by; today and later nothing is laid over."""
    if day >= timezone.localdate():
        yield
        return
    with past_of(HazardFilter(as_of=day)):
        yield


class PastRows(HazardRows):
    """Rows of a day gone by. Each call opens the past anew, so nothing else ever reads it."""

    def __init__(self, reader: Reader, wanted: HazardFilter) -> None:
        super().__init__(reader, wanted)
        self._day: DayRows | None = None

    def _then(self, ask: Callable[[DayRows], T]) -> T:
        with past_of(self.filter):
            if self._day is None:
                self._day = DayRows(self.reader, self.filter)
            return ask(self._day)

    def verdict_counts(self) -> dict[str, int]:
        return self._day.verdict_counts() if self._day else self._then(DayRows.verdict_counts)

    def first(self, rows: int) -> list[HazardRow]:
        return self._then(lambda day: day.first(rows))

    def page(self, size: int, cursor: Cursor | None = None) -> RowsPage:
        return self._then(lambda day: day.page(size, cursor))

    def stream(self, *, geometry: bool = False) -> Iterator[HazardRow]:
        for start in range(0, self.count(), CHUNK_ROWS):
            part = slice(start, start + CHUNK_ROWS)
            yield from self._then(lambda day, part=part: day.fetch(part, geometry=geometry))  # type: ignore[misc]

    def points(self) -> Iterator[HazardPoint]:
        yield from self._then(lambda day: list(day.points()))
