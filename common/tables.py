"""Read CSV and XLSX as people make them: first row the head, UTF-8, any of the usual separators."""

from __future__ import annotations

import csv
import gzip
import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from django.utils.translation import gettext_lazy as _

from common.legacy import encoding_of_bytes
from common.sourcefile import SourceFileError
from common.sourcetable import SourceTable, text_of

_SEPARATORS = ",;\t|"
_MAX_CELL_CHARS = 1_000_000

Cells = list[Any]


class NotUtf8Error(SourceFileError):
    code = "common.not_utf8"
    template = _(
        "{name} is not UTF-8; it looks like {encoding}. Nothing was stored. Convert the text to "
        "Unicode if it is TCVN3 or VNI, then save it as “CSV UTF-8”."
    )


class NoRowsError(SourceFileError):
    code = "common.no_rows"
    template = _("{name} has no rows under its head. Nothing was stored.")


class HeadError(SourceFileError):
    code = "common.table_head"
    template = _("{name}: the column name {field} stands twice. Give each column its own name.")


class SheetError(SourceFileError):
    code = "common.sheet"
    template = _("{name} has no sheet {sheet}. It has: {sheets}.")


def read_csv(path: Path, *, name: str | None = None) -> SourceTable:
    """Return the rows of a CSV file, packed by gzip or not; every cell is text."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rb") as file:
        return parse_csv(file.read(), name or path.name)


def parse_csv(data: bytes, name: str) -> SourceTable:
    """Return the rows of CSV bytes; raises NotUtf8Error naming the encoding they seem to be in."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(name=name, encoding=encoding_of_bytes(data)) from error
    if "\x00" in text:
        raise SourceFileError(name=name, reason="NUL")
    head_line = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=head_line.count)
    csv.field_size_limit(_MAX_CELL_CHARS)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise SourceFileError(name=name, reason=str(error)) from error
    return _table(name, lines)


def read_xlsx(path: Path, *, sheet: str | None = None) -> SourceTable:
    """Return the rows of the named sheet, or of the first that has any."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations we do not use
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                return _read_book(book, path.name, sheet)
            finally:
                book.close()
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, TypeError, IndexError) as error:
        raise SourceFileError(name=path.name, reason=str(error)) from error
    except SyntaxError as error:  # broken XML inside
        raise SourceFileError(name=path.name, reason=str(error)) from error


def _read_book(book: Any, name: str, sheet: str | None) -> SourceTable:
    if sheet is not None and sheet not in book.sheetnames:
        raise SheetError(name=name, sheet=sheet, sheets=", ".join(book.sheetnames))
    for title in [sheet] if sheet else book.sheetnames:
        page = book[title]
        if not hasattr(page, "iter_rows"):
            continue  # a chart
        lines = [list(row) for row in page.iter_rows(values_only=True)]
        if any(_is_filled(line) for line in lines):
            return _table(name, lines)
    raise NoRowsError(name=name)


def _is_filled(cells: Cells) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def _table(name: str, lines: list[Cells]) -> SourceTable:
    """Return the lines under the first filled one, which names the columns."""
    numbered = [(number, line) for number, line in enumerate(lines, 1) if _is_filled(line)]
    if len(numbered) < 2:
        raise NoRowsError(name=name)
    head = [text_of(cell) for cell in numbered[0][1]]
    while head and not head[-1]:
        head.pop()
    named = [title for title in head if title]
    twice = next((title for title in named if named.count(title) > 1), None)
    if twice:
        raise HeadError(name=name, field=twice)
    width = len(head)
    ragged: dict[int, int] = {}
    grid = np.empty((len(numbered) - 1, width), dtype=object)
    for place, (number, line) in enumerate(numbered[1:]):
        if len(line) > width and _is_filled(line[width:]):
            ragged[number] = len(line)
        cells = line[:width]
        grid[place, : len(cells)] = cells
    columns = {title: grid[:, i].copy() for i, title in enumerate(head) if title}
    rows = np.array([number for number, _line in numbered[1:]], dtype=np.int64)
    return SourceTable(name=name, columns=columns, rows=rows, ragged=ragged)
