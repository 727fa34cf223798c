"""Store many hazards known by a point alone: lines for COPY, without a model for each."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import orjson
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from accounts.audit import record
from accounts.models import User
from common.codes import make_code
from common.sqlfile import run
from common.text import plain
from hazards.errors import OutsideVietnamError, UnknownWordError
from hazards.models import WaterHazard
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

# Columns of hazards_waterhazard in the order of a line; the rest stay NULL.
COLUMNS = (
    "id", "code", "public_id", "name", "name_plain", "kind", "lifecycle", "unit_id", "geometry",
    "location", "max_depth_m", "depth_class", "depth_method", "responsible_body_id", "source_id",
    "source_facts", "source", "is_synthetic", "position_method", "registered_on", "created_at",
    "updated_at", "hamlet", "note",
)  # fmt: skip
_EWKB_POINT = "0101000020e6100000"  # little endian, a point with an SRID, 4326
_NULL = "\\N"


class NewPoint(NamedTuple):
    """A hazard as an import found it, checked: degrees of EPSG:4326, metres, tidy texts."""

    lon: float
    lat: float
    kind: str
    lifecycle: str
    name: str
    unit_id: int
    max_depth_m: Decimal | None
    body_id: int | None
    source_id: str
    source_facts: dict[str, Any]


@transaction.atomic
def register_points(
    points: Sequence[NewPoint], *, source: str, is_synthetic: bool, actor: User | None
) -> tuple[int, int]:
    """Store hazards and return the first and last key given to them; verdicts are the caller's.

    Raises a DomainError at the first position outside the country or unknown word.
    """
    _check(points)
    numbers = [row["number"] for row in run(SQL, "code_numbers", count=len(points))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [WaterHazard._meta.db_table, len(points)],
        )
        keys = [key for (key,) in cursor.fetchall()]
        columns = ", ".join(COLUMNS)
        with cursor.cursor.copy(f"COPY hazards_waterhazard ({columns}) FROM STDIN") as copy:
            for part in _lines(points, keys, numbers, source, is_synthetic):
                copy.write(part)
    follow_column([k for k, point in zip(keys, points, strict=True) if point.body_id])
    record(
        actor=actor,
        verb="register_hazards",
        target_kind="hazards",
        target_id=uuid.uuid4(),
        count=len(points),
        codes=[make_code(numbers[0]), make_code(numbers[-1])],
        batch=source,
    )
    return keys[0], keys[-1]


def _check(points: Sequence[NewPoint]) -> None:
    lons = np.array([point.lon for point in points])
    lats = np.array([point.lat for point in points])
    west, south, east, north = VIETNAM
    inside = (lons >= west) & (lons <= east) & (lats >= south) & (lats <= north)
    if not inside.all():
        bad = int(np.flatnonzero(~inside)[0])
        raise OutsideVietnamError(lon=points[bad].lon, lat=points[bad].lat)
    for field, words in (("kind", HazardKind), ("lifecycle", Lifecycle)):
        unknown = {getattr(point, field) for point in points} - set(words.values)
        if unknown:
            raise UnknownWordError(field=field, value=min(unknown), allowed=", ".join(words.values))


def _lines(
    points: Sequence[NewPoint],
    keys: Sequence[int],
    numbers: Sequence[int],
    source: str,
    is_synthetic: bool,
) -> Iterator[str]:
    """Yield the lines of COPY, some hundred together."""
    now, today = timezone.now().isoformat(), timezone.localdate().isoformat()
    end = "\t".join((
        _escaped(source), "t" if is_synthetic else "f", PositionMethod.IMPORT.value, today, now,
        now, "", "",
    ))  # fmt: skip
    degrees = np.array([(point.lon, point.lat) for point in points], dtype="<f8")
    places, ids = _hex(degrees.view(np.uint8)), _hex(_random_ids(len(points)))
    depths = {depth: _depth_cells(depth) for depth in {point.max_depth_m for point in points}}
    part: list[str] = []
    for point, key, number, place, public_id in zip(
        points, keys, numbers, places, ids, strict=True
    ):
        at = _EWKB_POINT + place
        part.append("\t".join((
            str(key), make_code(number), public_id, _escaped(point.name),
            _escaped(plain(point.name)), point.kind, point.lifecycle, str(point.unit_id), at, at,
            depths[point.max_depth_m], _NULL if point.body_id is None else str(point.body_id),
            _escaped(point.source_id), _escaped(orjson.dumps(point.source_facts).decode()), end,
        )))  # fmt: skip
        if len(part) == 500:
            yield "\n".join(part) + "\n"
            part = []
    if part:
        yield "\n".join(part) + "\n"


def _hex(rows: NDArray[np.uint8]) -> list[str]:
    """Return 16 bytes a row as 32 hexadecimal digits each."""
    digits = rows.tobytes().hex()
    return [digits[start : start + 32] for start in range(0, len(digits), 32)]


def _random_ids(count: int) -> NDArray[np.uint8]:
    """Return random ids (UUID, version 4), 16 bytes a row."""
    rows = np.frombuffer(os.urandom(16 * count), dtype=np.uint8).reshape(count, 16).copy()
    rows[:, 6] = rows[:, 6] & 0x0F | 0x40  # the version
    rows[:, 8] = rows[:, 8] & 0x3F | 0x80  # the variant
    return rows


def _depth_cells(depth: Decimal | None) -> str:
    """Return the three columns of a depth in metres: itself, its class, how it is known."""
    if depth is None:
        return "\t".join((_NULL, DepthClass.UNKNOWN.value, DepthMethod.UNKNOWN.value))
    depth_m = read_depth_m(depth)
    return "\t".join((str(depth_m), class_of_depth(depth_m).value, DepthMethod.DOCUMENT.value))


def _escaped(text: str) -> str:
    """Return a text as COPY reads it; tidy texts hold no tabs and no ends of lines."""
    return text.replace("\\", "\\\\") if "\\" in text else text
