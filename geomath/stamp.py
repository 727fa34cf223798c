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
SLICES = 16  # of a strip, where a line or bank ends inside it
BUCKETS, CROWD, FEW = 512, 48, 48  # of the sort inside a strip

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
def _clamped(col: float, cols: int) -> int:
    """Whole units of a fractional column, cut at the edges of the grid."""
    return int(math.floor(min(max(col, 0.0), float(cols)) * UNITS + 0.5))


@compiled
def _add_insides(events: NDArray[np.int64], count: int, packed: NDArray[np.int64], n: int) -> int:
    """Turn bank crossings (position * 2 + 1 where water ends) into intervals of water."""
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
def _deposit(start: int, end: int, weight: int, diff: NDArray[np.int64]) -> None:
    """Add the interval [start, end) to a row of cells, as differences along the row."""
    col, rest = start // UNITS, start % UNITS
    diff[col] += weight * (UNITS - rest)
    diff[col + 1] += weight * rest
    col, rest = end // UNITS, end % UNITS
    diff[col] -= weight * (UNITS - rest)
    diff[col + 1] -= weight * rest


@compiled
def _sort_spread(packed: NDArray[np.int64], n: int, spare: NDArray[np.int64]) -> None:
    """Sort the first ``n`` intervals in place: into buckets by position, then by insertion.

    Waters spread over a row give about one interval a bucket, which makes this linear; where one
    bucket holds many (a cluster), the ordinary sort takes over.
    """
    low, high = packed[0], packed[0]
    for i in range(1, n):
        low, high = min(low, packed[i]), max(high, packed[i])
    shift = 0
    while (high - low) >> shift >= BUCKETS:
        shift += 1
    place = np.zeros(BUCKETS + 1, dtype=np.int64)
    for i in range(n):
        place[((packed[i] - low) >> shift) + 1] += 1
    if place.max() > CROWD:
        packed[:n].sort()
        return
    for bucket in range(BUCKETS):
        place[bucket + 1] += place[bucket]
    for i in range(n):
        bucket = (packed[i] - low) >> shift
        spare[place[bucket]] = packed[i]
        place[bucket] += 1
    for i in range(n):
        value = spare[i]
        j = i
        while j > 0 and packed[j - 1] > value:
            packed[j] = packed[j - 1]
            j -= 1
        packed[j] = value


@compiled
def merge(packed: NDArray[np.int64], n: int, spare: NDArray[np.int64]) -> int:
    """Sort the intervals (start << 32 | end) and merge what overlaps, in place; say how many."""
    if n == 0:
        return 0
    if n < FEW:
        packed[:n].sort()
    else:
        _sort_spread(packed, n, spare)
    last = 0
    for i in range(1, n):
        end = packed[last] & LOW_HALF
        if packed[i] >> 32 > end:
            last += 1
            packed[last] = packed[i]
        elif packed[i] & LOW_HALF > end:
            packed[last] += (packed[i] & LOW_HALF) - end
    return last + 1


@compiled
def _deposit_rest(
    start: int, end: int, merged: NDArray[np.int64], n: int, diff: NDArray[np.int64]
) -> None:
    """Add, once, the parts of [start, end) that no merged interval covers."""
    low, high = 0, n
    while low < high:
        half = (low + high) // 2
        if merged[half] & LOW_HALF <= start:
            low = half + 1
        else:
            high = half
    while low < n and merged[low] >> 32 < end:
        if merged[low] >> 32 > start:
            _deposit(start, merged[low] >> 32, 1, diff)
        start = max(start, merged[low] & LOW_HALF)
        low += 1
    if start < end:
        _deposit(start, end, 1, diff)


@compiled
def _scale(piece: FloatArray, strip_m_lon: float, dlon: float) -> float:
    """Columns per metre between the piece and the strip."""
    return 2.0 / ((piece[M_LON] + strip_m_lon) * dlon)


@compiled
def _packed(west: float, east: float, cols: int) -> int:
    """An interval of columns as start << 32 | end, or -1 if nothing of it is on the grid."""
    a, b = _clamped(west, cols), _clamped(east, cols)
    return (a << 32) | b if b > a else -1


