"""An Excel workbook to work in, print on A4 landscape and sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hazards.exports.columns import COLUMNS, DATE, DECIMAL, DEGREES, NUMBER_HEADING, TEXT, WHOLE
from hazards.exports.notes_sheet import write_notes
from hazards.exports.title_block import signature_lines, title_lines
from hazards.selectors.list_facts import ListFacts
from hazards.selectors.rows import HazardRow

A4, FONT = 9, "Times New Roman"  # 9 is Excel's number for A4; the face of official papers
NUMBER_WIDTH = 6  # characters
_NUMBER_FORMATS = {
    TEXT: "@",
    WHOLE: "#,##0",
    DECIMAL: "#,##0.0#",
    DEGREES: "0.000000",
    DATE: "dd/mm/yyyy",
}


def write_xlsx(
    target: IO[bytes], rows: Iterable[HazardRow], facts: ListFacts, language: str
) -> int:
    """Write the workbook and return the rows written; only one row is held in memory."""
    with override(language), Workbook(target, _OPTIONS) as book:
        sheet = book.add_worksheet(_("List"))
        _lay_out(sheet)
        head_row = _write_title(book, sheet, facts)
        _write_headings(book, sheet, head_row)
        written = _write_rows(book, sheet, head_row + 1, rows)
        _finish(book, sheet, head_row, written)
        write_notes(book, facts)
        return written


# Text stays text: a cell beginning with "=" or a code of digits is never read as anything else.
_OPTIONS: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": 11},
}


def _lay_out(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.4, top=0.7, bottom=0.6)  # inches
    sheet.set_header("&C&P/&N", {"margin": 0.3})
    sheet.set_column(0, 0, NUMBER_WIDTH)
    for place, column in enumerate(COLUMNS, start=1):
        sheet.set_column(place, place, column.width)


def _write_title(book: Workbook, sheet: Worksheet, facts: ListFacts) -> int:
    """Write the block above the table and return the row of the headings."""
    plain = book.add_format()
    heading = book.add_format({"bold": True, "font_size": 14})
    lines = title_lines(facts)
    for at, line in enumerate(lines):
        sheet.write_string(at, 0, line, heading if at == 1 else plain)
    return len(lines) + 1


def _write_headings(book: Workbook, sheet: Worksheet, at: int) -> None:
    look = book.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter",
         "bg_color": "#E5EEF4"}
    )  # fmt: skip
    sheet.set_row(at, 48)  # points: three lines
    sheet.write_string(at, 0, str(NUMBER_HEADING), look)
    for place, column in enumerate(COLUMNS, start=1):
        sheet.write_string(at, place, str(column.heading), look)


def _write_rows(book: Workbook, sheet: Worksheet, first: int, rows: Iterable[HazardRow]) -> int:
    looks = {kind: _cell_look(book, kind) for kind in _NUMBER_FORMATS}
    written = 0
    for written, row in enumerate(rows, start=1):
        at = first + written - 1
        sheet.write_number(at, 0, written, looks[WHOLE])
        for place, column in enumerate(COLUMNS, start=1):
            _write_cell(sheet, at, place, column.value(row), looks[column.kind])
    return written


def _cell_look(book: Workbook, kind: str) -> Format:
    look = {"border": 1, "border_color": "#9CA3AF", "valign": "top", "text_wrap": kind == TEXT}
    return book.add_format(look | {"num_format": _NUMBER_FORMATS[kind]})


def _write_cell(sheet: Worksheet, at: int, place: int, value: Any, look: Format) -> None:
    if value is None:
        sheet.write_blank(at, place, None, look)
    elif isinstance(value, str):
        sheet.write_string(at, place, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(at, place, value, look)  # type: ignore[arg-type]
    else:
        sheet.write_number(at, place, float(value), look)


def _finish(book: Workbook, sheet: Worksheet, head_row: int, written: int) -> None:
    """Sign block, frozen and repeated head, filter buttons, and what goes on paper."""
    last = head_row + written
    bold = book.add_format({"bold": True})
    signers = signature_lines()
    for offset, line in enumerate(signers.left):
        sheet.write_string(last + 2 + offset, 1, line, bold if offset == 1 else None)
        sheet.write_string(last + 2 + offset, signers.right_column, signers.right[offset],
                           bold if offset == 1 else None)  # fmt: skip
    sheet.freeze_panes(head_row + 1, 3)
    sheet.repeat_rows(head_row)
    sheet.autofilter(head_row, 0, last, len(COLUMNS))
    printed = sum(column.printed for column in COLUMNS)
    sheet.print_area(0, 0, last + 2 + len(signers.left), printed)
