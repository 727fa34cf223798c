"""Store many hazards known by a point alone: lines for COPY, without a model for each."""

from __future__ import annotations

import os
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from decimal import Decimal
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import orjson
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray
from psycopg import sql

from accounts.audit import record
from accounts.models import User
from common.bulkload import indexes_built_after, lock_alone
from common.codes import make_code
from common.sqlfile import run_bare
from common.text import plain_column
from hazards.errors import OutsideVietnamError, UnknownWordError
from hazards.models import HazardAssessment, WaterHazard
from hazards.services.counts import (
    Likeness,
    add_counts,
    counted_by_writer,
    verdicts_counted_together,
)
from hazards.services.preparation import SQL, read_depth_m
from hazards.services.responsibility import follow_column
from hazards.services.shapes import VIETNAM
from hazards.taxonomy import (
    DepthClass,
    DepthMethod,
    HazardKind,
    Lifecycle,
    PositionMethod,
    class_of_depth,
)
from history.noting import note_added, noted_already

# Columns of hazards_waterhazard in the order of a line: those given when it is written, those made
# ready before. Those alike for a whole import are said once, as defaults. The rest stay NULL.
_GIVEN = ("id", "code", "responsible_body_id")
_READY = (
    "name", "name_plain", "source_id", "source_facts", "public_id", "kind", "lifecycle", "unit_id",
    "geometry", "location", "max_depth_m", "depth_class", "depth_method",
)  # fmt: skip
_ALIKE = (
    "source", "is_synthetic", "position_method", "registered_on", "created_at", "updated_at",
    "hamlet", "note",
)  # fmt: skip
_LINE = sql.SQL(", ").join(map(sql.Identifier, (*_GIVEN, *_READY)))
_COLUMNS = sql.SQL(", ").join(map(sql.Identifier, (*_GIVEN, *_READY, *_ALIKE)))
# By key, so that what is to be noted is found without reading all that waits.
_MAKE_WAITING = """
CREATE TEMPORARY TABLE new_points (LIKE hazards_waterhazard, PRIMARY KEY (id)) ON COMMIT DROP
"""
_SET_DEFAULTS = sql.SQL("ALTER TABLE pg_temp.new_points {}")
_DEFAULT = sql.SQL("ALTER {} SET DEFAULT {}")
_COPY = sql.SQL("COPY pg_temp.new_points ({}) FROM STDIN")
_MOVE = sql.SQL("INSERT INTO hazards_waterhazard ({0}) SELECT {0} FROM pg_temp.new_points")
_TABLES = (WaterHazard._meta.db_table, HazardAssessment._meta.db_table)
MANY_POINTS = 100_000  # from here on shutting the register for a while costs less than it gains
FOLLOWED_AT_ONCE = 5_000
_EWKB_POINT = "0101000020e6100000"  # little endian, a point with an SRID, 4326
_NULL = "\\N"
LINES_AT_ONCE = 500


class NewPoint(NamedTuple):
    """A hazard as an import found it, checked: degrees of EPSG:4326, metres, tidy texts."""

    lon: float
    lat: float
    kind: str
    lifecycle: str
    name: str
    unit_id: int
    max_depth_m: Decimal | None
    source_id: str
    source_facts: dict[str, Any]


class PointLines(NamedTuple):
    """Points ready for COPY: what lists count each by, and its cells as text."""

    likenesses: Sequence[tuple[int, str, str]] = ()  # unit, kind, lifecycle
    cells: Sequence[str] = ()


def ready_lines(points: Sequence[NewPoint]) -> PointLines:
    """Return a line for each point; asks the database nothing, so another thread can do it.

    Raises a DomainError at the first position outside the country or unknown word.
    """
    if not points:
        return PointLines()
    lons, lats, kinds, lifecycles, names, unit_ids, depths, source_ids, facts = zip(
        *points, strict=True
    )
    degrees = np.array([lons, lats], dtype="<f8")
    _check(degrees, kinds, lifecycles)
    places = _hex(np.ascontiguousarray(degrees.T).view(np.uint8), _EWKB_POINT)
    depth_cells = {depth: _depth_cells(depth) for depth in set(depths)}
    columns = (
        _escaped(names),
        _escaped(plain_column(names)),
        _escaped(source_ids),
        _escaped([dumped.decode() for dumped in map(orjson.dumps, facts)]),
        _hex(_ids_in_time(len(points))),
        kinds,
        lifecycles,
        map(str, unit_ids),
        places,
        places,
        [depth_cells[depth] for depth in depths],
    )
    likenesses = list(zip(unit_ids, kinds, lifecycles, strict=True))
    return PointLines(likenesses, list(map("\t".join, zip(*columns, strict=True))))


