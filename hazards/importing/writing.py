"""Compare what a file says with what it said before, and write the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import shapely
from django.contrib.gis.geos import GEOSGeometry

from accounts.models import User
from common.errors import DomainError
from common.rowreport import RowReport
from common.text import plain
from hazards.importing.options import ImportOptions
from hazards.importing.rows import READ, SourceRow
from hazards.models import ResponsibleBody, WaterHazard
from hazards.services.bodies import find_or_create_body
from hazards.services.inventory import (
    HazardChange,
    NewHazard,
    prepare_hazards,
    register_hazards,
    update_hazards,
)
from hazards.taxonomy import BodyKind, DepthClass, DepthMethod, PositionMethod
from places.models import AdminUnit

BATCH_ROWS = 5000
T = TypeVar("T")

# How names of bodies begin; households are told apart because their names never leave the office.
_BODY_STARTS: tuple[tuple[str, BodyKind], ...] = (
    ("ubnd ", BodyKind.COMMUNE),
    ("uy ban nhan dan ", BodyKind.COMMUNE),
    ("cong ty thuy dien", BodyKind.HYDROPOWER),
    ("nha may thuy dien", BodyKind.HYDROPOWER),
    ("cong ty ", BodyKind.COMPANY),
    ("hop tac xa ", BodyKind.COOPERATIVE),
    ("htx ", BodyKind.COOPERATIVE),
    ("ban quan ly rung", BodyKind.FORESTRY),
    ("ho ", BodyKind.HOUSEHOLD),
    ("gia dinh ", BodyKind.HOUSEHOLD),
    ("ong ", BodyKind.HOUSEHOLD),
    ("ba ", BodyKind.HOUSEHOLD),
    ("anh ", BodyKind.HOUSEHOLD),
    ("chi ", BodyKind.HOUSEHOLD),
)


class Comparison:
    """Rows of a file against the hazards of its source: new ones, and changes to known ones.

    What people changed in the register stays: a field is only written when the source now says
    something else than it did at the last import.
    """

    def __init__(self, placed: list[tuple[SourceRow, AdminUnit]], source: str) -> None:
        self.new: list[tuple[SourceRow, AdminUnit]] = []
        self.changed: list[tuple[SourceRow, AdminUnit, int, set[str]]] = []
        known = _known(source)
        self.absent = len(known.keys() - {row.source_id for row, _unit in placed})
        for row, unit in placed:
            if row.source_id not in known:
                self.new.append((row, unit))
                continue
            pk, facts = known[row.source_id]
            before, now = facts.get(READ, {}), row.read()
            fields = {name for name, value in now.items() if before.get(name) != value}
            if fields or {**facts, READ: None} != {**row.facts, READ: None}:
                self.changed.append((row, unit, pk, fields))
        self.unchanged = len(placed) - len(self.new) - len(self.changed)


def _known(source: str) -> dict[str, tuple[int, dict[str, Any]]]:
    stored = WaterHazard.objects.filter(source=source).exclude(source_id="")
    rows = stored.values_list("source_id", "pk", "source_facts").iterator(chunk_size=BATCH_ROWS)
    return {source_id: (pk, facts) for source_id, pk, facts in rows}


def prepare(
    new: list[tuple[SourceRow, AdminUnit]], options: ImportOptions, report: RowReport
) -> list[tuple[SourceRow, WaterHazard]]:
    """Return unsaved hazards; what the register itself would refuse is refused in ``report``."""
    ready = []
    for batch in _batches(new):
        hazards = prepare_hazards([_new_hazard(row, unit, options) for row, unit in batch])
        for (row, _unit), hazard in zip(batch, hazards, strict=True):
            if isinstance(hazard, DomainError):
                report.refuse(row.row, "", row.source_id, str(hazard))
            else:
                ready.append((row, hazard))
    return ready


def _new_hazard(row: SourceRow, unit: AdminUnit, options: ImportOptions) -> NewHazard:
    return NewHazard(
        kind=row.kind,
        geometry=_geos(row.shape),
        name=row.name,
        lifecycle=row.lifecycle,
        unit=unit,
        position_method=PositionMethod.IMPORT,
        max_depth_m=row.depth_m,
        depth_method=DepthMethod.UNKNOWN if row.depth_m is None else DepthMethod.DOCUMENT,
        source=options.source,
        source_id=row.source_id,
        source_facts={**row.facts, READ: row.read()},
        is_synthetic=options.is_synthetic,
    )


def write(
    ready: list[tuple[SourceRow, WaterHazard]],
    changed: list[tuple[SourceRow, AdminUnit, int, set[str]]],
    *,
    options: ImportOptions,
    actor: User | None,
) -> None:
    """Store new hazards and changes in batches; call it inside one transaction."""
    rows = [row for row, _hazard in ready] + [row for row, *_rest in changed]
    bodies = _bodies({row.body for row in rows if row.body}, actor)
    for batch in _batches(ready):
        for row, hazard in batch:
            hazard.responsible_body = bodies.get(row.body)
        register_hazards(
            hazards=[hazard for _row, hazard in batch], actor=actor, batch=options.source
        )
    for part in _batches(changed):
        hazards = WaterHazard.objects.in_bulk([pk for _row, _unit, pk, _fields in part])
        changes = [
            HazardChange(hazards[pk], _values(row, unit, fields, bodies))
            for row, unit, pk, fields in part
        ]
        update_hazards(changes=changes, actor=actor, batch=options.source, reason=options.path.name)


def _values(
    row: SourceRow, unit: AdminUnit, fields: set[str], bodies: dict[str, ResponsibleBody]
) -> dict[str, Any]:
    """Return the new values of the fields of which the source says something else than before."""
    values: dict[str, Any] = {"source_facts": {**row.facts, READ: row.read()}}
    if "geometry" in fields:
        values |= {"geometry": _geos(row.shape), "unit": unit}
        values["position_method"] = PositionMethod.IMPORT
    if "max_depth_m" in fields:
        values |= {"max_depth_m": row.depth_m, "depth_method": DepthMethod.DOCUMENT}
        if row.depth_m is None:
            values |= {"depth_class": DepthClass.UNKNOWN, "depth_method": DepthMethod.UNKNOWN}
    if "responsible_body" in fields:
        values["responsible_body"] = bodies.get(row.body)
    plain_fields = {"kind": row.kind, "name": row.name, "lifecycle": row.lifecycle}
    return values | {name: value for name, value in plain_fields.items() if name in fields}


def _geos(shape: shapely.Geometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape, byte_order=1)), srid=4326)


def _bodies(names: set[str], actor: User | None) -> dict[str, ResponsibleBody]:
    """Return the bodies of these names; those that are not there yet are made."""
    return {
        name: find_or_create_body(name=name, kind=_body_kind(name), actor=actor)
        for name in sorted(names)
    }


def _body_kind(name: str) -> BodyKind:
    bare = f"{plain(name)} "
    return next((kind for start, kind in _BODY_STARTS if bare.startswith(start)), BodyKind.OTHER)


def _batches(items: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH_ROWS)):
        yield batch
