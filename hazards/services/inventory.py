"""Bring hazards into the register and change what is written of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.scoping import AreaScope
from common.codes import make_code
from common.errors import DomainError
from common.sqlfile import run
from hazards.errors import FixedFieldError, OutsideAreaError, SourceIdTakenError
from hazards.models import WaterHazard
from hazards.services.assessment import reassess
from hazards.services.copying import insert_hazards
from hazards.services.preparation import (
    SQL,
    NewHazard,
    columns_of,
    no_unit_error,
    prepare_hazards,
    unit_ids_of,
)
from hazards.services.responsibility import end_contractor, follow_column
from hazards.services.shape_forms import set_worse_aside
from hazards.services.shapes import position_of, read_shape
from hazards.services.touching import find_units_touched
from places.models import AdminUnit

__all__ = [
    "CHANGEABLE",
    "HazardChange",
    "NewHazard",
    "prepare_hazards",
    "register_hazard",
    "register_hazards",
    "update_hazard",
    "update_hazards",
]

BATCH_ROWS = 2000  # rows of one INSERT or UPDATE
CHANGEABLE = frozenset(
    {
        "name", "kind", "lifecycle", "handover_on", "unit", "hamlet", "geometry",
        "position_method", "position_accuracy_m", "max_depth_m", "depth_class", "depth_method",
        "nearest_house_m", "nearest_school_m", "water_months", "responsible_body",
        "source_facts", "note",
    }
)  # fmt: skip
# Columns that follow from those, stored with them.
_DERIVED = ("name_plain", "location", "area_m2", "perimeter_m", "length_m", "updated_at")
AUDITED_CHANGES = 1000  # hazards of one batch whose values before and after are kept


@dataclass(frozen=True)
class HazardChange:
    """New values for some fields of CHANGEABLE of one hazard; a field left out stays as it is.

    A shape that tells less than the one in use (a point, where an outline is) is kept beside it,
    unless ``is_best_form`` says that no better one stands any more.
    """

    hazard: WaterHazard
    values: Mapping[str, Any]
    is_best_form: bool = False


def register_hazard(*, new: NewHazard, actor: User | None) -> WaterHazard:
    """Store one hazard and its first verdict; raises a DomainError when it is refused."""
    return register_hazards(hazards=[new], actor=actor)[0]


@transaction.atomic
def register_hazards(
    *,
    hazards: Sequence[NewHazard | WaterHazard],
    actor: User | None,
    batch: str = "",
) -> list[WaterHazard]:
    """Store hazards in the order given, with codes and first verdicts: all of them or none.

    Takes NewHazard, or the unsaved rows of ``prepare_hazards`` for who wants to report refusals
    first; raises the first refusal. ``batch`` names the import in the audit trail.
    """
    rows = _ready(hazards)
    if not rows:
        return []
    _refuse_taken_source_ids(rows)
    numbers = run(SQL, "code_numbers", count=len(rows))
    for row, number in zip(rows, numbers, strict=True):
        row.code = make_code(number["number"])
    insert_hazards(rows, batch_rows=BATCH_ROWS)
    follow_column([row.pk for row in rows if row.responsible_body_id])
    _audit("register_hazards", rows, actor=actor, batch=batch)
    find_units_touched([row.pk for row in rows if row.geometry.geom_type != "Point"])
    reassess([row.pk for row in rows])
    return rows


def update_hazard(
    *, hazard: WaterHazard, actor: User | None, reason: str = "", **values: Any
) -> WaterHazard:
    """Change some fields of one hazard; the object given shows the new values afterwards."""
    update_hazards(changes=[HazardChange(hazard, values)], actor=actor, reason=reason)
    return hazard


@transaction.atomic
def update_hazards(
    *,
    changes: Iterable[HazardChange],
    actor: User | None,
    reason: str = "",
    batch: str = "",
) -> int:
    """Change hazards and their verdicts; returns how many were really different.

    All or none: the first refusal is raised. A new shape moves the hazard to the unit it lies in
    unless a unit is given too.
    """
    changed: list[WaterHazard] = []
    before_after: dict[str, Any] = {}
    for change in changes:
        columns = _new_columns(change)
        different = _differences(change.hazard, columns)
        if not different:
            continue
        before_after[change.hazard.code] = different
        for name, value in columns.items():
            setattr(change.hazard, name, value)
        change.hazard.updated_at = timezone.now()  # bulk_update leaves auto_now alone
        changed.append(change.hazard)
    if not changed:
        return 0
    WaterHazard.objects.bulk_update(changed, [*CHANGEABLE, *_DERIVED], batch_size=BATCH_ROWS)
    follow_column([row.pk for row in changed if "responsible_body" in before_after[row.code]])
    kept = dict(list(before_after.items())[:AUDITED_CHANGES])
    _audit("update_hazards", changed, actor=actor, batch=batch, reason=reason, changes=kept)
    _hand_over(changed, before_after, actor)
    find_units_touched([row.pk for row in changed if "geometry" in before_after[row.code]])
    reassess([hazard.pk for hazard in changed])
    return len(changed)


def _hand_over(
    changed: list[WaterHazard], before_after: Mapping[str, Any], actor: User | None
) -> None:
    """End what contractors answer for where a day of handover was written down."""
    for hazard in changed:
        if hazard.handover_on and "handover_on" in before_after[hazard.code]:
            end_contractor(hazard=hazard, handover_on=hazard.handover_on, actor=actor)


def _ready(hazards: Sequence[NewHazard | WaterHazard]) -> list[WaterHazard]:
    fresh = iter(prepare_hazards([item for item in hazards if isinstance(item, NewHazard)]))
    rows: list[WaterHazard] = []
    for item in hazards:
        row = next(fresh) if isinstance(item, NewHazard) else item
        if isinstance(row, DomainError):
            raise row
        rows.append(row)
    return rows


def _refuse_taken_source_ids(rows: list[WaterHazard]) -> None:
    """Say which source id is there already; the constraint of the table alone would not."""
    seen: set[tuple[str, str]] = set()
    for source in {row.source for row in rows if row.source_id}:
        ids = [row.source_id for row in rows if row.source == source and row.source_id]
        stored = WaterHazard.objects.filter(source=source, source_id__in=ids)
        seen.update((source, source_id) for source_id in stored.values_list("source_id", flat=True))
    for row in rows:
        key = (row.source, row.source_id)
        if row.source_id and key in seen:
            raise SourceIdTakenError(source=row.source, source_id=row.source_id)
        seen.add(key)


def _new_columns(change: HazardChange) -> dict[str, Any]:
    for name in change.values:
        if name not in CHANGEABLE:
            raise FixedFieldError(field=name)
    values = dict(change.values)
    if not change.is_best_form:
        values = set_worse_aside(change.hazard, values)
    columns = columns_of(values)
    if "geometry" in columns and "unit" not in columns:
        columns["unit_id"] = _unit_at(columns["location"])
    return columns


def check_in_area(geometry: GEOSGeometry, scope: AreaScope) -> None:
    """Refuse a shape (EPSG:4326) whose position lies in a unit that ``scope`` does not cover."""
    unit = AdminUnit.objects.only("full_name", "tree_left").get(
        pk=_unit_at(position_of(read_shape(geometry).geometry))
    )
    if not scope.covers(unit.tree_left):
        raise OutsideAreaError(unit=unit.full_name)


def _unit_at(location: Point) -> int:
    unit_id = unit_ids_of([location])[0]
    if unit_id is None:
        raise no_unit_error(location)
    return unit_id


def _differences(hazard: WaterHazard, columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return {column: [before, after]} of what is different, in a form that JSON can hold."""
    found = {}
    for name, value in columns.items():
        old = getattr(hazard, name)
        if _same(old, value):
            continue
        found[name] = [_plainly(old), _plainly(value)]
    return found


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, GEOSGeometry) and isinstance(new, GEOSGeometry):
        return bool(old.equals_exact(new))
    return bool(old == new)


def _plainly(value: Any) -> Any:
    if isinstance(value, GEOSGeometry):
        return value.wkt if value.num_coords <= 50 else f"{value.geom_type}, {value.num_coords}"
    return value if isinstance(value, (int, float, bool, type(None), dict)) else str(value)


def _audit(verb: str, rows: list[WaterHazard], *, actor: User | None, **facts: Any) -> None:
    """One entry for a batch; for a single hazard the entry names it."""
    single = len(rows) == 1
    record(
        actor=actor,
        verb=verb,
        target_kind="hazard" if single else "hazards",
        target_id=rows[0].public_id if single else uuid.uuid4(),
        count=len(rows),
        codes=[rows[0].code, rows[-1].code],
        **{name: value for name, value in facts.items() if value},
    )