class BulkPoints:
    """Stores the points of one import: part by part beside the register, then all into it.

    Call all of it inside one transaction. Very many are noted in the history while they wait, and
    find the indexes taken down, so that others wait for the register until the end.
    """

    def __init__(self, *, source: str, is_synthetic: bool, actor: User | None) -> None:
        self.source, self.is_synthetic, self.actor = source, is_synthetic, actor
        self._added: Counter[tuple[tuple[int, str, str], bool]] = Counter()
        self._named: list[int] = []  # keys of those with a body
        self._first_id = self._last_id = 0
        self._waiting = self._noted_to = 0
        self._is_alone = False

    @transaction.atomic
    def write(self, lines: PointLines, body_ids: Sequence[int | None]) -> None:
        """Put points, one or more, with who answers for each, beside the register."""
        count = len(lines.cells)
        drawn = run_bare(SQL, "keys_and_numbers", count=count)
        with ThreadPoolExecutor(1) as beside, connection.cursor() as cursor:
            text = beside.submit(_text, drawn, lines.cells, body_ids)
            if not self._waiting:
                self._make_waiting(cursor)
            if self._waiting >= MANY_POINTS:
                self._note()  # the database is busy with those of before while the text is made
            with cursor.cursor.copy(_COPY.format(_LINE)) as copy:
                for part in text.result():
                    copy.write(part)
        has_body = [body is not None for body in body_ids]
        self._added.update(zip(lines.likenesses, has_body, strict=True))
        self._named += [key for key, _number in compress(drawn, has_body)]
        (first_id, first_number), (self._last_id, last_number) = drawn[0], drawn[-1]
        self._first_id = self._first_id or first_id
        self._waiting += count
        record(
            actor=self.actor,
            verb="register_hazards",
            target_kind="hazards",
            target_id=uuid.uuid4(),
            count=count,
            codes=[make_code(first_number), make_code(last_number)],
            batch=self.source,
        )

    @contextmanager
    def settled(self) -> Iterator[tuple[int, int] | None]:
        """Move all into the register and count them; gives the first and last key, None for none.

        Work out their verdicts inside the block, in that of ``judging``: the indexes of verdicts
        may be down too.
        """
        if not self._waiting:
            yield None
            return
        ends = self._first_id, self._last_id
        if self._waiting >= MANY_POINTS:
            self._note()
        with self._room_for_many():
            with self._noted():
                self._move()
            yield ends
            add_counts(self._uncounted())

    @contextmanager
    def judging(self, first_id: int, last_id: int) -> Iterator[bool]:
        """Give the hazards from one key to another their verdicts inside, and no others.

        Yields whether nobody else can.
        """
        if self._is_alone:
            with verdicts_counted_together(first_id, last_id, self._uncounted()):
                yield True
        else:
            add_counts(self._uncounted())
            yield False

    @contextmanager
    def _room_for_many(self) -> Iterator[None]:
        """Take indexes down for very many; not where somebody reads the register for long."""
        many = self._waiting >= MANY_POINTS and 2 * self._waiting >= WaterHazard.objects.count()
        self._is_alone = many and lock_alone(_TABLES)
        if self._is_alone:
            with indexes_built_after(_TABLES):
                yield
        else:
            yield

    def _noted(self) -> AbstractContextManager[None]:
        if not self._noted_to:
            return nullcontext()
        return noted_already(WaterHazard, is_alone=self._is_alone)

    def _note(self) -> None:
        """Note in the history what waits and is not noted yet."""
        note_added(WaterHazard, "pg_temp.new_points", self._noted_to + 1, self._last_id)
        self._noted_to = self._last_id

    def _move(self) -> None:
        with counted_by_writer(is_alone=self._is_alone), connection.cursor() as cursor:
            cursor.execute(_MOVE.format(_COLUMNS))
            cursor.execute("DROP TABLE pg_temp.new_points")
        for start in range(0, len(self._named), FOLLOWED_AT_ONCE):
            follow_column(self._named[start : start + FOLLOWED_AT_ONCE])

    def _uncounted(self) -> dict[Likeness, int]:
        """Return what is not counted yet, as without a verdict; it is the caller's to count now."""
        uncounted = {
            Likeness(*alike, self.is_synthetic, has_body): count
            for (alike, has_body), count in self._added.items()
        }
        self._added.clear()
        return uncounted

    def _make_waiting(self, cursor: Any) -> None:
        """Make the table in which points wait; what is alike for all stands as its defaults."""
        cursor.execute(_MAKE_WAITING)
        now = timezone.now()
        alike = (
            self.source, self.is_synthetic, PositionMethod.IMPORT.value, timezone.localdate(),
            now, now, "", "",
        )  # fmt: skip
        defaults = [
            _DEFAULT.format(sql.Identifier(column), sql.Literal(value))
            for column, value in zip(_ALIKE, alike, strict=True)
        ]
        cursor.execute(_SET_DEFAULTS.format(sql.SQL(", ").join(defaults)))


