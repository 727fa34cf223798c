"""Load one level of units from a file: read, check, compare, write; all or nothing."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from common.rowreport import RowReport
from common.sourcetable import SourceTable
from common.vectors import read_source
from places.load.options import PeriodError, SetNameError, UnitsOptions
from places.load.relations import (
    StoredUnit,
    check_overlaps,
    find_parents,
    note_outside_parent,
    stored_units,
)
from places.load.rows import UnitRow, read_rows
from places.load.second_names import note_second_names
from places.load.writing import (
    become_current,
    change_units,
    find_set,
    make_units,
    store_set,
    stored_rows,
    values_of,
)
from places.services import renumber_tree

_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,30}")


def load_units(options: UnitsOptions) -> RowReport:
    """Load the file and return what became of each row.

    Raises SourceFileError when the file cannot be used at all. Nothing is written on a dry run, or
    when a row was refused and ``accept_good`` is off: then ``is_written`` is False and the counts
    say what would have been. A repeat changes nothing.
    """
    _check(options)
    table = read_source(options.path, layer=options.layer).where(options.where)
    report = RowReport(name=table.name, rows=len(table))
    with transaction.atomic():
        units, parents = _checked(table, options, report)
        is_wanted = not options.dry_run and (options.accept_good or not report.refused)
        _compare_and_write(units, parents, options, report, write=is_wanted)
    return report


def _check(options: UnitsOptions) -> None:
    for text in (options.set_name, options.level):
        if not _SLUG.fullmatch(text):
            raise SetNameError(text=text)
    if options.valid_to and options.valid_to <= options.valid_from:
        raise PeriodError(valid_from=options.valid_from, valid_to=options.valid_to)


def _checked(
    table: SourceTable, options: UnitsOptions, report: RowReport
) -> tuple[list[UnitRow], dict[int, StoredUnit]]:
    """Return the rows that may be loaded with their parents; the rest is refused in ``report``."""
    units = read_rows(table, options, report)
    note_second_names(table, units, options, report)
    stored = stored_units(find_set(options))
    parents = find_parents(units, stored, options, report)
    note_outside_parent(units, parents, report)
    check_overlaps(units, stored, options, report)
    refused = report.refused_rows
    return [unit for unit in units if unit.row not in refused], parents


def _compare_and_write(
    units: list[UnitRow],
    parents: dict[int, StoredUnit],
    options: UnitsOptions,
    report: RowReport,
    *,
    write: bool,
) -> None:
    boundary_set = store_set(options) if write and units else find_set(options)
    stored = stored_rows(boundary_set, options.level) if boundary_set else {}
    new, changed = [], []
    for unit in units:
        values = values_of(unit, parents.get(unit.row), options.valid_from, options.valid_to)
        known = stored.pop(unit.code, None)
        if known is None:
            new.append((unit, values))
        elif known[1:] != values:
            changed.append((known[0], values))
    report.taken, report.updated = len(new), len(changed)
    report.unchanged = len(units) - len(new) - len(changed)
    if stored:
        report.notices.append(
            _("{n} units of this level are in the set but not in the file; they stay.").format(
                n=len(stored)
            )
        )
    if write and boundary_set is not None:
        make_units(boundary_set, options.level, new)
        change_units(changed)
        if new or changed:
            renumber_tree()
        become_current(boundary_set, asked=options.make_current)
        report.is_written = True
