"""The comparison of two days as a file."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from hazards.exports.as_csv import BOM, guarded
from hazards.exports.title_block import day
from hazards.selectors.compared import Compared, Progress


def headings() -> list[str]:
    return [
        _("Unit"), _("Hazards before"), _("Hazards now"), _("Not compliant before"),
        _("Not compliant now"), _("Newly found"), _("Repaired"), _("Relapsed"),
        _("Left the register"),
    ]  # fmt: skip


def rows_of(compared: Compared) -> list[Progress]:
    return [*compared.communes, compared.total]


def progress_csv(compared: Compared) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings())
    for row in rows_of(compared):
        name, *numbers = astuple(row)
        writer.writerow([guarded(name), *numbers])
    return (BOM + text.getvalue()).encode()


def progress_xlsx(compared: Compared) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 8, 13)
        sheet.write_string(0, 0, f"{day(compared.start)} → {day(compared.end)}", bold)
        for column, heading in enumerate(headings()):
            sheet.write_string(2, column, heading, bold)
        for line, row in enumerate(rows_of(compared), start=3):
            name, *numbers = astuple(row)
            sheet.write_string(line, 0, name)
            for column, number in enumerate(numbers, start=1):
                sheet.write_number(line, column, number)
    return target.getvalue()
