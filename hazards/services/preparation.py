"""From what somebody gives about a hazard to a row that may be stored, or the reason it may not."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db.models import Field
from django.utils import timezone

from common.errors import DomainError
from common.sqlfile import run
from common.text import plain, tidy, wrong_encoding
from hazards.errors import (
    DepthError,
    FutureDateError,
    LegacyTextError,
    NoUnitsError,
    OutsideUnitsError,
    TooLongError,
    UnknownWordError,
)
from hazards.models import ResponsibleBody, WaterHazard
from hazards.services.shapes import read_shape
from hazards.taxonomy import (
    DepthClass,
    DepthMethod,
    HazardKind,
    Lifecycle,
    PositionMethod,
    class_of_depth,
)
from places.models import AdminUnit

SQL = Path(__file__).resolve().parent.parent / "sql" / "inventory.sql"
MAX_DEPTH_M = 300  # deeper than any reservoir of the country
_CODED = ("kind", "lifecycle", "depth_class", "depth_method", "position_method")
_TEXTS = ("name", "hamlet", "note", "source", "source_id")


@dataclass(frozen=True, kw_only=True)
class NewHazard:
    """What is known of a hazard that enters the register.

    ``geometry`` in EPSG:4326. ``unit`` is found from the position when not given. ``registered_on``
    is today when not given; a depth given here counts from that day. ``public_id`` may come from
    the phone that made the record.
    """

    kind: str
    geometry: GEOSGeometry
    name: str = ""
    lifecycle: str = Lifecycle.IN_USE
    handover_on: date | None = None
    unit: AdminUnit | None = None
    hamlet: str = ""
    position_method: str = PositionMethod.IMPORT
    position_accuracy_m: float | None = None
    max_depth_m: Decimal | float | None = None
    depth_class: str = DepthClass.UNKNOWN
    depth_method: str = DepthMethod.UNKNOWN
    nearest_house_m: int | None = None
    nearest_school_m: int | None = None
    responsible_body: ResponsibleBody | None = None
    registered_on: date | None = None
    source: str = ""
    source_id: str = ""
    source_facts: dict[str, Any] = field(default_factory=dict)
    is_synthetic: bool = False
    note: str = ""
    public_id: uuid.UUID | None = None


def prepare_hazards(hazards: Sequence[NewHazard]) -> list[WaterHazard | DomainError]:
    """Check each and return, in the same order, an unsaved row without code, or why it is refused.

    Units are looked up for all of them in one statement.
    """
    rows = [_attempt(new) for new in hazards]
    homeless: dict[int, WaterHazard] = {}
    for place, row in enumerate(rows):
        if isinstance(row, WaterHazard) and row.unit_id is None:
            homeless[place] = row
    units = unit_ids_of([row.location for row in homeless.values()])
    for (place, hazard), unit_id in zip(homeless.items(), units, strict=True):
        if unit_id is None:
            rows[place] = no_unit_error(hazard.location)
        else:
            hazard.unit_id = unit_id
    return rows


def unit_ids_of(points: Iterable[Point]) -> list[int | None]:
    """Return for each point (EPSG:4326) the id of the smallest current unit over it, or None."""
    pairs = [(point.x, point.y) for point in points]
    if not pairs:
        return []
    lons, lats = (list(column) for column in zip(*pairs, strict=True))
    return [row["unit_id"] for row in run(SQL, "units_of_points", lons=lons, lats=lats)]


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """Check given values and return the columns they fill, those made from them included.

    Takes the fields of NewHazard, all or some; raises a DomainError at the first that is wrong.
    """
    columns: dict[str, Any] = {
        name: _text(name, value) if name in _TEXTS else value for name, value in values.items()
    }
    for name in _CODED:
        if name in columns:
            _check_word(name, columns[name])
    if "name" in columns:
        columns["name_plain"] = plain(columns["name"])
    if columns.get("registered_on") and columns["registered_on"] > timezone.localdate():
        raise FutureDateError(day=columns["registered_on"])
    if columns.get("max_depth_m") is not None:
        columns["max_depth_m"] = read_depth_m(columns["max_depth_m"])
        columns["depth_class"] = class_of_depth(columns["max_depth_m"])
    if "geometry" in columns:
        shape = read_shape(columns["geometry"])
        columns |= vars(shape)
    return columns


def read_depth_m(value: Decimal | float | str) -> Decimal:
    """Return a depth in metres with centimetres; raises DepthError outside 0 to 300."""
    depth_m = Decimal(str(value))
    if not depth_m.is_finite() or not 0 <= depth_m <= MAX_DEPTH_M:
        raise DepthError(depth_m=value, limit_m=MAX_DEPTH_M)
    return depth_m.quantize(Decimal("0.01"))


def _attempt(new: NewHazard) -> WaterHazard | DomainError:
    values = dict(vars(new))
    for name in ("public_id", "registered_on"):  # the model's own defaults
        if values[name] is None:
            del values[name]
    try:
        return WaterHazard(**columns_of(values))
    except DomainError as error:
        return error


def _column(name: str) -> Field:
    return next(column for column in WaterHazard._meta.fields if column.name == name)


def _text(name: str, value: str) -> str:
    encoding = wrong_encoding(value)
    value = tidy(value)
    column = _column(name)
    if encoding:
        raise LegacyTextError(field=column.verbose_name, value=value, encoding=encoding)
    if column.max_length and len(value) > column.max_length:
        raise TooLongError(field=column.verbose_name, length=len(value), limit=column.max_length)
    return value


_WORDS: dict[str, tuple[str, ...]] = {
    "kind": tuple(HazardKind.values),
    "lifecycle": tuple(Lifecycle.values),
    "depth_class": tuple(DepthClass.values),
    "depth_method": tuple(DepthMethod.values),
    "position_method": tuple(PositionMethod.values),
}


def _check_word(name: str, value: str) -> None:
    words = _WORDS[name]
    if value not in words:
        raise UnknownWordError(
            field=_column(name).verbose_name,
            value=value,
            allowed=", ".join(words),
        )


def no_unit_error(point: Point) -> DomainError:
    near = run(SQL, "nearest_unit", lon=point.x, lat=point.y)
    if not near:
        return NoUnitsError()
    return OutsideUnitsError(
        lon=point.x,
        lat=point.y,
        nearest=near[0]["full_name"],
        distance_km=near[0]["distance_m"] / 1000,
    )