def _text(
    drawn: Sequence[tuple[int, int]], cells: Sequence[str], bodies: Sequence[int | None]
) -> list[bytes]:
    """Return the text of COPY, some hundred lines together."""
    lines = [
        f"{key}\t{make_code(number)}\t{_NULL if body is None else body}\t{rest}\n"
        for (key, number), rest, body in zip(drawn, cells, bodies, strict=True)
    ]
    return [
        "".join(lines[start : start + LINES_AT_ONCE]).encode()
        for start in range(0, len(lines), LINES_AT_ONCE)
    ]


def _check(degrees: NDArray[np.float64], kinds: Sequence[str], lifecycles: Sequence[str]) -> None:
    """Check all: ``degrees`` are two rows, of longitudes and of latitudes."""
    west, south, east, north = VIETNAM
    inside = ((west, south) <= degrees.T) & ((east, north) >= degrees.T)
    if not inside.all():
        lon, lat = degrees[:, np.flatnonzero(~inside.all(axis=1))[0]]
        raise OutsideVietnamError(lon=float(lon), lat=float(lat))
    for field, used, words in (
        ("kind", kinds, HazardKind),
        ("lifecycle", lifecycles, Lifecycle),
    ):
        unknown = set(used) - set(words.values)
        if unknown:
            raise UnknownWordError(field=field, value=min(unknown), allowed=", ".join(words.values))


def _hex(rows: NDArray[np.uint8], head: str = "") -> list[str]:
    """Return 16 bytes a row as 32 hexadecimal digits each, behind a head."""
    digits = rows.tobytes().hex()
    return [head + digits[start : start + 32] for start in range(0, len(digits), 32)]


def _ids_in_time(count: int) -> NDArray[np.uint8]:
    """Return ids (UUID, version 7), 16 bytes a row: the moment, then chance.

    Ids of one moment lie together in their index; wholly random ones touch a page of it each.
    """
    rows = np.frombuffer(os.urandom(16 * count), dtype=np.uint8).reshape(count, 16).copy()
    moment_ms = time.time_ns() // 1_000_000
    rows[:, :6] = np.frombuffer(moment_ms.to_bytes(6, "big"), dtype=np.uint8)
    rows[:, 6] = rows[:, 6] & 0x0F | 0x70  # the version
    rows[:, 8] = rows[:, 8] & 0x3F | 0x80  # the variant
    return rows


def _depth_cells(depth: Decimal | None) -> str:
    """Return the three columns of a depth in metres: itself, its class, how it is known."""
    if depth is None:
        return "\t".join((_NULL, DepthClass.UNKNOWN.value, DepthMethod.UNKNOWN.value))
    depth_m = read_depth_m(depth)
    return "\t".join((str(depth_m), class_of_depth(depth_m).value, DepthMethod.DOCUMENT.value))


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    """Return texts as COPY reads them; tidy texts hold no tabs and no ends of lines."""
    if not any("\\" in text for text in texts):
        return texts
    return [text.replace("\\", "\\\\") for text in texts]
