"""The gap table as files: the same rows, in the same order, with the same total."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from common.templatetags.units import percent_text
from maps.reports.gap_columns import FACTOR, FILE_COLUMNS, PEOPLE, SHARE, Column
from maps.selectors.gaps import GapRow, GapTable

BOM: Final = "\ufeff"  # tells Excel that the file is UTF-8
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def headings(distance_m: int | None) -> list[str]:
    """Return one heading per cell; shares take three: n, N, and the percentage."""
    found = [_("Code"), _("Unit")]
    for column in FILE_COLUMNS:
        text = f"{column.group}: {column.heading}"
        if column.key.startswith("near") and distance_m:
            text = f"{text}, {distance_m} m"
        found += [f"{text}, n", f"{text}, N", f"{text}, %"] if column.kind == SHARE else [text]
    return found


def cells(row: GapRow) -> list[Any]:
    """Return the cells of a row; None where there is nothing to say."""
    code = row.unit.code if row.unit else ""
    name = row.unit.full_name if row.unit else _("not in any of these units")
    found: list[Any] = [code, name]
    for column in FILE_COLUMNS:
        found += _cells_of(column, row)
    return found


def _cells_of(column: Column, row: GapRow) -> list[Any]:
    value = column.value(row)
    if column.kind == SHARE:
        part, whole = value
        return [part, whole, percent_text(part, whole)]
    if column.kind == PEOPLE:
        return [None if value is None else round(value)]
    if column.kind == FACTOR:
        return [None if value is None else round(value, 3)]
    return [value]


def _lines(table: GapTable) -> Iterator[list[Any]]:
    yield headings(table.distance_m)
    for row in table.rows:
        yield cells(row)
    yield ["", _("Total"), *cells(table.total)[2:]]


def as_csv(table: GapTable, day: date) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    for line in _lines(table):
        writer.writerow([_guarded(cell) for cell in line])
    return BOM + stream.getvalue()


def _guarded(cell: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) and cell != "-":
        return f"'{cell}"
    return cell


def as_xlsx(table: GapTable, day: date) -> bytes:
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as book:
        sheet = book.add_worksheet(_("Gaps"))
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0"})
        number = book.add_format({"num_format": "#,##0"})
        parts = book.add_format({"num_format": "0.000"})
        for place, text in enumerate(title_lines(table, day)):
            sheet.write_string(place, 0, text, book.add_format({"bold": place == 0}))
        first = len(title_lines(table, day)) + 1
        lines = list(_lines(table))
        for place, line in enumerate(lines):
            style = head if place == 0 else total if place == len(lines) - 1 else number
            sheet.write_row(first + place, 0, line, style)
            for column, value in enumerate(line):
                if isinstance(value, float):  # a factor; all else is counted
                    sheet.write_number(first + place, column, value, parts)
        sheet.set_column(0, 0, 10)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, len(lines[0]) - 1, 13)
        sheet.freeze_panes(first + 1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first)
    return stream.getvalue()


def title_lines(table: GapTable, day: date) -> list[str]:
    """Say what the table is, of which place and day, and what its figures of children rest on."""
    place = table.total.unit.full_name if table.total.unit else _("All units")
    lines = [
        _("Gaps in safety at water and children near them"),
        _("{place}, as of {day}").format(place=place, day=f"{day:%d/%m/%Y}"),
    ]
    run = table.state.run
    if run is None:
        return [*lines, _("Children: no figures for this day.")]
    worked_out = _("Children: {dataset}, {set}, worked out on {day}; n of N where one is required.")
    lines.append(
        worked_out.format(
            dataset=run.dataset, set=run.boundary_set, day=f"{run.created_at:%d/%m/%Y}"
        )
    )
    if table.state.is_stale:
        lines.append(
            _("The register has changed since: these figures of children are being updated.")
        )
    return lines


WRITERS: Final[dict[str, tuple[Callable[[GapTable, date], str | bytes], str]]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
