"""A list as a file: one place that knows the formats, for the pages and the command."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import IO

from hazards.exports.as_csv import csv_lines
from hazards.exports.as_geojson import geojson_text
from hazards.exports.as_xlsx import write_xlsx
from hazards.selectors.list_facts import list_facts
from hazards.selectors.listing import HazardRows

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
FORMATS = tuple(MEDIA_TYPES)
_PIECE_BYTES = 64 * 1024


def file_pieces(rows: HazardRows, format_name: str, language: str) -> Iterator[bytes]:
    """Yield the file's bytes; rows are read as it goes, never all at once."""
    return _MAKERS[format_name](rows, language)


def _csv(rows: HazardRows, language: str) -> Iterator[bytes]:
    return (piece.encode() for piece in csv_lines(rows.stream(), language))


def _geojson(rows: HazardRows, language: str) -> Iterator[bytes]:
    facts = list_facts(rows)
    return (piece.encode() for piece in geojson_text(rows.stream(geometry=True), facts, language))


def _xlsx(rows: HazardRows, language: str) -> Iterator[bytes]:
    """A workbook is a zip: it is written to a file without a name first, then sent."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _read when it is sent
    try:
        write_xlsx(target, rows.stream(), list_facts(rows), language)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return _read(target)


def _read(source: IO[bytes]) -> Iterator[bytes]:
    with source:
        while piece := source.read(_PIECE_BYTES):
            yield piece


_MAKERS: dict[str, Callable[[HazardRows, str], Iterator[bytes]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "geojson": _geojson,
}
