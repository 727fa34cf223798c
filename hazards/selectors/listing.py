"""The one list behind the pages, their maps, every export and the command: always the same rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.roles import Action
from hazards.models import HazardPhoto, WaterHazard
from hazards.selectors import counted
from hazards.selectors.filters import HazardFilter
from hazards.selectors.first_keys import first_keys, way_to_find
from hazards.selectors.invented import has_invented_observations
from hazards.selectors.kept_counts import (
    NOT_KEPT,
    any_without_verdict,
    is_covered,
    kept_counts,
    size_of,
)
from hazards.selectors.on_day import states_on
from hazards.selectors.order import DEFAULT_SORT, ORDERS, Order, sections, sort_by_state
from hazards.selectors.pages import Cursor, RowsPage
from hazards.selectors.reach import reaches_everything
from hazards.selectors.reader import Reader, reader_for
from hazards.selectors.register import registered, with_position
from hazards.selectors.rows import HazardRow
from hazards.selectors.shapes import with_shape
from hazards.selectors.state import HazardState, state_fits, state_of, stored_state_condition

CHUNK_ROWS = 1000  # rows in memory at once while a file is written

__all__ = ["HazardFilter", "HazardPoint", "HazardRows", "hazard_rows", "rows_for"]


@dataclass(frozen=True)
class HazardPoint:
    """A row as the small map needs it."""

    code: str
    name: str
    lon: float
    lat: float
    verdict: str


class HazardRows(ABC):
    """Rows that fit a filter, in its order: counted, read page by page, streamed."""

    def __init__(self, reader: Reader, wanted: HazardFilter) -> None:
        self.reader = reader
        self.filter = wanted
        self.printed_code = ""  # given by hazards.services.printed when the list leaves the house

    @abstractmethod
    def verdict_counts(self) -> dict[str, int]:
        """Return rows by verdict, with every part of the filter but the verdict itself."""

    @abstractmethod
    def stream(self, *, geometry: bool = False) -> Iterator[HazardRow]:
        """Yield every row; with ``geometry`` the shapes come along."""

    @abstractmethod
    def points(self) -> Iterator[HazardPoint]:
        """Yield every row's position."""

    def placed(self) -> QuerySet[WaterHazard] | None:
        """Return the rows with lon, lat and verdict; None where the database cannot tell them."""
        return None

    @abstractmethod
    def first(self, rows: int) -> list[HazardRow]:
        """Return the first rows."""

    @abstractmethod
    def page(self, size: int, cursor: Cursor | None = None) -> RowsPage:
        """Return up to ``size`` rows from a cursor, or the first."""

    @property
    def is_cut(self) -> bool:
        """Say that there are more rows than were counted for the page."""
        return False

    def exact_counts(self) -> dict[str, int]:
        """Return the counts by verdict, counted out however long it takes: for files and paper."""
        return self.verdict_counts()

    def count(self) -> int:
        counts = self.verdict_counts()
        chosen = self.filter.verdicts or counts
        return sum(counts.get(verdict, 0) for verdict in chosen)

    def _row(self, hazard: WaterHazard, state: HazardState) -> HazardRow:
        return HazardRow(hazard, state, self.filter.as_of, self.reader)


