"""The one list behind the pages, their maps, every export and the command: always the same rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.roles import Action
from hazards.models import HazardPhoto, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.invented import has_invented_observations
from hazards.selectors.on_day import states_on
from hazards.selectors.order import sort_by_state, sorted_rows
from hazards.selectors.reader import Reader, reader_for
from hazards.selectors.register import registered, with_position
from hazards.selectors.rows import HazardRow
from hazards.selectors.shapes import with_shape
from hazards.selectors.state import HazardState, state_fits, state_of, stored_state_condition
from hazards.taxonomy import Verdict

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
    """Rows that fit a filter, in its order: counted, sliced (so a Paginator takes it), streamed."""

    def __init__(self, reader: Reader, wanted: HazardFilter) -> None:
        self.reader = reader
        self.filter = wanted

    @abstractmethod
    def verdict_counts(self) -> dict[str, int]:
        """Return rows by verdict, with every part of the filter but the verdict itself."""

    @abstractmethod
    def stream(self, *, geometry: bool = False) -> Iterator[HazardRow]:
        """Yield every row; with ``geometry`` the shapes come along."""

    @abstractmethod
    def points(self) -> Iterator[HazardPoint]:
        """Yield every row's position."""

    @abstractmethod
    def __getitem__(self, part: slice) -> list[HazardRow]: ...

    def count(self) -> int:
        counts = self.verdict_counts()
        chosen = self.filter.verdicts or counts
        return sum(counts.get(verdict, 0) for verdict in chosen)

    def __len__(self) -> int:
        return self.count()

    def _row(self, hazard: WaterHazard, state: HazardState) -> HazardRow:
        return HazardRow(hazard, state, self.filter.as_of, self.reader)


class StoredRows(HazardRows):
    """Today's rows, by the verdicts kept with the hazards."""

    def __init__(self, reader: Reader, wanted: HazardFilter) -> None:
        super().__init__(reader, wanted)
        self._counts: dict[str, int] | None = None
        self._old = 0

    def verdict_counts(self) -> dict[str, int]:
        if self._counts is None:
            self._count()
        return self._counts or {}

    def has_old(self) -> bool:
        """Say whether a kept verdict is overtaken or not there, so that none of this may be told.

        Where every registered hazard is counted anyway, the count tells it along the way.
        """
        if stored_state_condition(self.filter):
            return registered(self.reader, self.filter).filter(_is_old()).exists()
        self.verdict_counts()
        return self._old > 0

    def _count(self) -> None:
        """Count by verdict and how many are old, in one pass over the rows."""
        shown = Coalesce("assessment__verdict", Value(Verdict.NOT_SURVEYED.value))
        fitting = registered(self.reader, self.filter).filter(stored_state_condition(self.filter))
        grouped = fitting.annotate(verdict=shown).order_by().values_list("verdict")
        found = list(grouped.annotate(n=Count("pk"), old=Count("pk", filter=_is_old())))
        self._counts = {verdict: n for verdict, n, _ in found}
        self._old = sum(old for *_, old in found)

    def _ordered(self) -> QuerySet[WaterHazard]:
        """Return the rows in order; each has a kept verdict, so the indexes on verdicts can serve.

        A join that also took hazards without one would have to read and sort them all.
        """
        fitting = registered(self.reader, self.filter).filter(stored_state_condition(self.filter))
        rows = fitting.filter(assessment__isnull=False).annotate(verdict=F("assessment__verdict"))
        if self.filter.verdicts:
            rows = rows.filter(verdict__in=self.filter.verdicts)
        return sorted_rows(rows, self.filter.sort)

    def _made(self, hazard: WaterHazard) -> HazardRow:
        return self._row(hazard, state_of(getattr(hazard, "assessment", None)))

    def __getitem__(self, part: slice) -> list[HazardRow]:
        """Read the keys of the page first: what a row shows is then worked out for these alone."""
        keys = list(self._ordered().values_list("pk", flat=True)[part])
        found = for_rows(WaterHazard.objects.filter(pk__in=keys))
        hazards = {hazard.pk: hazard for hazard in found}
        return [self._made(hazards[pk]) for pk in keys if pk in hazards]

    def stream(self, *, geometry: bool = False) -> Iterator[HazardRow]:
        for hazard in for_rows(self._ordered(), geometry=geometry).iterator(CHUNK_ROWS):
            yield self._made(hazard)

    def points(self) -> Iterator[HazardPoint]:
        columns = ("code", "name", "lon", "lat", "verdict")
        for values in with_position(self._ordered()).values_list(*columns):
            yield HazardPoint(*values)


class DayRows(HazardRows):
    """Rows with the verdicts of any day, worked out from the evidence up to then."""

    def __init__(self, reader: Reader, wanted: HazardFilter) -> None:
        super().__init__(reader, wanted)
        known = registered(reader, wanted)
        states = states_on(wanted.as_of, known)
        in_order = sorted_rows(known, wanted.sort).values_list("pk", flat=True)
        fitting = [(pk, states[pk]) for pk in in_order if state_fits(states[pk], wanted)]
        self._counts = dict(Counter(state.verdict for _, state in fitting))
        if wanted.verdicts:
            fitting = [item for item in fitting if item[1].verdict in wanted.verdicts]
        self._found = sort_by_state(fitting, wanted.sort)

    def verdict_counts(self) -> dict[str, int]:
        return self._counts

    def _fetch(self, part: slice, *, geometry: bool = False) -> list[HazardRow]:
        found = dict(self._found[part])
        rows = for_rows(WaterHazard.objects.filter(pk__in=found), geometry=geometry)
        hazards = {hazard.pk: hazard for hazard in rows}
        return [self._row(hazards[pk], state) for pk, state in found.items()]

    def __getitem__(self, part: slice) -> list[HazardRow]:
        return self._fetch(part)

    def stream(self, *, geometry: bool = False) -> Iterator[HazardRow]:
        for start in range(0, len(self._found), CHUNK_ROWS):
            yield from self._fetch(slice(start, start + CHUNK_ROWS), geometry=geometry)

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
    if wanted.as_of == timezone.localdate():
        stored = StoredRows(reader, wanted)
        if not stored.has_old():
            return stored
    return DayRows(reader, wanted)


def _is_old() -> Q:
    """Match hazards whose kept verdict time has overtaken today, or that have none."""
    return Q(assessment__changes_on__lte=timezone.localdate()) | Q(assessment__isnull=True)


def for_rows(rows: QuerySet[WaterHazard], *, geometry: bool = False) -> QuerySet[WaterHazard]:
    """Bring along what a row shows, and no outline of a unit."""
    unneeded = ["unit__geometry", "unit__parent__geometry", "source_facts", "note", "geometry"]
    per_hazard = HazardPhoto.objects.filter(hazard=OuterRef("pk")).order_by().values("hazard")
    photos_n = Subquery(per_hazard.annotate(n=Count("pk")).values("n"))
    rows = with_position(rows).annotate(
        photos_n=Coalesce(photos_n, 0), has_invented_sight=has_invented_observations()
    )
    if geometry:
        rows = with_shape(rows)
    return rows.select_related("unit__parent", "assessment", "responsible_body").defer(*unneeded)
