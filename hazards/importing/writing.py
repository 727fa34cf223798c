"""Compare what a file says with what it said before, and write the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, islice
from operator import not_
from typing import Any, NamedTuple, TypeVar

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry

from accounts.models import User
from common.errors import DomainError
from common.rowreport import RowReport
from common.text import plain
from hazards.importing.options import ImportOptions
from hazards.importing.rows import READ, SourceRow
from hazards.models import ResponsibleBody, WaterHazard
from hazards.services.assessment import assess_range, hold_assessment, reassess
from hazards.services.bodies import find_or_create_body
from hazards.services.bulk_points import BulkPoints, NewPoint, PointLines, ready_lines
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


Placed = tuple[SourceRow, AdminUnit]


class ReadyPoints(NamedTuple):
    """Points of one part as lines for COPY, and who is named for each; "" for nobody."""

    lines: PointLines = PointLines()
    bodies: Sequence[str] = ()


class Comparison:
    """Rows of a file against the hazards of its source: new ones, and changes to known ones.

    What people changed in the register stays: a field is only written when the source now says
    something else than it did at the last import.
    """

    def __init__(
        self, placed: list[tuple[SourceRow, AdminUnit]], source: str, *, is_new: bool = False
    ) -> None:
        """Compare; ``is_new`` says that the register held nothing of the source before."""
        self.new: list[tuple[SourceRow, AdminUnit]] = []
        self.changed: list[tuple[SourceRow, AdminUnit, int, set[str]]] = []
        known = {} if is_new else _known(source, [row.source_id for row, _unit in placed])
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


def known_count(source: str) -> int:
    """Return how many hazards of the source are in the register."""
    return WaterHazard.objects.filter(source=source).exclude(source_id="").count()


def _known(source: str, ids: list[str]) -> dict[str, tuple[int, dict[str, Any]]]:
    stored = WaterHazard.objects.filter(source=source, source_id__in=ids).exclude(source_id="")
    rows = stored.values_list("source_id", "pk", "source_facts")
    return {source_id: (pk, facts) for source_id, pk, facts in rows.iterator(chunk_size=BATCH_ROWS)}


class Writing:
    """Writes the parts of one import; verdicts are worked out once, at the end.

    Call all of it inside one transaction.
    """

    def __init__(self, options: ImportOptions, actor: User | None) -> None:
        self.options, self.actor = options, actor
        self._points = BulkPoints(
            source=options.source, is_synthetic=options.is_synthetic, actor=actor
        )
        self._bodies: dict[str, ResponsibleBody] = {}
        self._changed: list[int] = []
        self._first_id: int | None = None
        self._last_id = 0

    def prepare(
        self, new: list[tuple[SourceRow, AdminUnit]], report: RowReport
    ) -> list[tuple[SourceRow, AdminUnit, WaterHazard | None]]:
        """Return the rows that may be added, lines and outlines with their unsaved hazard.

        What the register itself would refuse is refused in ``report``. Points that lie in a unit
        were checked whole; they are stored in bulk.
        """
        are_points = _are_points(new)
        if all(are_points):
            return [(row, unit, None) for row, unit in new]
        drawn = [item for item, is_point in zip(new, are_points, strict=True) if not is_point]
        made: dict[int, WaterHazard] = {}
        for batch in _batches(drawn):
            hazards = prepare_hazards([_new_hazard(row, unit, self.options) for row, unit in batch])
            for (row, _unit), hazard in zip(batch, hazards, strict=True):
                if isinstance(hazard, DomainError):
                    report.refuse(row.row, "", row.source_id, str(hazard))
                else:
                    made[row.row] = hazard
        return [
            (row, unit, made.get(row.row))
            for (row, unit), is_point in zip(new, are_points, strict=True)
            if is_point or row.row in made
        ]

    def write(
        self,
        ready: list[tuple[SourceRow, AdminUnit, WaterHazard | None]],
        changed: list[tuple[SourceRow, AdminUnit, int, set[str]]],
        points: ReadyPoints,
    ) -> None:
        """Store new hazards and changes of one part, and ``points`` that were made ready."""
        rows = [item[0] for item in ready] + [item[0] for item in changed]
        named = {row.body for row in rows if row.body} | set(filter(None, points.bodies))
        self._bodies |= _bodies(named - self._bodies.keys(), self.actor)
        with hold_assessment():
            self._write_points(points)
            plain = [(row, unit) for row, unit, hazard in ready if hazard is None]
            self._write_points(points_of(plain)[0])
            self._write_drawn([(row, hazard) for row, _unit, hazard in ready if hazard])
            self._write_changes(changed)

    def finish(self) -> None:
        """Move points into the register, count all that was written, work out its verdicts."""
        with self._points.settled() as ends:
            if ends:
                self._note(ends)
            if self._first_id is not None:
                written = self._first_id, self._last_id
                with self._points.judging(*written) as is_alone:
                    assess_range(*written, is_alone=is_alone)
        if self._changed:
            reassess(self._changed)

    def _write_points(self, points: ReadyPoints) -> None:
        if points.bodies:
            keys = {"": None} | {name: body.pk for name, body in self._bodies.items()}
            self._points.write(points.lines, [keys[name] for name in points.bodies])

    def _write_drawn(self, drawn: list[tuple[SourceRow, WaterHazard]]) -> None:
        for batch in _batches(drawn):
            for row, hazard in batch:
                hazard.responsible_body = self._bodies.get(row.body)
            stored = register_hazards(
                hazards=[hazard for _row, hazard in batch],
                actor=self.actor,
                batch=self.options.source,
            )
            self._note((stored[0].pk, stored[-1].pk))

    def _write_changes(self, changed: list[tuple[SourceRow, AdminUnit, int, set[str]]]) -> None:
        for part in _batches(changed):
            hazards = WaterHazard.objects.in_bulk([pk for _row, _unit, pk, _fields in part])
            changes = [
                HazardChange(hazards[pk], _values(row, unit, fields, self._bodies))
                for row, unit, pk, fields in part
            ]
            update_hazards(
                changes=changes,
                actor=self.actor,
                batch=self.options.source,
                reason=self.options.path.name,
            )
            self._changed += list(hazards)

    def _note(self, ids: tuple[int, int]) -> None:
        """Remember the keys given; others may have taken some between, which does no harm."""
        self._first_id = ids[0] if self._first_id is None else min(self._first_id, ids[0])
        self._last_id = max(self._last_id, ids[1])


def points_of(rows: Sequence[Placed]) -> tuple[ReadyPoints, list[Placed]]:
    """Make the points among rows ready, and return the rest; asks the database nothing."""
    are_points = _are_points(rows)
    points = list(compress(rows, are_points))
    degrees = shapely.get_coordinates([row.shape for row, _unit in points]).tolist()
    new = [
        NewPoint(
            lon,
            lat,
            row.kind,
            row.lifecycle,
            row.name,
            unit.id,
            row.depth_m,
            row.source_id,
            {**row.facts, READ: row.read()},
        )
        for (row, unit), (lon, lat) in zip(points, degrees, strict=True)
    ]
    ready = ReadyPoints(ready_lines(new), [row.body for row, _unit in points])
    return ready, list(compress(rows, map(not_, are_points)))


def _are_points(rows: Sequence[tuple[SourceRow, AdminUnit]]) -> list[bool]:
    shapes = np.array([row.shape for row, _unit in rows], dtype=object)
    is_point: list[bool] = (shapely.get_type_id(shapes) == shapely.GeometryType.POINT).tolist()
    return is_point


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
