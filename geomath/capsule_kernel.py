"""What one piece of water covers in one strip: widths whose area is exact.

A piece grown by the distance is a capsule (a disk, if it is a point). Over the height of a strip
its width is replaced by the mean of its exact width, from closed integrals.
"""

import math

import numpy as np

from geomath._jit import compiled
from geomath.distance import FloatArray

UNITS = 1 << 14  # parts of a cell's width: 6 mm at 100 m, 6 cm at 1 km
ARC_STEPS = 8192

# columns of the table of prepared pieces; A is the southern end, metres are relative to it
COL_A, LAT_A, COL_B, LAT_B, DX_M, DY_M, M_LAT, M_LON, TURN, OWNER = range(10)
FIELDS = 10


def _arc_table() -> FloatArray:
    """Area under the unit half circle from -1 to t, for t = -1 ... 1 in equal steps."""
    t = np.linspace(-1, 1, 2 * ARC_STEPS + 1)
    area = (t * np.sqrt(np.maximum(0, 1 - t * t)) + np.arcsin(t)) / 2 + math.pi / 4
    return np.append(area, area[-1])  # one more, so that t = 1 may read its neighbour


ARC_AREA = _arc_table()


@compiled
def _arc(t: float, table: FloatArray) -> float:
    """Area under the unit half circle from -1 to t; t beyond the circle is cut."""
    if t <= -1.0:
        return 0.0
    if t >= 1.0:
        return math.pi / 2
    place = (t + 1.0) * ARC_STEPS
    i = int(place)
    return float(table[i] + (table[i + 1] - table[i]) * (place - i))


@compiled
def _arc_between(y0: float, y1: float, radius: float, table: FloatArray) -> float:
    """Integral of sqrt(radius^2 - y^2) from y0 to y1, zero outside the circle."""
    if y1 <= y0:
        return 0.0
    return radius * radius * (_arc(y1 / radius, table) - _arc(y0 / radius, table))


@compiled
def _spine_integral(y0: float, y1: float, dx: float, dy: float) -> float:
    """Integral of x along the spine: the piece from (0, 0) to (dx, dy), prolonged north and south.

    The spine lies inside the capsule at every height and does not depend on the distance, so a
    larger distance can only widen an interval.
    """
    low, high = max(y0, 0.0), min(y1, dy)
    area = (high * high - low * low) / 2 * dx / dy if high > low else 0.0
    return area + max(0.0, y1 - max(y0, dy)) * dx


@compiled
def _west_reach(
    y0: float, y1: float, dx: float, dy: float, radius: float, table: FloatArray
) -> float:
    """Integral over y0..y1 of the distance from the spine to the capsule's western edge.

    Going north the edge is the circle of the first end up to height ``leave``, then parallel to
    the piece, then the circle of the other end. The eastern reach is that of the mirrored piece.
    """
    length = math.sqrt(dx * dx + dy * dy)
    leave = radius * dx / length
    bottom, top = max(y0, -radius), min(y1, dy + radius)
    if top <= bottom:
        return 0.0
    area = _spine_integral(bottom, top, dx, dy)
    area += _arc_between(bottom, min(top, leave), radius, table)
    area += _arc_between(max(bottom, dy + leave) - dy, top - dy, radius, table)
    area -= max(0.0, top - max(bottom, dy + leave)) * dx
    low, high = max(bottom, leave), min(top, dy + leave)
    if high > low:
        area += (high - low) * (radius * length - (low + high) / 2 * dx) / dy
    return area


@compiled
def clamped(col: float, cols: int) -> int:
    """Whole units of a fractional column, cut at the edges of the grid."""
    return math.floor(min(max(col, 0.0), float(cols)) * UNITS + 0.5)


@compiled
def _packed(west: float, east: float, cols: int) -> int:
    """An interval of columns as start << 32 | end, or -1 if nothing of it is on the grid."""
    a, b = clamped(west, cols), clamped(east, cols)
    return (a << 32) | b if b > a else -1


@compiled
def packed_disk(
    piece: FloatArray,
    north: float,
    south: float,
    scale: float,
    radius: float,
    cols: int,
    table: FloatArray,
) -> int:
    """The interval that a point's disk covers in a strip; scale is in columns per metre."""
    y0 = (south - piece[LAT_A]) * piece[M_LAT]
    y1 = (north - piece[LAT_A]) * piece[M_LAT]
    half = _arc_between(y0, y1, radius, table) * scale / (y1 - y0)
    return _packed(piece[COL_A] - half, piece[COL_A] + half, cols)


@compiled
def packed_capsule(
    piece: FloatArray,
    north: float,
    south: float,
    scale: float,
    radius: float,
    cols: int,
    table: FloatArray,
) -> int:
    """The interval that a piece of some length covers in a strip."""
    y0 = (south - piece[LAT_A]) * piece[M_LAT]
    y1 = (north - piece[LAT_A]) * piece[M_LAT]
    dx, dy = piece[DX_M], piece[DY_M]
    per_m = scale / (y1 - y0)
    west = _west_reach(y0, y1, dx, dy, radius, table) * per_m
    east = _west_reach(y0, y1, -dx, dy, radius, table) * per_m
    middle = piece[COL_A] + _spine_integral(y0, y1, dx, dy) * per_m
    return _packed(middle - west, middle + east, cols)


@compiled
def ends_inside(piece: FloatArray, north: float, south: float, radius: float) -> bool:
    """Say whether a piece of some length has its northern or southern edge inside the strip."""
    y0 = (south - piece[LAT_A]) * piece[M_LAT]
    y1 = (north - piece[LAT_A]) * piece[M_LAT]
    margin = y1 - y0 - radius  # the strip next to it, too: there the edge is still nearly level
    return bool(y0 < margin or y1 > piece[DY_M] - margin)
