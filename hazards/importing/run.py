"""Import a file of waters: read, check, place, compare, write; all or nothing.

A long table is taken in parts, all in one transaction, so that memory does not grow with the file.
"""

from __future__ import annotations

import gc
import sys
import uuid
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Action
from accounts.scoping import AreaScope, scope_for
from common.ahead import one_ahead
from common.rowchecks import refuse_wrong_encoding
from common.rowreport import SHAPE, RowReport
from common.shapechecks import keep_only
from common.sourcetable import SourceTable
from common.text import tidy
from common.vectors import source_parts
from hazards.importing.columns import choose_columns
from hazards.importing.options import ImportOptions, NoSourceError
from hazards.importing.placing import UnitIndex, unit_index, units_of_rows
from hazards.importing.positions import read_shapes
from hazards.importing.preview import Preview
from hazards.importing.rows import ID_MAX_CHARS, SourceRow, read_rows
from hazards.importing.seen import SeenIds
from hazards.importing.twins import find_twins
from hazards.importing.writing import Comparison, ReadyPoints, Writing, known_count, points_of
from history.context import acting
from places.models import AdminUnit

PlacedRows = list[tuple[SourceRow, AdminUnit]]
_IMPORT_LOCK = 7_301_967  # any number that no other advisory lock uses
ROWS_AT_ONCE = 5_000  # about 15 MB; small, so that the first are written while others are read
TURN_S = 0.0005  # between threads


@contextmanager
def _long_work() -> Iterator[None]:
    """Hold the cycle collector, which costs a third of an import with many rows alive, and let
    reader and writer change places soon: each would wait 5 ms for the other, at every send.
    """
    was_on, turn_s = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(turn_s)
        if was_on:
            gc.enable()


@dataclass
class _Part:
    """One part of the file, read: ``placed`` is to be compared, ``points`` are ready to add."""

    report: RowReport
    placed: PlacedRows = field(default_factory=list)
    points: ReadyPoints = field(default_factory=ReadyPoints)


class _NotWritten(Exception):  # noqa: N818 - no error: the way out of the transaction
    """Rolls back what was written before a row was refused."""


@_long_work()
def import_hazards(
    options: ImportOptions, *, actor: User | None = None, preview: Preview | None = None
) -> RowReport:
    """Import the file and return what became of each row.

    Raises SourceFileError, or another DomainError, when the file cannot be used at all. Nothing is
    written on a dry run, or when a row was refused and ``accept_good`` is off: ``is_written`` is
    False then and the counts say what would have been. A repeat changes nothing. ``actor`` may
    only add and change where he may edit; None (a command) may everywhere. ``preview`` takes down
    where rows fall and what would move.
    """
    if not tidy(options.source) or len(options.source) > ID_MAX_CHARS:
        raise NoSourceError(name=options.path.name)
    run = _Run(options, actor, preview)
    why = f"{options.source}: {options.path.name}"
    telling = acting(actor=actor, verb="import_hazards", reason=why, batch=uuid.uuid4())
    try:
        with telling, transaction.atomic():  # one batch, which can be undone
            with connection.cursor() as cursor:  # two imports of one source would both add its rows
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
            run.all_parts()
    except _NotWritten:
        pass
    return run.report


class _Run:
    """One import: what all parts of the file share."""

    def __init__(self, options: ImportOptions, actor: User | None, preview: Preview | None) -> None:
        self.options, self.preview = options, preview
        self.index: UnitIndex = unit_index()
        self.scope: AreaScope | None = scope_for(actor, Action.EDIT) if actor else None
        self.seen = SeenIds()
        self.writing = Writing(options, actor)
        self.report = RowReport(name=options.path.name)

    def all_parts(self) -> None:
        """Take all parts; raises _NotWritten, with the report complete, when nothing may stay."""
        options, report = self.options, self.report
        known, matched = known_count(options.source), 0
        with closing(one_ahead(self._read_parts(is_new=not known))) as parts:
            for part in parts:
                matched += self._take(part, is_new=not known)
        if known > matched:
            report.notices.append(
                _("{n} hazards of this source are not among the rows taken; they stay.").format(
                    n=known - matched
                )
            )
        if not self._may_write():
            raise _NotWritten
        self.writing.finish()
        report.is_written = True

    def _may_write(self) -> bool:
        return not self.options.dry_run and (self.options.accept_good or not self.report.refused)

    def _read_parts(self, *, is_new: bool) -> Generator[_Part]:
        """Yield each part of the file, read and placed; asks the database nothing.

        Of a source that ``is_new`` every row will be added: its points are made ready here, where
        nobody has to look at them.
        """
        options = self.options
        is_looked_at = options.dry_run or options.twins == "skip" or self.preview is not None
        source = source_parts(options.path, layer=options.layer, rows_at_once=ROWS_AT_ONCE)
        with closing(source):
            for whole in source:
                table = whole.where(options.where)
                part = _Part(RowReport(name=table.name, rows=len(table)))
                part.placed = self._placed(table, part.report)
                if is_new and not is_looked_at:
                    part.points, part.placed = points_of(part.placed)
                yield part

    def _take(self, read: _Part, *, is_new: bool) -> int:
        """Take one part; returns how many of its rows are in the register already."""
        part = read.report
        self.report.name = part.name
        found = Comparison(read.placed, self.options.source, is_new=is_new)
        self._twins(found, part)
        ready = self.writing.prepare(found.new, part)
        part.taken, part.updated = len(ready) + len(read.points.bodies), len(found.changed)
        if self.preview is not None:
            self.preview.take(found)
        part.unchanged, part.outside = found.unchanged, len(part.outside_rows)
        self.report.add_part(part)
        if self._may_write():
            self.writing.write(ready, found.changed, read.points)
        return found.unchanged + len(found.changed)

    def _twins(self, found: Comparison, part: RowReport) -> None:
        """Find new rows that the register holds already; leave them out where that is asked for."""
        if self.options.twins == "skip":
            rows = [row for row, _unit in found.new]
        else:
            rows = self.preview.to_compare(found) if self.preview else []
        twins = find_twins(rows, self.options.source, self.scope)
        if self.preview is not None:
            self.preview.take_twins(len(rows), twins)
        if self.options.twins == "skip":
            same = {twin.row: twin for twin in twins if twin.is_same}
            for twin in same.values():
                what = _("is very likely {code} {name}, {metres:.0f} m away; left out.")
                told = what.format(code=twin.code, name=twin.name, metres=twin.distance_m)
                part.put_outside(twin.row, SHAPE, twin.row_name, told)
            found.new = [(row, unit) for row, unit in found.new if row.row not in same]

    def _placed(self, table: SourceTable, part: RowReport) -> PlacedRows:
        columns = choose_columns(table, self.options)
        refuse_wrong_encoding(part, table, columns.texts)
        shapes = read_shapes(table, self.options, part)
        units = units_of_rows(table, shapes, self.index, self.options, self.scope, part)
        shapes = keep_only(shapes, np.isin(table.rows, list(units)))
        rows = read_rows(table, shapes, columns, self.options, part, self.seen)
        return [(row, units[row.row]) for row in rows]
