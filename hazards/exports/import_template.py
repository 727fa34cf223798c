"""An empty workbook to fill in: drop-down lists, and a guide on a sheet of its own."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from hazards.importing.columns import TEMPLATE_COLUMNS
from hazards.taxonomy import HazardKind, Lifecycle

ROWS = 1000  # rows with drop-down lists


def template_workbook() -> bytes:
    """Return the bytes of the workbook, in the reader's language but for the columns' names."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#DCE8F0", "border": 1, "text_wrap": True})
    sheet = book.add_worksheet(_("Hazards")[:31])
    sheet.freeze_panes(1, 0)
    for n, (column, width) in enumerate(TEMPLATE_COLUMNS):
        sheet.write(0, n, column, head)
        sheet.set_column(n, n, width)
    _lists(book, sheet)
    _guide(book, head)
    book.close()
    return target.getvalue()


def _lists(book: Any, sheet: Any) -> None:
    """Put the words into a sheet of their own: lists in a cell end at 255 characters."""
    names = [column for column, _width in TEMPLATE_COLUMNS]
    words = book.add_worksheet("DM")
    columns = {"loại": [str(kind.label) for kind in HazardKind],
               "tình trạng": [str(state.label) for state in Lifecycle]}  # fmt: skip
    for place, (column, labels) in enumerate(columns.items()):
        letter = chr(ord("A") + place)
        for row, label in enumerate(labels):
            words.write(row, place, label)
        at = names.index(column)
        sheet.data_validation(1, at, ROWS, at, {
            "validate": "list", "source": f"=DM!${letter}$1:${letter}${len(labels)}",
            "error_title": _("Not in the list"), "error_message": _("Choose one from the list."),
        })  # fmt: skip
    words.hide()


def _guide(book: Any, head: Any) -> None:
    guide = book.add_worksheet(_("How to fill in")[:31])
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 90)
    lines = [
        ("mã", _("A number that stays the same from file to file; a new file updates the old.")),
        ("loại", _("The kind of water, from the list.")),
        ("tên", _("The name that people here use; empty if there is none.")),
        ("kinh độ, vĩ độ", _("Degrees of the phone's GPS, such as 106,55123 and 11,75012.")),
        ("độ sâu (m)", _("The greatest depth in metres; empty if nobody knows.")),
        ("đơn vị chịu trách nhiệm", _("Who has to put up the sign and the barrier.")),
        ("tình trạng", _("The state, from the list; empty means in use.")),
    ]
    for row, (column, text) in enumerate(lines):
        guide.write(row, 0, column, head)
        guide.write(row, 1, text)
