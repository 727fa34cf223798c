"""Read CSV and XLSX as people make them: first row the head, UTF-8, any of the usual separators."""

from __future__ import annotations

import csv
import gzip
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice, repeat, zip_longest
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import openpyxl
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from common.heads import LOOKED_AT, find_head, is_numbering, joined_head
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
    (table,) = csv_parts(path, name=name)
    return table


def csv_parts(
    path: Path, *, name: str | None = None, rows_at_once: int | None = None
) -> Iterator[SourceTable]:
    """Yield the rows of a CSV file, packed or not, so many at a time; all at once without a number.

    Raises NotUtf8Error, naming the encoding it seems to be in, once that part of it is reached.
    """
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    shown = name or path.name
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as text:
            yield from _parts(text, shown, rows_at_once)
    except UnicodeDecodeError as error:
        with opener(path, "rb") as file:
            encoding = encoding_of_bytes(file.read())
        raise NotUtf8Error(name=shown, encoding=encoding) from error


def parse_csv(data: bytes, name: str) -> SourceTable:
    """Return the rows of CSV bytes; raises NotUtf8Error naming the encoding they seem to be in."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(name=name, encoding=encoding_of_bytes(data)) from error
    (table,) = _parts(io.StringIO(text, newline=""), name, None)
    return table


def _parts(text: TextIO, name: str, rows_at_once: int | None) -> Iterator[SourceTable]:
    csv.field_size_limit(_MAX_CELL_CHARS)
    begun: list[str] = []  # up to the head, which tells the separator
    for line in text:
        begun.append(line)
        if line.strip():
            break
    separator = max(_SEPARATORS, key=(begun or [""])[-1].count)
    lines = csv.reader(_without_nul(chain(begun, text), name), delimiter=separator)
    try:
        yield from _tables(name, lines, rows_at_once)
    except csv.Error as error:
        raise SourceFileError(name=name, reason=str(error)) from error


def _without_nul(lines: Iterable[str], name: str) -> Iterator[str]:
    for line in lines:
        if "\x00" in line:
            raise SourceFileError(name=name, reason="NUL")
        yield line


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
    for cell in cells:  # noqa: SIM110 - the first tells mostly, and a generator costs as much again
        if cell is not None and str(cell).strip():
            return True
    return False


def _table(name: str, lines: Iterable[Cells]) -> SourceTable:
    (table,) = _tables(name, lines, None)
    return table


def _tables(name: str, lines: Iterable[Cells], rows_at_once: int | None) -> Iterator[SourceTable]:
    """Yield the lines under the head, which names the columns; at least one row.

    Titles above the head are passed over; a head of two lines, as merged cells make it, is read as
    one, and a line that only numbers the columns is none of the rows.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if _is_filled(line))
    begun = list(islice(numbered, LOOKED_AT))
    titles, head_lines = find_head([line for _number, line in begun])
    head = _head(name, joined_head([line for _number, line in begun[titles:][:head_lines]]))
    rest = begun[titles + head_lines :]
    if rest and is_numbering(rest[0][1], is_expected=titles > 0 or head_lines > 1):
        rest = rest[1:]
    has_rows = False
    rows = chain(rest, numbered)
    while part := list(islice(rows, rows_at_once)):
        has_rows = True
        yield _grid(name, head, part)
    if not has_rows:
        raise NoRowsError(name=name)


def _head(name: str, cells: Cells) -> list[str]:
    head = [text_of(cell) for cell in cells]
    while head and not head[-1]:
        head.pop()
    named = [title for title in head if title]
    twice = next((title for title in named if named.count(title) > 1), None)
    if twice:
        raise HeadError(name=name, field=twice)
    return head


def _grid(name: str, head: list[str], numbered: list[tuple[int, Cells]]) -> SourceTable:
    width = len(head)
    ragged = {
        number: len(line)
        for number, line in numbered
        if len(line) > width and _is_filled(line[width:])
    }
    columns: dict[str, NDArray[np.object_]] = {}
    across = chain(zip_longest(*(line for _number, line in numbered)), repeat(None))
    for title, cells in zip(head, across, strict=False):
        if title:
            columns[title] = np.empty(len(numbered), dtype=object)
            columns[title][:] = cells
    rows = np.array([number for number, _line in numbered], dtype=np.int64)
    return SourceTable(name=name, columns=columns, rows=rows, ragged=ragged)
