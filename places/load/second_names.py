"""Names by another source in the same file: where they differ, somebody must look."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.rowreport import RowReport
from common.sourcetable import SourceTable
from common.text import tidy
from places.load.options import UnitsOptions
from places.load.rows import UnitRow
from places.names import name_key


def note_second_names(
    table: SourceTable, units: list[UnitRow], options: UnitsOptions, report: RowReport
) -> None:
    """Note the rows whose second name is another; and where two rows have each other's, say so.

    Case, spaces and the place of the tone mark do not matter.
    """
    if options.second_name_field is None:
        return
    texts = table.texts(options.second_name_field)
    second = {int(row): tidy(text) for row, text in zip(table.rows, texts, strict=True)}
    by_name = {name_key(unit.full_name): unit for unit in units}
    for unit in units:
        other = second[unit.row]
        if not other or name_key(other) == name_key(unit.full_name):
            continue
        what = _("is called {name} here and {other} there.").format(
            name=unit.full_name, other=other
        )
        twin = by_name.get(name_key(other))
        if twin is not None and name_key(second[twin.row]) == name_key(unit.full_name):
            what = _("has changed names with row {row}, {other}: one of the two is wrong.").format(
                row=twin.row, other=twin.full_name
            )
        report.note(unit.row, options.second_name_field, unit.code, what)