class StoredRows(HazardRows):
    """Today's rows, by the verdicts kept with the hazards."""

    def __init__(self, reader: Reader, wanted: HazardFilter) -> None:
        super().__init__(reader, wanted)
        self._counts: dict[str, int] | None = None
        self._is_cut = False
        self._few: list[int] | None = None  # the keys of all rows, where they were read to count

    @cached_property
    def _kept(self) -> dict[str, int]:
        return kept_counts(self.reader, self.filter)

    def verdict_counts(self) -> dict[str, int]:
        if self._counts is None:
            self._counts = self._count()
        return self._counts

    @property
    def is_cut(self) -> bool:
        self.verdict_counts()
        return self._is_cut

    def exact_counts(self) -> dict[str, int]:
        if self.is_cut:
            self._counts, self._is_cut = self._count_out(self._fitting()), False
        return self.verdict_counts()

    def has_old(self) -> bool:
        """Say whether a kept verdict is overtaken or not there: none of this may be told then."""
        known = registered(self.reader, self.filter)
        if known.filter(assessment__changes_on__lte=timezone.localdate()).exists():
            return True
        if is_covered(self.filter):
            return self._kept.get(NOT_KEPT, 0) > 0
        return any_without_verdict() and known.filter(assessment__isnull=True).exists()

    def _count(self) -> dict[str, int]:
        if is_covered(self.filter):
            return {verdict: n for verdict, n in self._kept.items() if verdict != NOT_KEPT}
        size = size_of(self.reader, self.filter)
        if size <= counted.LOOKED_THROUGH:
            return self._count_out(self._fitting())
        sooner = self._fitting(whole_words=True) if self.filter.text.strip() else None
        found = counted.count_some(self._fitting(), size, sooner)
        self._few, self._is_cut = found.keys, found.keys is None
        return found.by_verdict

    def _count_out(self, rows: QuerySet[WaterHazard]) -> dict[str, int]:
        grouped = rows.order_by().values_list("assessment__verdict")
        return {str(verdict): n for verdict, n in grouped.annotate(n=Count("pk"))}

    def _fitting(self, *, whole_words: bool = False) -> QuerySet[WaterHazard]:
        """Return the rows; each has a kept verdict, so the indexes on verdicts can serve."""
        known = registered(self.reader, self.filter, whole_words=whole_words)
        fitting = known.filter(stored_state_condition(self.filter))
        return fitting.filter(assessment__isnull=False).annotate(verdict=F("assessment__verdict"))

    def _chosen(self) -> QuerySet[WaterHazard]:
        self.verdict_counts()
        rows, verdicts = self._fitting(), self.filter.verdicts
        if self._few is not None:  # found already: no need to search again
            rows = WaterHazard.objects.filter(pk__among=self._few)
            rows = rows.annotate(verdict=F("assessment__verdict"))
        return rows.filter(assessment__verdict__in=verdicts) if verdicts else rows

    def _order(self) -> Order:
        return ORDERS.get(self.filter.sort, ORDERS[DEFAULT_SORT])

    def _keys(self, order: Order, size: int, after: tuple[Any, int] | None = None) -> list[int]:
        fitting = self.count()
        if not fitting and not self.is_cut:
            return []
        find = way_to_find(fitting, self._register_rows(), at_least=self.is_cut)
        return first_keys(self._chosen(), order, size, after, find)

    def _register_rows(self) -> int | None:
        """Return how many hazards stand in any order; None for a reader of some of them."""
        if not reaches_everything(self.reader, self.filter.unit):
            return None
        return size_of(self.reader, self.filter)

    def _rows(self, keys: list[int]) -> list[HazardRow]:
        """Read what a row shows for these alone."""
        found = for_rows(WaterHazard.objects.filter(pk__in=keys))
        hazards = {hazard.pk: hazard for hazard in found}
        return [self._made(hazards[pk]) for pk in keys if pk in hazards]

    def _made(self, hazard: WaterHazard) -> HazardRow:
        return self._row(hazard, state_of(getattr(hazard, "assessment", None)))

    def first(self, rows: int) -> list[HazardRow]:
        return self._rows(self._keys(self._order(), rows))

    def page(self, size: int, cursor: Cursor | None = None) -> RowsPage:
        order = self._order()
        at = self._place(order, cursor) if cursor else None
        if cursor is None or at is None:
            return self._page(self._keys(order, size + 1), size, 0)
        if not cursor.is_before:
            return self._page(self._keys(order, size + 1, at), size, cursor.skipped)
        keys = self._keys(order.reversed(), size, at)[::-1]
        if len(keys) < size:  # the beginning: the same page as without a cursor
            return self._page(self._keys(order, size + 1), size, 0)
        rows = self._rows(keys)
        skipped = max(cursor.skipped - size, 0)
        return RowsPage(rows, skipped, self.count(), self.is_cut, has_next=True)

    def _page(self, keys: list[int], size: int, skipped: int) -> RowsPage:
        rows = self._rows(keys[:size])
        return RowsPage(rows, skipped, self.count(), self.is_cut, has_next=len(keys) > size)

    def _place(self, order: Order, cursor: Cursor) -> tuple[Any, int] | None:
        """Return (value, key) of the cursor's row, None where the reader may not see one."""
        seen = WaterHazard.objects.in_scope(self.reader.area).filter(code=cursor.code)
        return seen.values_list(order.path, "pk").first()

    def _parts(self) -> Iterator[QuerySet[WaterHazard]]:
        chosen = self._chosen()
        return (section.of(chosen) for section in sections(self._order()))

    def stream(self, *, geometry: bool = False) -> Iterator[HazardRow]:
        for part in self._parts():
            for hazard in for_rows(part, geometry=geometry).iterator(CHUNK_ROWS):
                yield self._made(hazard)

    def placed(self) -> QuerySet[WaterHazard]:
        return with_position(self._chosen())

    def points(self) -> Iterator[HazardPoint]:
        columns = ("code", "name", "lon", "lat", "verdict")
        for part in self._parts():
            for values in with_position(part).values_list(*columns):
                yield HazardPoint(*values)


