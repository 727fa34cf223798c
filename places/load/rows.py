"""From the columns of a file to units with code, names and a usable outline, or reasons why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _

from common.crs import choose_crs, crs_name, to_wgs84
from common.rowchecks import first_rows, refuse_wrong_encoding
from common.rowreport import SHAPE, RowReport
from common.shapechecks import Shapes, mend_outlines, refuse_misplaced, without_rows
from common.sourcetable import SourceTable
from common.text import tidy
from places.load.options import UnitsOptions

# Words for types of units, as they stand before a name.
_TYPES = (
    "thành phố", "thị xã", "thị trấn", "đặc khu", "tỉnh", "huyện", "quận", "phường", "xã",
)  # fmt: skip
_LIMITS = {"code": 30, "name": 200, "full_name": 250}  # characters, as in the model


@dataclass
class UnitRow:
    """One unit of the file, EPSG:4326. ``parent_code`` is "" where the file gives none."""

    row: int
    code: str
    name: str
    full_name: str
    parent_code: str
    shape: shapely.Geometry


def read_rows(table: SourceTable, options: UnitsOptions, report: RowReport) -> list[UnitRow]:
    """Return the usable rows of ``table``; all others are refused in ``report``."""
    fields = (options.name_field, options.full_name_field, options.type_field)
    refuse_wrong_encoding(report, table, [field for field in fields if field])
    _note_numbers(table, options, report)
    codes = [tidy(text) for text in table.texts(options.code_field)]
    parents = table.texts(options.parent_field) if options.parent_field else [""] * len(table)
    names = _names(table, options)
    _check_texts(table, options, report, codes, names)
    shapes = outlines(table, options.crs, report)
    refused = report.refused_rows
    return [
        UnitRow(int(row), code, name, full_name, tidy(parent), shape)
        for row, code, (name, full_name), parent, shape in zip(
            table.rows, codes, names, parents, shapes, strict=True
        )
        if int(row) not in refused
    ]


def split_type(text: str) -> tuple[str, str]:
    """Return (type, name) of a full name; the type is "" where none is, or a number would be left.

    >>> split_type("Thị xã Bình Long"), split_type("Quận 1")
    (('Thị xã', 'Bình Long'), ('', 'Quận 1'))
    """
    for word in _TYPES:
        rest = text[len(word) :].strip()
        if text.casefold().startswith(f"{word} ") and rest and not rest.isdigit():
            return text[: len(word)], rest
    return "", text


def _names(table: SourceTable, options: UnitsOptions) -> list[tuple[str, str]]:
    """Return (name, full name) of each row: "Lộc Ninh", "Xã Lộc Ninh"."""
    names = [tidy(text) for text in table.texts(options.name_field)]
    if options.full_name_field:
        full = [tidy(text) for text in table.texts(options.full_name_field)]
        return [(name, whole or name) for name, whole in zip(names, full, strict=True)]
    if options.type_field:
        types = [tidy(text) for text in table.texts(options.type_field)]
        return [_typed(name, kind) for name, kind in zip(names, types, strict=True)]
    return [(split_type(name)[1], name) for name in names]


def _typed(name: str, kind: str) -> tuple[str, str]:
    given, bare = split_type(name)
    if given or not kind or not name:
        return bare, name
    return name, f"{kind[:1].upper()}{kind[1:]} {name}"


def _note_numbers(table: SourceTable, options: UnitsOptions, report: RowReport) -> None:
    for field in (options.code_field, options.parent_field):
        if not field:
            continue
        values = [value for value in table.column(field) if value is not None]
        if values and all(isinstance(value, (int, float, np.number)) for value in values):
            report.notices.append(
                _(
                    "The codes in the column {field} are numbers in the file: zeros at the front, "
                    "if there were any, are lost. Export codes as text."
                ).format(field=field)
            )


def _check_texts(
    table: SourceTable,
    options: UnitsOptions,
    report: RowReport,
    codes: list[str],
    names: list[tuple[str, str]],
) -> None:
    twice = first_rows(list(table.rows), codes)
    for row, code, (name, full_name) in zip(table.rows, codes, names, strict=True):
        if not code:
            report.refuse(row, options.code_field, name, _("has no code."), _("Fill in the code."))
        elif code in twice:
            report.refuse(
                row,
                options.code_field,
                code,
                _("stands in several rows: {rows}.").format(
                    rows=", ".join(map(str, twice[code][:10]))
                ),
                _("Keep one, or join the parts of one unit to one shape."),
            )
        if not name:
            report.refuse(row, options.name_field, code, _("has no name."), _("Fill in the name."))
        for field, text in (("code", code), ("name", name), ("full_name", full_name)):
            if len(text) > _LIMITS[field]:
                what = _("is longer than {limit} characters.").format(limit=_LIMITS[field])
                report.refuse(row, field, text, what, _("Check that it is the right column."))


def outlines(table: SourceTable, crs_asked: str | None, report: RowReport) -> Shapes:
    """Return the outlines in EPSG:4326, flat and valid; refuses the rows where that cannot be."""
    given = table.shapes if table.shapes is not None else np.full(len(table), None, dtype=object)
    crs = choose_crs(
        name=table.name, stated=table.crs, is_stated=table.crs_is_stated, asked=crs_asked
    )
    _refuse_unusable(table, given, report)
    shapes = without_rows(given, table.rows, report.refused_shapes)
    with_z = int(shapely.has_z(shapes).sum())
    if with_z:
        report.notices.append(_("Heights (z) were dropped from {n} shapes.").format(n=with_z))
    shapes = to_wgs84(shapely.force_2d(shapes), crs)
    refuse_misplaced(report, table.rows, shapes, crs_name(crs))
    return mend_outlines(report, table.rows, shapes)


def _refuse_unusable(table: SourceTable, shapes: Shapes, report: RowReport) -> None:
    broken = table.broken if table.broken is not None else np.zeros(len(table), dtype=bool)
    for row, shape, unreadable in zip(table.rows, shapes, broken, strict=True):
        if unreadable:
            report.refuse(row, SHAPE, "", _("the shape cannot be read."), _("Draw it again."))
        elif shape is None or shape.is_empty:
            report.refuse(row, SHAPE, "", _("has no shape."), _("Draw its outline."))
        elif shape.geom_type not in {"Polygon", "MultiPolygon"}:
            what = _("is a {kind}, not an area.").format(kind=shape.geom_type)
            report.refuse(row, SHAPE, "", what, _("Units need an area. Check the layer."))
