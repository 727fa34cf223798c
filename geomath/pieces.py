"""Waters cut into short pieces: what the exposure kernel sweeps over.

A point is a piece of no length; a line and every ring of a polygon become straight pieces of at
most ``max_piece_deg``, straight in degrees as they were drawn
(corners that move the line by less than 0.2 m are dropped). A ring's pieces know which side is
water, so the inside of a polygon needs no structure of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.distance import FloatArray

MAX_LAT_DEG = 85.0  # beyond it a degree of longitude changes too fast for one scale a piece
POINT, LINE, RING, POLYGON = 0, 1, 2, 3
THIN_DEG = 2e-6  # 0.2 m


@dataclass(frozen=True)
class Pieces:
    """Straight pieces from (lon0, lat0) to (lon1, lat1), degrees.

    turn   1 where a ring's piece is walked with water on its left, 0 on points and lines
    shape  number of the shape the piece belongs to
    """

    lon0: FloatArray
    lat0: FloatArray
    lon1: FloatArray
    lat1: FloatArray
    turn: NDArray[np.int8]
    shape: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Number of pieces."""
        return int(self.lon0.size)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Pieces":
        """Keep some pieces, by mask or by number."""
        return Pieces(
            self.lon0[chosen],
            self.lat0[chosen],
            self.lon1[chosen],
            self.lat1[chosen],
            self.turn[chosen],
            self.shape[chosen],
        )


def cut_shapes(shapes: Sequence[BaseGeometry], max_piece_deg: float) -> Pieces:
    """Cut points, lines and polygons (also multi and collections, in degrees) into pieces.

    An empty, invalid or absent shape, or a position that is not in degrees, is a ValueError that
    names its place in the sequence.
    """
    geoms = np.asarray(shapes, dtype=object)
    check_shapes(geoms)
    parts, owner = _simple_parts(geoms)
    kind = shapely.get_type_id(parts)
    polygon = kind == POLYGON
    turned = shapely.orient_polygons(parts[polygon], exterior_cw=False)
    rings, ring_part = shapely.get_rings(turned, return_index=True)
    line = (kind == LINE) | (kind == RING)
    point = kind == POINT
    return _joined(
        [
            _point_pieces(parts[point], owner[point]),
            _line_pieces(parts[line], owner[line], 0, max_piece_deg),
            _line_pieces(rings, owner[polygon][ring_part], 1, max_piece_deg),
        ]
    )


def check_shapes(geoms: NDArray[np.object_]) -> None:
    """Refuse the first shape that cannot be measured, with its number and the reason."""
    _refuse(~shapely.is_geometry(geoms), geoms, "is not a shape")
    _refuse(shapely.is_empty(geoms), geoms, "is empty")
    box = shapely.bounds(geoms)
    far = np.abs(box) > np.array([360.0, MAX_LAT_DEG, 360.0, MAX_LAT_DEG])
    _refuse(
        (far | ~np.isfinite(box)).any(axis=1), geoms, "is not in degrees of longitude and latitude"
    )
    _refuse(~shapely.is_valid(geoms), geoms, "is invalid")


def _refuse(bad: NDArray[np.bool_], geoms: NDArray[np.object_], why: str) -> None:
    if not bad.any():
        return
    number = int(np.flatnonzero(bad)[0])
    geom = geoms[number]
    detail = ""
    if isinstance(geom, BaseGeometry) and not geom.is_empty:
        reason = shapely.is_valid_reason(geom) if why == "is invalid" else f"bounds {geom.bounds}"
        detail = f" ({reason})"
    raise ValueError(f"shape {number} {why}{detail}")


def _simple_parts(geoms: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    owner = np.arange(geoms.size)
    while np.any(shapely.get_type_id(geoms) > POLYGON):
        geoms, source = shapely.get_parts(geoms, return_index=True)
        owner = owner[source]
    filled = ~shapely.is_empty(geoms)
    return geoms[filled], owner[filled]


def _point_pieces(points: NDArray[np.object_], owner: NDArray[np.int64]) -> Pieces:
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    return Pieces(lon, lat, lon, lat, np.zeros(lon.size, np.int8), owner)


def _line_pieces(
    lines: NDArray[np.object_], owner: NDArray[np.int64], turn: int, max_piece_deg: float
) -> Pieces:
    xy, line = shapely.get_coordinates(_thinned(lines), return_index=True)
    start = np.flatnonzero(line[1:] == line[:-1])
    begin, end = xy[start], xy[start + 1]
    steps = np.ceil(np.abs(end - begin).max(axis=1, initial=0.0) / max_piece_deg)
    steps = np.maximum(steps, 1).astype(np.int64)
    number = np.repeat(np.arange(start.size), steps)
    step = np.arange(number.size) - np.repeat(np.cumsum(steps) - steps, steps)
    first = _along(begin, end, number, step, steps)
    last = _along(begin, end, number, step + 1, steps)
    return Pieces(
        first[:, 0],
        first[:, 1],
        last[:, 0],
        last[:, 1],
        np.full(number.size, turn, np.int8),
        owner[line[start]][number],
    )


def _thinned(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Drop corners that say nothing (Douglas-Peucker); closed lines stay closed."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    opened = shapely.linestrings(xy, indices=line)  # a ring could not shrink below four corners
    thin = shapely.simplify(opened, THIN_DEG, preserve_topology=False)
    kept: NDArray[np.object_] = np.where(shapely.is_empty(thin), opened, thin)
    return kept


def _along(
    begin: FloatArray,
    end: FloatArray,
    number: NDArray[np.int64],
    step: NDArray[np.int64],
    steps: NDArray[np.int64],
) -> FloatArray:
    """Position after ``step`` of a segment's steps; the last is the vertex itself, to the bit.

    Neighbours share the formula, so pieces of a ring meet without a gap.
    """
    share = (step / steps[number])[:, None]
    position = begin[number] + (end - begin)[number] * share
    at_end = step == steps[number]
    position[at_end] = end[number[at_end]]
    return position


def _joined(parts: list[Pieces]) -> Pieces:
    return Pieces(
        np.concatenate([part.lon0 for part in parts]),
        np.concatenate([part.lat0 for part in parts]),
        np.concatenate([part.lon1 for part in parts]),
        np.concatenate([part.lat1 for part in parts]),
        np.concatenate([part.turn for part in parts]),
        np.concatenate([part.shape for part in parts]),
    )
