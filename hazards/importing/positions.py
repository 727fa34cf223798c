"""Shapes of the rows in EPSG:4326, from the file's own shapes or from two columns."""

from __future__ import annotations

import math

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS

from common.crs import choose_crs, crs_name, to_wgs84
from common.numbers import parse_angle, parse_number, plain_numbers
from common.rowreport import SHAPE, RowReport
from common.shapechecks import (
    Shapes,
    keep_only,
    mend_outlines,
    place_faults,
    refuse_misplaced,
    without_rows,
)
from common.sourcetable import SourceTable
from hazards.importing.columns import position_columns
from hazards.importing.options import ImportOptions

KINDS_OF_SHAPE = {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


def read_shapes(table: SourceTable, options: ImportOptions, report: RowReport) -> Shapes:
    """Return shapes in EPSG:4326, None for the rows refused or put aside in ``report``."""
    stated = table.crs if table.shapes is not None else None
    crs = choose_crs(
        name=table.name, stated=stated, is_stated=table.crs_is_stated, asked=options.crs
    )
    skip = options.outside == "skip"
    if table.shapes is None:
        drawn, columns = _from_columns(table, options, crs, report)
    else:
        drawn, columns = _from_file(table, report), None
    shapes = to_wgs84(drawn, crs)
    if columns:
        _refuse_swapped_columns(table, drawn, shapes, crs, columns, report)
    shapes = without_rows(shapes, table.rows, report.refused_shapes)
    refuse_misplaced(report, table.rows, shapes, crs_name(crs), skip_outside=skip)
    shapes = mend_outlines(report, table.rows, shapes)
    return without_rows(shapes, table.rows, report.refused_shapes | report.outside_rows)


def _from_file(table: SourceTable, report: RowReport) -> Shapes:
    """Return the file's shapes, flat, single parts unpacked; refuses what is none."""
    assert table.shapes is not None  # noqa: S101 - for the type checker
    shapes = table.shapes
    with_z = int(shapely.has_z(shapes).sum())
    if with_z:
        report.notices.append(_("Heights (z) were dropped from {n} shapes.").format(n=with_z))
    shapes = shapely.force_2d(shapes)
    single = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    for i in np.flatnonzero(single & (shapely.get_num_geometries(shapes) == 1)):
        shapes[i] = shapely.get_geometry(shapes[i], 0)
    broken = table.broken if table.broken is not None else np.zeros(len(table), dtype=bool)
    kinds = {int(shapely.GeometryType[kind.upper()]) for kind in KINDS_OF_SHAPE}
    usable = np.isin(shapely.get_type_id(shapes), list(kinds)) & ~shapely.is_empty(shapes)
    for i in np.flatnonzero(~usable):
        _refuse_shape(report, int(table.rows[i]), shapes[i], is_broken=bool(broken[i]))
    return keep_only(shapes, usable)


def _refuse_shape(
    report: RowReport, row: int, shape: shapely.Geometry | None, *, is_broken: bool
) -> None:
    if is_broken:
        report.refuse(row, SHAPE, "", _("the shape cannot be read."), _("Draw it again."))
    elif shape is None or shape.is_empty:
        report.refuse(row, SHAPE, "", _("has no shape."), _("Give a point, a line or an outline."))
    else:
        what = _("a shape of the kind {kind} cannot be used.").format(kind=shape.geom_type)
        to_do = _("Give one point, a line or an outline; split the rest into rows.")
        report.refuse(row, SHAPE, "", what, to_do)


def _from_columns(
    table: SourceTable, options: ImportOptions, crs: CRS, report: RowReport
) -> tuple[Shapes, tuple[str, str]]:
    """Return points made of two columns; refuses rows whose cells are no numbers."""
    columns = position_columns(table, options)
    read = parse_angle if crs.is_geographic else parse_number
    numbers: list[NDArray[np.float64]] = []
    for column in columns:
        texts = table.texts(column)
        values = plain_numbers(texts)
        if values is None:
            values = [math.nan if (value := read(text)) is None else value for text in texts]
        numbers.append(np.array(values, dtype=np.float64))
        for i in np.flatnonzero(np.isnan(numbers[-1])):
            _refuse_cell(report, int(table.rows[i]), column, texts[i], is_angle=crs.is_geographic)
    for row, cells in table.ragged.items():
        what = _("has {n} cells, more than the head has columns.").format(n=cells)
        report.refuse(row, "", "", what, _("Put numbers with a decimal comma in quotes."))
    good = np.isfinite(numbers[0]) & np.isfinite(numbers[1])
    points = np.full(len(table), None, dtype=object)
    points[good] = shapely.points(numbers[0][good], numbers[1][good])
    return points, columns


def _refuse_cell(report: RowReport, row: int, column: str, text: str, *, is_angle: bool) -> None:
    if not text:
        report.refuse(row, column, "", _("has no position."), _("Fill in both coordinates."))
    elif is_angle:
        to_do = _("Write degrees (106,91 or 106.91) or degrees, minutes, seconds (106°54'36\" E).")
        report.refuse(row, column, text, _("is no angle."), to_do)
    else:
        to_do = _("Write metres, for instance 1283456,78.")
        report.refuse(row, column, text, _("is no number."), to_do)


def _refuse_swapped_columns(
    table: SourceTable,
    drawn: Shapes,
    shapes: Shapes,
    crs: CRS,
    columns: tuple[str, str],
    report: RowReport,
) -> None:
    """Refuse projected positions that lie in Viet Nam only when x and y change places.

    VN-2000 tables often call the northing X.
    """
    if crs.is_geographic:
        return
    given = ~shapely.is_missing(shapes)
    off = np.logical_or.reduce(place_faults(shapes)) | (given & ~np.isfinite(shapely.get_x(shapes)))
    if not off.any():
        return
    places = np.flatnonzero(off)
    turned = shapely.transform(drawn[places], lambda xy: xy[:, ::-1])
    inside = ~np.logical_or.reduce(place_faults(to_wgs84(turned, crs)))
    for i in places[inside]:
        what = _(
            "the coordinates look swapped: take {y} as easting and {x} as northing (--x-field, "
            "--y-field)."
        ).format(x=columns[0], y=columns[1])
        value = f"{drawn[i].x:.2f} {drawn[i].y:.2f}"
        report.refuse(
            table.rows[i], SHAPE, value, what, _("x is the easting, y the northing; see the head.")
        )