@compiled
def _packed_disk(
    piece: FloatArray, north: float, south: float, scale: float, radius: float, cols: int,
    table: FloatArray,
) -> int:
    """The interval that a point's disk covers in a strip; scale is in columns per metre."""
    y0 = (south - piece[LAT_A]) * piece[M_LAT]
    y1 = (north - piece[LAT_A]) * piece[M_LAT]
    half = _arc_between(y0, y1, radius, table) * scale / (y1 - y0)
    return _packed(piece[COL_A] - half, piece[COL_A] + half, cols)


@compiled
def _packed_capsule(
    piece: FloatArray, north: float, south: float, scale: float, radius: float, cols: int,
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
def _ends_inside(piece: FloatArray, north: float, south: float, radius: float) -> bool:
    """Say whether a piece of some length has its northern or southern rim inside the strip."""
    y0 = (south - piece[LAT_A]) * piece[M_LAT]
    y1 = (north - piece[LAT_A]) * piece[M_LAT]
    rim = radius - (y1 - y0)
    return y0 < -rim or y1 > piece[DY_M] + rim


@compiled
def _add_rims(
    pieces: FloatArray, rims: NDArray[np.int64], rim_count: int, north: float, south: float,
    strip_m_lon: float, dlon: float, radius: float, cols: int, packed: NDArray[np.int64], n: int,
    rim_packed: NDArray[np.int64], spare: NDArray[np.int64], diff: NDArray[np.int64],
    table: FloatArray,
) -> None:
    """Work a strip's rims off in slices: a level bank fills part of the strip's height only."""
    height = (north - south) / SLICES
    for slice_ in range(SLICES):
        top = north - slice_ * height
        count = 0
        for j in range(rim_count):
            piece = pieces[rims[j]]
            scale = _scale(piece, strip_m_lon, dlon)
            found = _packed_capsule(piece, top, top - height, scale, radius, cols, table)
            if found >= 0:
                rim_packed[count] = found
                count += 1
        for j in range(merge(rim_packed, count, spare)):
            start, end = rim_packed[j] >> 32, rim_packed[j] & LOW_HALF
            _deposit_rest(start, end, packed, n, diff)


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
    rim_packed, spare = np.empty_like(packed), np.empty_like(packed)
    events, rims = np.empty(room + 1, dtype=np.int64), np.empty(room + 1, dtype=np.int64)
    diff = np.zeros(cols + 2, dtype=np.int64)
    whole = float(UNITS * per_row * SLICES)
    for row in range(row_begin, row_end):
        if row_start[row] == row_start[row + 1]:
            continue
        touched = False
        for strip in range(row * per_row, (row + 1) * per_row):
            n, crossings, rim_count = 0, 0, 0
            north, south = strip_lat[strip], strip_lat[strip + 1]
            middle = (north + south) / 2
            for i in range(first_of_strip[max(0, strip - reach)], first_of_strip[strip + 1]):
                if last_strip[i] < strip:
                    continue
                piece = pieces[i]
                scale = _scale(piece, strip_m_lon[strip], dlon)
                if piece[DX_M] == 0.0 and piece[DY_M] == 0.0:
                    found = _packed_disk(piece, north, south, scale, radius, cols, table)
                elif _ends_inside(piece, north, south, radius):
                    rims[rim_count] = i
                    rim_count += 1
                    found = -1
                else:
                    found = _packed_capsule(piece, north, south, scale, radius, cols, table)
                if found >= 0:
                    packed[n] = found
                    n += 1
                if piece[TURN] != 0.0 and piece[LAT_A] <= middle < piece[LAT_B]:
                    along = (middle - piece[LAT_A]) / (piece[LAT_B] - piece[LAT_A])
                    col = piece[COL_A] + along * (piece[COL_B] - piece[COL_A])
                    events[crossings] = _clamped(col, cols) * 2 + (piece[TURN] < 0.0)
                    crossings += 1
            n = merge(packed, _add_insides(events, crossings, packed, n), spare)
            for j in range(n):
                _deposit(packed[j] >> 32, packed[j] & LOW_HALF, SLICES, diff)
            if rim_count:
                _add_rims(pieces, rims, rim_count, north, south, strip_m_lon[strip], dlon, radius,
                          cols, packed, n, rim_packed, spare, diff, table)
            touched = touched or n > 0 or rim_count > 0
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
