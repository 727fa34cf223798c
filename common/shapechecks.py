"""Checks and repairs of shapes that come from files: in Viet Nam, in degrees, not crossing."""

from __future__ import annotations

import re

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from common.crs import zone_offers
from common.numbers import Shown
from common.rowreport import OUTSIDE, REFUSED, SHAPE, RowReport

# Degrees (west, south, east, north) around mainland, Hoàng Sa and Trường Sa, a little wide.
AROUND_VIETNAM = (101.5, 5.5, 118.5, 24.0)
REPAIR_MAX_SHARE = 0.001  # of the area: more than this changed is another outline, not a repair

Shapes = NDArray[np.object_]
Mask = NDArray[np.bool_]

Rows = NDArray[np.int64]


def keep_only(shapes: Shapes, mask: Mask) -> Shapes:
    """Return the shapes where ``mask`` is true, None elsewhere."""
    kept = shapes.copy()
    kept[~mask] = None
    return kept


def without_rows(shapes: Shapes, rows: Rows, gone: set[int]) -> Shapes:
    """Return the shapes, None where their row is ``gone``."""
    return keep_only(shapes, ~np.isin(rows, list(gone)))


def refuse_misplaced(
    report: RowReport, rows: Rows, shapes: Shapes, crs: str, *, skip_outside: bool = False
) -> None:
    """Refuse shapes that, read as ``crs``, are no degrees, look swapped, or lie elsewhere.

    With ``skip_outside`` those elsewhere are only put aside as outside.
    """
    not_degrees, swapped, elsewhere = place_faults(shapes)
    zones = zone_offers() if not_degrees.any() else ""
    faults = (
        (
            not_degrees,
            _("read as {crs} the coordinates are no degrees of the earth.").format(crs=crs),
            _("Choose the right system (--crs): 4326 or a VN-2000 zone: {zones}.").format(
                zones=zones
            ),
        ),
        (
            swapped,
            _("longitude and latitude look swapped: use them the other way round."),
            _("Give longitude as x, latitude as y."),
        ),
        (
            elsewhere,
            _("read as {crs} it lies outside Viet Nam.").format(crs=crs),
            _("Check the coordinate system of the file (--crs)."),
        ),
    )
    for mask, what, to_do in faults:
        outcome = OUTSIDE if skip_outside and mask is elsewhere else REFUSED
        for i in np.flatnonzero(mask):
            report.add(rows[i], outcome, SHAPE, bounds_text(shapes[i]), what, to_do)


def mend_outlines(report: RowReport, rows: Rows, shapes: Shapes) -> Shapes:
    """Return the shapes with crossing outlines mended where that changes next to nothing.

    The others are refused with the place of the fault. Rows already refused are left as they are.
    """
    refused = report.refused_shapes | report.outside_rows
    shapes = shapes.copy()
    for i in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)):
        if int(rows[i]) in refused:
            continue
        where = where_invalid(shapes[i])
        if not shapes[i].geom_type.endswith("Polygon"):
            report.refuse(rows[i], SHAPE, where, _("the shape is broken."), _("Draw it again."))
            continue
        shape, share = repaired(shapes[i])
        if shape is None:
            what = _("the outline crosses itself; mending it would change {share:.2%} of the area.")
            report.refuse(
                rows[i], SHAPE, where, what.format(share=Shown(share)), _("Draw it again there.")
            )
        else:
            what = _("the outline crossed itself and was mended ({share:.4%} of the area changed).")
            report.note(rows[i], SHAPE, where, what.format(share=Shown(share)))
            shapes[i] = shape
    return shapes


def place_faults(shapes: Shapes) -> tuple[Mask, Mask, Mask]:
    """Say of shapes read as EPSG:4326 which are off: not degrees at all, swapped, elsewhere.

    A shape is in at most one of the three masks; shapes with a part in Viet Nam and one outside
    are elsewhere. Missing and empty shapes are in none.
    """
    west, south, east, north = shapely.bounds(shapes).T
    given = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    with np.errstate(invalid="ignore"):
        inside = _within(west, south, east, north)
        swapped = _within(south, west, north, east)
        degrees = (np.maximum(np.abs(west), np.abs(east)) <= 180) & (
            np.maximum(np.abs(south), np.abs(north)) <= 90
        )
    off = given & ~inside
    return off & ~degrees & ~swapped, off & swapped, off & degrees & ~swapped


def _within(
    west: NDArray[np.float64],
    south: NDArray[np.float64],
    east: NDArray[np.float64],
    north: NDArray[np.float64],
) -> Mask:
    box = AROUND_VIETNAM
    return np.asarray((west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3]))


def bounds_text(shape: shapely.Geometry) -> str:
    """Return where ``shape`` is, as first and last x and y."""
    west, south, east, north = shape.bounds
    if (west, south) == (east, north):
        return f"{west:.6g} {south:.6g}"
    return f"{west:.6g}…{east:.6g} {south:.6g}…{north:.6g}"


def repaired(shape: shapely.Geometry) -> tuple[shapely.Geometry | None, float]:
    """Return a valid outline for an invalid one and the share of its area that changed.

    None instead of the outline when the change is REPAIR_MAX_SHARE or more: then only somebody who
    knows the place can say which outline was meant.
    """
    whole = polygons_of(shapely.make_valid(shape))
    drawn_area = abs(shapely.area(shape))
    if whole is None or drawn_area == 0:
        return None, 1.0
    share = abs(shapely.area(whole) - drawn_area) / drawn_area
    return (whole if share < REPAIR_MAX_SHARE else None), float(share)


def polygons_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Return the polygons of ``shape`` as one Polygon or MultiPolygon, or None."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")]
    if shape.geom_type == "GeometryCollection" and parts:
        shape = shapely.union_all(parts)
    return shape if shape.geom_type in {"Polygon", "MultiPolygon"} and not shape.is_empty else None


def where_invalid(shape: shapely.Geometry) -> str:
    """Return GEOS's reason and position: ``Self-intersection at 106.91 11.53``."""
    reason = shapely.is_valid_reason(shape)
    return re.sub(r"\[(\S+) (\S+)\]$", r" at \1 \2", reason)
