"""Import a file of waters: read, check, place, compare, write; all or nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Action
from accounts.scoping import scope_for
from common.rowchecks import refuse_wrong_encoding
from common.rowreport import RowReport
from common.shapechecks import keep_only
from common.text import tidy
from common.vectors import read_source
from hazards.importing.columns import choose_columns
from hazards.importing.options import ImportOptions, NoSourceError
from hazards.importing.placing import unit_index, units_of_rows
from hazards.importing.positions import read_shapes
from hazards.importing.rows import ID_MAX_CHARS, read_rows
from hazards.importing.writing import Comparison, prepare, write

_IMPORT_LOCK = 7_301_967  # any number that no other advisory lock uses


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Hold the cycle collector: with 100,000 rows alive it costs a third of an import."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_paused()
def import_hazards(options: ImportOptions, *, actor: User | None = None) -> RowReport:
    """Import the file and return what became of each row.

    Raises SourceFileError, or another DomainError, when the file cannot be used at all. Nothing is
    written on a dry run, or when a row was refused and ``accept_good`` is off: ``is_written`` is
    False then and the counts say what would have been. A repeat changes nothing. ``actor`` may
    only add and change where he may edit; None (a command) may everywhere.
    """
    if not tidy(options.source) or len(options.source) > ID_MAX_CHARS:
        raise NoSourceError(name=options.path.name)
    index = unit_index()
    table = read_source(options.path, layer=options.layer).where(options.where)
    report = RowReport(name=table.name, rows=len(table))
    columns = choose_columns(table, options)
    refuse_wrong_encoding(report, table, columns.texts)
    shapes = read_shapes(table, options, report)
    scope = scope_for(actor, Action.EDIT) if actor else None
    units = units_of_rows(table, shapes, index, options, scope, report)
    placed_rows = np.array([int(row) in units for row in table.rows], dtype=bool)
    shapes = keep_only(shapes, placed_rows)
    rows = read_rows(table, shapes, columns, options, report)
    placed = [(row, units[row.row]) for row in rows]
    with transaction.atomic():
        with connection.cursor() as cursor:  # two imports of one source would both add its rows
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
        found = Comparison(placed, options.source)
        ready = prepare(found.new, options, report)
        report.taken, report.updated = len(ready), len(found.changed)
        report.unchanged, report.outside = found.unchanged, len(report.outside_rows)
        if found.absent:
            report.notices.append(
                _("{n} hazards of this source are not among the rows taken; they stay.").format(
                    n=found.absent
                )
            )
        if not options.dry_run and (options.accept_good or not report.refused):
            write(ready, found.changed, options=options, actor=actor)
            report.is_written = True
    return report
