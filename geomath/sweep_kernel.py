"""The sweep: which share of each cell lies within a distance of any piece of water.

Each row of cells is cut into strips. In a strip every piece covers one interval of longitude;
the intervals of a strip are sorted, merged and added to the cells below them.
"""

import numpy as np
from numpy.typing import NDArray

from geomath._jit import compiled
from geomath.capsule_kernel import (
    COL_A,
    COL_B,
    DX_M,
    DY_M,
    LAT_A,
    LAT_B,
    M_LON,
    TURN,
    UNITS,
    clamped,
    ends_inside,
    packed_capsule,
    packed_disk,
)
from geomath.distance import FloatArray
from geomath.interval_kernel import LOW_HALF, add_insides, deposit, deposit_rest, merge

MAX_COLS = 1 << 16  # two ends of an interval must fit in one 64-bit number
SLICES = 8  # of a strip, where a line or bank ends inside it


@compiled
def _scale(piece: FloatArray, strip_m_lon: float, dlon: float) -> float:
    """Columns per metre between the piece and the strip."""
    return float(2.0 / ((piece[M_LON] + strip_m_lon) * dlon))


@compiled
def _add_rims(
    pieces: FloatArray,
    rims: NDArray[np.int64],
    rim_count: int,
    north: float,
    south: float,
    strip_m_lon: float,
    dlon: float,
    radius: float,
    cols: int,
    packed: NDArray[np.int64],
    n: int,
    rim_packed: NDArray[np.int64],
    spare: NDArray[np.int64],
    diff: NDArray[np.int64],
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
            found = packed_capsule(piece, top, top - height, scale, radius, cols, table)
            if found >= 0:
                rim_packed[count] = found
                count += 1
        for j in range(merge(rim_packed, count, spare)):
            start, end = rim_packed[j] >> 32, rim_packed[j] & LOW_HALF
            deposit_rest(start, end, packed, n, diff)


@compiled
def sweep_rows(
    pieces: FloatArray,
    first_of_strip: NDArray[np.int64],
    last_strip: NDArray[np.int64],
    reach: int,
    radius: float,
    strip_lat: FloatArray,
    strip_m_lon: FloatArray,
    dlon: float,
    cols: int,
    per_row: int,
    row_begin: int,
    row_end: int,
    row_start: NDArray[np.int64],
    cell_col: NDArray[np.int32],
    share: NDArray[np.float32],
    room: int,
    table: FloatArray,
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
                    found = packed_disk(piece, north, south, scale, radius, cols, table)
                elif ends_inside(piece, north, south, radius):
                    rims[rim_count] = i
                    rim_count += 1
                    found = -1
                else:
                    found = packed_capsule(piece, north, south, scale, radius, cols, table)
                if found >= 0:
                    packed[n] = found
                    n += 1
                if piece[TURN] != 0.0 and piece[LAT_A] <= middle < piece[LAT_B]:
                    along = (middle - piece[LAT_A]) / (piece[LAT_B] - piece[LAT_A])
                    col = piece[COL_A] + along * (piece[COL_B] - piece[COL_A])
                    events[crossings] = clamped(col, cols) * 2 + (piece[TURN] < 0.0)
                    crossings += 1
            n = merge(packed, add_insides(events, crossings, packed, n), spare)
            for j in range(n):
                deposit(packed[j] >> 32, packed[j] & LOW_HALF, SLICES, diff)
            if rim_count:
                _add_rims(
                    pieces,
                    rims,
                    rim_count,
                    north,
                    south,
                    strip_m_lon[strip],
                    dlon,
                    radius,
                    cols,
                    packed,
                    n,
                    rim_packed,
                    spare,
                    diff,
                    table,
                )
            touched = touched or n > 0 or rim_count > 0
        if touched:
            _collect(diff, row_start[row], row_start[row + 1], cell_col, whole, share)


@compiled
def _collect(
    diff: NDArray[np.int64],
    begin: int,
    end: int,
    cell_col: NDArray[np.int32],
    whole: float,
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
