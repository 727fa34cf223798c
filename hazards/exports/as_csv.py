"""CSV as RFC 4180 writes it, with the mark that tells Excel it is UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.utils.translation import override

from hazards.exports.columns import COLUMNS, DEGREES, NUMBER_HEADING, TEXT, WHOLE, Column
from hazards.selectors.rows import HazardRow

BOM = "\ufeff"
CHUNK_ROWS = 500
# What makes a spreadsheet take a cell for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_lines(rows: Iterable[HazardRow], language: str) -> Iterator[str]:
    """Yield the file in pieces: headings and words in ``language``, figures with a full stop."""
    with override(language):
        headings = [str(NUMBER_HEADING), *(str(column.heading) for column in COLUMNS)]
    yield BOM + _written([headings])
    numbered = enumerate(rows, start=1)
    while chunk := list(islice(numbered, CHUNK_ROWS)):
        with override(language):  # not held over a yield: the language belongs to the thread
            lines = [[str(n), *(_cell(column, row) for column in COLUMNS)] for n, row in chunk]
        yield _written(lines)


def _written(lines: list[list[str]]) -> str:
    piece = io.StringIO()
    csv.writer(piece).writerows(lines)
    return piece.getvalue()


def _cell(column: Column, row: HazardRow) -> str:
    value = column.value(row)
    if value is None:
        return ""
    if column.kind == TEXT:
        return guarded(str(value))
    if column.kind == DEGREES:
        return f"{value:.6f}"
    if column.kind == WHOLE:
        return f"{value:.0f}"
    return value.isoformat() if isinstance(value, date) else str(value)
