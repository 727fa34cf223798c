"""The sweep: which share of each cell lies within a distance of any piece of water.

Each row of cells is cut into strips. In a strip every piece covers one interval of longitude whose
width is the mean of the exact width over the strip, so its area is exact; the intervals of a strip
are sorted and merged in whole numbers, so order and duplicates cannot matter.
"""

import math

import numpy as np
from numpy.typing import NDArray

from geomath._jit import compiled
from geomath.distance import FloatArray

UNITS = 1 << 14  # parts of a cell's width: 6 mm at 100 m, 6 cm at 1 km
MAX_COLS = 1 << 16  # two ends of an interval must fit in one 64-bit number
ARC_STEPS = 8192
LOW_HALF = (1 << 32) - 1

# columns of the table of prepared pieces; A is the southern end, metres are relative to it
COL_A, LAT_A, COL_B, LAT_B, DX_M, DY_M, M_LAT, M_LON, TURN = range(9)
FIELDS = 9


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
    return table[i] + (table[i + 1] - table[i]) * (place - i)


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
def interval(
    piece: FloatArray, north_deg: float, south_deg: float, scale: float, radius: float,
    table: FloatArray,
) -> tuple[float, float]:
    """Columns (fractional) that a piece covers in a strip; equal when it covers none.

    scale  columns per metre at the height of the strip
    """
    y0 = (south_deg - piece[LAT_A]) * piece[M_LAT]
    y1 = (north_deg - piece[LAT_A]) * piece[M_LAT]
    dx, dy = piece[DX_M], piece[DY_M]
    per_m = scale / (y1 - y0)
    if dx == 0.0 and dy == 0.0:
        half = _arc_between(y0, y1, radius, table) * per_m
        return piece[COL_A] - half, piece[COL_A] + half
    west = _west_reach(y0, y1, dx, dy, radius, table)
    if west == 0.0:
        return piece[COL_A], piece[COL_A]
    east = _west_reach(y0, y1, -dx, dy, radius, table)
    middle = piece[COL_A] + _spine_integral(y0, y1, dx, dy) * per_m
    return middle - west * per_m, middle + east * per_m


@compiled
def _clamped(col: float, cols: int) -> int:
    """Whole units of a fractional column, cut at the edges of the grid."""
    return int(math.floor(min(max(col, 0.0), float(cols)) * UNITS + 0.5))


@compiled
def _add_insides(events: NDArray[np.int64], count: int, packed: NDArray[np.int64], n: int) -> int:
    """Turn sorted bank crossings (position * 2 + 1 where water ends) into intervals of water."""
    events[:count].sort()
    depth, start = 0, 0
    for i in range(count):
        place = events[i] >> 1
        if events[i] & 1:
            depth -= 1
            if depth == 0 and place > start:
                packed[n] = (start << 32) | place
                n += 1
        else:
            if depth == 0:
                start = place
            depth += 1
    return n


@compiled
def _deposit(start: int, end: int, diff: NDArray[np.int64]) -> None:
    """Add the interval [start, end) to a row of cells, as differences along the row."""
    col, rest = start // UNITS, start % UNITS
    diff[col] += UNITS - rest
    diff[col + 1] += rest
    col, rest = end // UNITS, end % UNITS
    diff[col] -= UNITS - rest
    diff[col + 1] -= rest


@compiled
def merge_into(packed: NDArray[np.int64], n: int, diff: NDArray[np.int64]) -> None:
    """Sort the intervals (start << 32 | end), merge what overlaps, and add each part once."""
    packed[:n].sort()
    start, end = -1, -1
    for i in range(n):
        a, b = packed[i] >> 32, packed[i] & LOW_HALF
        if a > end:
            if end > start:
                _deposit(start, end, diff)
            start, end = a, b
        elif b > end:
            end = b
    if end > start:
        _deposit(start, end, diff)


@compiled
def sweep_rows(
    pieces: FloatArray, first_of_strip: NDArray[np.int64], last_strip: NDArray[np.int64],
    reach: int, radius: float, strip_lat: FloatArray, strip_m_lon: FloatArray, dlon: float,
    cols: int, per_row: int, row_begin: int, row_end: int, row_start: NDArray[np.int64],
    cell_col: NDArray[np.int32], share: NDArray[np.float32], room: int, table: FloatArray,
) -> None:
    """Fill ``share`` (0 to 1) for the listed cells of rows row_begin to row_end.

    pieces          prepared table, sorted by first strip reached
    first_of_strip  where the pieces of each strip begin in it (strips + 1 numbers)
    last_strip      last strip that each piece reaches;  reach: most strips any piece reaches
    strip_lat       latitude of the strips' edges (strips + 1); strip_m_lon at their middles
    row_start       where the cells of each row begin in cell_col (rows + 1 numbers)
    room            most pieces that one strip can meet
    """
    packed = np.empty(2 * room + 1, dtype=np.int64)
    events = np.empty(room + 1, dtype=np.int64)
    diff = np.zeros(cols + 2, dtype=np.int64)
    whole = float(UNITS * per_row)
    for row in range(row_begin, row_end):
        if row_start[row] == row_start[row + 1]:
            continue
        touched = False
        for strip in range(row * per_row, (row + 1) * per_row):
            begin = first_of_strip[max(0, strip - reach)]
            n, crossings = 0, 0
            north, south = strip_lat[strip], strip_lat[strip + 1]
            middle = (north + south) / 2
            for i in range(begin, first_of_strip[strip + 1]):
                if last_strip[i] < strip:
                    continue
                piece = pieces[i]
                scale = 2.0 / ((piece[M_LON] + strip_m_lon[strip]) * dlon)
                west, east = interval(piece, north, south, scale, radius, table)
                a, b = _clamped(west, cols), _clamped(east, cols)
                if b > a:
                    packed[n] = (a << 32) | b
                    n += 1
                if piece[TURN] != 0.0 and piece[LAT_A] <= middle < piece[LAT_B]:
                    along = (middle - piece[LAT_A]) / (piece[LAT_B] - piece[LAT_A])
                    col = piece[COL_A] + along * (piece[COL_B] - piece[COL_A])
                    events[crossings] = _clamped(col, cols) * 2 + (piece[TURN] < 0.0)
                    crossings += 1
            if crossings:
                n = _add_insides(events, crossings, packed, n)
            if n:
                touched = True
                merge_into(packed, n, diff)
        if touched:
            _collect(diff, row_start[row], row_start[row + 1], cell_col, whole, share)


@compiled
def _collect(
    diff: NDArray[np.int64], begin: int, end: int, cell_col: NDArray[np.int32], whole: float,
    share: NDArray[np.float32],
) -> None:
    """Run along a row of differences, write the share of the listed cells, and clear the row."""
    total, col = 0, 0
    for i in range(begin, end):
        while col <= cell_col[i]:
            total += diff[col]
            col += 1
        share[i] = total / whole
    diff[:] = 0
