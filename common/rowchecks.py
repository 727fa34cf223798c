"""Checks that every import asks of its rows: texts in Unicode, shapes that can be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from common.legacy import column_encoding, wrong_encoding
from common.rowreport import RowReport
from common.sourcefile import SourceFileError
from common.sourcetable import SourceTable

# Degrees (west, south, east, north) around mainland, Hoàng Sa and Trường Sa, a little wide.
AROUND_VIETNAM = (101.5, 5.5, 118.5, 24.0)
REPAIR_MAX_SHARE = 0.001  # of the area: more than this changed is another outline, not a repair

Shapes = NDArray[np.object_]
Mask = NDArray[np.bool_]


class ColumnEncodingError(SourceFileError):
    code = "common.column_encoding"
    template = gettext_lazy(
        "{name}: the column {field} is written in {encoding}, not Unicode (row {row}: “{value}”). "
        "Nothing was stored. Convert the text to Unicode and export the file again as UTF-8."
    )


def refuse_wrong_encoding(report: RowReport, table: SourceTable, fields: Iterable[str]) -> None:
    """Refuse rows whose text is garbage; raises ColumnEncodingError when a whole column is."""
    for field in fields:
        texts = [value if isinstance(value, str) else "" for value in table.column(field)]
        found = [(i, name) for i, text in enumerate(texts) if (name := wrong_encoding(text))]
        if not found:
            continue
        first, encoding = found[0]
        if len(found) > 1 and (whole := column_encoding(texts)):
            raise ColumnEncodingError(
                name=table.name,
                field=field,
                encoding=whole,
                row=table.rows[first],
                value=texts[first][:60],
            )
        for i, encoding in found:
            report.refuse(
                table.rows[i],
                field,
                texts[i],
                _("looks like {encoding}, not Unicode.").format(encoding=encoding),
                _("Convert the text to Unicode and save the file as UTF-8."),
            )


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


def first_rows(rows: Sequence[int], keys: Sequence[str]) -> dict[str, list[int]]:
    """Return for each key that stands more than once the rows it stands in; "" is no key."""
    places: dict[str, list[int]] = {}
    for row, key in zip(rows, keys, strict=True):
        if key:
            places.setdefault(key, []).append(int(row))
    return {key: found for key, found in places.items() if len(found) > 1}