class DayRows(HazardRows):
    """Rows with the verdicts of any day, worked out from the evidence up to then."""

    def __init__(self, reader: Reader, wanted: HazardFilter) -> None:
        super().__init__(reader, wanted)
        known = registered(reader, wanted)
        states = states_on(wanted.as_of, known)
        order = ORDERS.get(wanted.sort, ORDERS[DEFAULT_SORT])
        in_order = [
            pk
            for section in sections(order)
            for pk in section.of(known).values_list("pk", flat=True)
        ]
        fitting = [(pk, states[pk]) for pk in in_order if state_fits(states[pk], wanted)]
        self._counts = dict(Counter(state.verdict for _, state in fitting))
        if wanted.verdicts:
            fitting = [item for item in fitting if item[1].verdict in wanted.verdicts]
        self._found = sort_by_state(fitting, wanted.sort)

    def verdict_counts(self) -> dict[str, int]:
        return self._counts

    def fetch(self, part: slice, *, geometry: bool = False) -> list[HazardRow]:
        found = dict(self._found[part])
        rows = for_rows(WaterHazard.objects.filter(pk__in=found), geometry=geometry)
        hazards = {hazard.pk: hazard for hazard in rows}
        return [self._row(hazards[pk], state) for pk, state in found.items()]

    def first(self, rows: int) -> list[HazardRow]:
        return self.fetch(slice(0, rows))

    def page(self, size: int, cursor: Cursor | None = None) -> RowsPage:
        start = self._start(size, cursor) if cursor else 0
        rows = self.fetch(slice(start, start + size))
        has_next = start + size < len(self._found)
        return RowsPage(rows, start, self.count(), is_cut=False, has_next=has_next)

    def _start(self, size: int, cursor: Cursor) -> int:
        seen = WaterHazard.objects.in_scope(self.reader.area).filter(code=cursor.code)
        key = seen.values_list("pk", flat=True).first()
        place = next((n for n, (pk, _) in enumerate(self._found) if pk == key), None)
        if place is None:
            return 0
        return max(place - size, 0) if cursor.is_before else place + 1

    def stream(self, *, geometry: bool = False) -> Iterator[HazardRow]:
        for start in range(0, len(self._found), CHUNK_ROWS):
            yield from self.fetch(slice(start, start + CHUNK_ROWS), geometry=geometry)

    def points(self) -> Iterator[HazardPoint]:
        rows = with_position(WaterHazard.objects.filter(pk__in=[pk for pk, _ in self._found]))
        placed = {row.pk: row for row in rows.only("pk", "code", "name")}
        for pk, state in self._found:
            row: Any = placed[pk]
            yield HazardPoint(row.code, row.name, row.lon, row.lat, state.verdict)


def hazard_rows(user: Any, wanted: HazardFilter, action: Action = Action.VIEW) -> HazardRows:
    """Return the rows that fit the filter where ``user`` may do ``action``."""
    return rows_for(reader_for(user, action), wanted)


def rows_for(reader: Reader, wanted: HazardFilter) -> HazardRows:
    """Return the rows that fit the filter; kept verdicts serve only while none of them is old."""
    if wanted.known_at is None and wanted.as_of == timezone.localdate():
        stored = StoredRows(reader, wanted)
        if not stored.has_old():
            return stored
    if wanted.known_at is not None or wanted.as_of < timezone.localdate():
        from hazards.selectors.past import PastRows  # it is made of the rows above

        return PastRows(reader, wanted)
    return DayRows(reader, wanted)


def for_rows(rows: QuerySet[WaterHazard], *, geometry: bool = False) -> QuerySet[WaterHazard]:
    """Bring along what a row shows, and no outline of a unit."""
    unneeded = [
        "unit__geometry",
        "unit__parent__geometry",
        "source_facts",
        "note",
        "geometry",
        "words",
    ]
    per_hazard = HazardPhoto.objects.filter(hazard=OuterRef("pk")).order_by().values("hazard")
    photos_n = Subquery(per_hazard.annotate(n=Count("pk")).values("n"))
    rows = with_position(rows).annotate(
        photos_n=Coalesce(photos_n, 0), has_invented_sight=has_invented_observations()
    )
    if geometry:
        rows = with_shape(rows)
    return rows.select_related("unit__parent", "assessment", "responsible_body").defer(*unneeded)
