"""Write what a load found different: new units, changed units, and the set they belong to."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from common.text import plain
from geomath.distance import area_m2
from places.load.options import SetInUseError, UnitsOptions
from places.load.relations import StoredUnit
from places.load.rows import UnitRow
from places.models import AdminUnit, BoundarySet
from places.services import make_current

BATCH_ROWS = 500  # outlines are large
_CHANGING = (
    "name", "full_name", "name_plain", "parent_id", "valid_from", "valid_to", "geometry", "area_m2",
)  # fmt: skip


def find_set(options: UnitsOptions) -> BoundarySet | None:
    return BoundarySet.objects.filter(name=options.set_name).first()


def store_set(options: UnitsOptions) -> BoundarySet:
    """Return the set of that name, made or brought up to date; locked until the end of the load."""
    made, _is_new = BoundarySet.objects.get_or_create(
        name=options.set_name,
        defaults={
            "title": options.title,
            "source": options.source,
            "valid_from": options.valid_from,
            "valid_to": options.valid_to,
        },
    )
    boundary_set = BoundarySet.objects.select_for_update().get(pk=made.pk)
    wanted = {"title": options.title, "source": options.source}
    changed = [
        name for name, text in wanted.items() if text and getattr(boundary_set, name) != text
    ]
    for name in changed:
        setattr(boundary_set, name, wanted[name])
    if changed:
        boundary_set.save(update_fields=[*changed, "updated_at"])
    return boundary_set


def become_current(boundary_set: BoundarySet, *, asked: bool) -> None:
    """Make the set current when asked, or when no set is; refuses to leave things behind."""
    current = BoundarySet.objects.filter(is_current=True).first()
    if current == boundary_set or (current is not None and not asked):
        return
    if current is not None:
        uses = _uses(current)
        if uses:
            raise SetInUseError(current=current.name, uses=uses, set_name=boundary_set.name)
    make_current(boundary_set)


def _uses(boundary_set: BoundarySet) -> str:
    """Say which rows of other tables hang on units of the set: ``hazards: 300, ...``; or ""."""
    found = []
    for relation in AdminUnit._meta.related_objects:
        if relation.related_model is AdminUnit:
            continue
        rows = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__boundary_set": boundary_set}
        )
        if count := rows.count():
            found.append(f"{relation.related_model._meta.verbose_name_plural}: {count}")
    return ", ".join(found)


def stored_rows(boundary_set: BoundarySet, level: str) -> dict[str, tuple[Any, ...]]:
    """Return {code: (pk, what a load compares)} of the units of one level."""
    units = AdminUnit.objects.filter(boundary_set=boundary_set, level=level).exclude(code="")
    rows = units.values_list(
        "code", "pk", "name", "full_name", "parent_id", "valid_from", "valid_to", AsWKB("geometry")
    )
    return {code: (pk, *rest, None if wkb is None else bytes(wkb)) for code, pk, *rest, wkb in rows}


def values_of(
    unit: UnitRow, parent: StoredUnit | None, valid_from: date, valid_to: date | None
) -> tuple[Any, ...]:
    """Return what is compared with and stored for a unit, in the order of ``stored_rows``."""
    wkb = shapely.to_wkb(as_multipolygon(unit.shape), byte_order=1)
    parent_id = parent.pk if parent else None
    return (unit.name, unit.full_name, parent_id, valid_from, valid_to, wkb)


def as_multipolygon(shape: shapely.Geometry) -> shapely.Geometry:
    return shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape])


def make_units(
    boundary_set: BoundarySet, level: str, rows: list[tuple[UnitRow, tuple[Any, ...]]]
) -> None:
    units = [
        AdminUnit(boundary_set=boundary_set, level=level, code=unit.code, **_columns(values))
        for unit, values in rows
    ]
    AdminUnit.objects.bulk_create(units, batch_size=BATCH_ROWS)


def change_units(rows: list[tuple[int, tuple[Any, ...]]]) -> None:
    now = timezone.now()
    units = [AdminUnit(pk=pk, updated_at=now, **_columns(values)) for pk, values in rows]
    fields = [name.removesuffix("_id") for name in _CHANGING]
    AdminUnit.objects.bulk_update(units, [*fields, "updated_at"], batch_size=BATCH_ROWS)


def _columns(values: tuple[Any, ...]) -> dict[str, Any]:
    name, full_name, parent_id, valid_from, valid_to, wkb = values
    return {
        "name": name,
        "full_name": full_name,
        "name_plain": plain(full_name),
        "parent_id": parent_id,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "geometry": GEOSGeometry(memoryview(wkb), srid=4326),
        "area_m2": area_m2(shapely.from_wkb(wkb)),
    }
