"""The sweep that credits every water with the children it reaches: alone, shared, in equal parts.

As in ``sweep_kernel`` every water covers intervals of a strip. Going east along the strip, running
sums of children, of children / k and of children where k is 1 (k: waters that reach the place) are
kept; a water's credit is what each sum has grown by between its start and its end.
"""

import math

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
    OWNER,
    TURN,
    UNITS,
    clamped,
    ends_inside,
    packed_capsule,
    packed_disk,
)
from geomath.distance import FloatArray
from geomath.interval_kernel import FEW, LOW_HALF, sort_spread

SLICES = 4  # of a strip in which a line or bank ends
PARTS = 1 << 32  # of a child: whole numbers, so that the order of the sums cannot matter
REACH, ONLY, EQUAL, OTHERS = 0, 1, 2, 3
CREDITS = 4


@compiled
def _insides(
    crossing: NDArray[np.int64],
    count: int,
    packed: NDArray[np.int64],
    owner: NDArray[np.int64],
    n: int,
) -> int:
    """Turn bank crossings (owner << 32 | position * 2 + 1 where water ends) into intervals."""
    crossing[:count].sort()
    depth, start, whose = 0, 0, -1
    for i in range(count):
        if crossing[i] >> 32 != whose:
            whose, depth = crossing[i] >> 32, 0
        place = (crossing[i] & LOW_HALF) >> 1
        if crossing[i] & 1:
            depth -= 1
            if depth == 0 and place > start:
                packed[n] = (start << 32) | place
                owner[n] = whose
                n += 1
        else:
            if depth == 0:
                start = place
            depth += 1
    return n


@compiled
def _merge_by_owner(
    begin: int, end: int, packed: NDArray[np.int64], owner: NDArray[np.int64]
) -> int:
    """Merge, in place, what overlaps among the intervals of one owner; returns the new end."""
    if end == begin:
        return begin
    count = end - begin
    key = np.empty(count, dtype=np.int64)
    for i in range(count):
        key[i] = (owner[begin + i] << 31) | (packed[begin + i] >> 32)
    order = np.argsort(key)
    sorted_packed, sorted_owner = packed[begin:end][order], owner[begin:end][order]
    last = begin
    packed[last], owner[last] = sorted_packed[0], sorted_owner[0]
    for i in range(1, count):
        far = packed[last] & LOW_HALF
        if sorted_owner[i] != owner[last] or sorted_packed[i] >> 32 > far:
            last += 1
            packed[last], owner[last] = sorted_packed[i], sorted_owner[i]
        elif sorted_packed[i] & LOW_HALF > far:
            packed[last] += (sorted_packed[i] & LOW_HALF) - far
    return last + 1


@compiled
def _credit_strip(
    packed: NDArray[np.int64],
    owner: NDArray[np.int64],
    n: int,
    events: NDArray[np.int64],
    spare: NDArray[np.int64],
    first_cell: int,
    last_cell: int,
    cell_col: NDArray[np.int32],
    children: FloatArray,
    weight: float,
    credit: NDArray[np.int64],
) -> None:
    """Go east along one strip and give every interval's owner what it covers."""
    for i in range(n):
        events[2 * i] = (packed[i] >> 32 << 32) | (i << 1)
        events[2 * i + 1] = ((packed[i] & LOW_HALF) << 32) | (i << 1) | 1
    if n < FEW:
        events[: 2 * n].sort()
    else:
        sort_spread(events, 2 * n, spare)
    cell, whole, k = first_cell, 0.0, 0
    passed, alone, equal, others = 0.0, 0.0, 0.0, 0.0
    for j in range(2 * n):
        place = events[j] >> 32
        while cell < last_cell and (cell_col[cell] + 1) * UNITS <= place:
            whole += children[cell]
            cell += 1
        here = whole
        if cell < last_cell and cell_col[cell] * UNITS < place:
            here += children[cell] * (place - cell_col[cell] * UNITS) / UNITS
        grown = here - passed
        passed = here
        if grown > 0.0 and k > 0:
            equal += grown / k
            others += grown * (k - 1)
            if k == 1:
                alone += grown
        sign = 1 if events[j] & 1 else -1
        k -= sign
        whose = owner[(events[j] & LOW_HALF) >> 1]
        credit[whose, REACH] += sign * math.floor(passed * weight + 0.5)
        credit[whose, ONLY] += sign * math.floor(alone * weight + 0.5)
        credit[whose, EQUAL] += sign * math.floor(equal * weight + 0.5)
        credit[whose, OTHERS] += sign * math.floor(others * weight + 0.5)


@compiled
def credit_rows(
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
    children: FloatArray,
    single: NDArray[np.bool_],
    room: int,
    table: FloatArray,
    credit: NDArray[np.int64],
) -> None:
    """Add to ``credit`` (owners x 4, in 1/2**32 children) what rows row_begin to row_end hold.

    children  of each listed cell;  single: owners of one piece, which need no merging
    The rest is as in ``sweep_kernel.sweep_rows``.
    """
    near = np.empty(room + 1, dtype=np.int64)
    packed, owner = np.empty(2 * room + 1, dtype=np.int64), np.empty(2 * room + 1, dtype=np.int64)
    crossing = np.empty(room + 1, dtype=np.int64)
    events, spare = np.empty(4 * room + 2, dtype=np.int64), np.empty(4 * room + 2, dtype=np.int64)
    for row in range(row_begin, row_end):
        first_cell, last_cell = row_start[row], row_start[row + 1]
        if first_cell == last_cell:
            continue
        for strip in range(row * per_row, (row + 1) * per_row):
            count, slices = 0, 1
            north, south = strip_lat[strip], strip_lat[strip + 1]
            for i in range(first_of_strip[max(0, strip - reach)], first_of_strip[strip + 1]):
                if last_strip[i] < strip:
                    continue
                near[count] = i
                count += 1
                piece = pieces[i]
                flat = piece[DX_M] == 0.0 and piece[DY_M] == 0.0
                if not flat and slices == 1 and ends_inside(piece, north, south, radius):
                    slices = SLICES
            if count == 0:
                continue
            height = (north - south) / slices
            for slice_ in range(slices):
                top = north - slice_ * height
                n = _intervals(
                    pieces, near, count, top, top - height, strip_m_lon[strip], dlon, radius,
                    cols, single, table, packed, owner, crossing,
                )  # fmt: skip
                weight = float(PARTS) / (per_row * slices)
                _credit_strip(
                    packed, owner, n, events, spare, first_cell, last_cell, cell_col, children,
                    weight, credit,
                )  # fmt: skip


@compiled
def _intervals(
    pieces: FloatArray,
    near: NDArray[np.int64],
    count: int,
    north: float,
    south: float,
    strip_m_lon: float,
    dlon: float,
    radius: float,
    cols: int,
    single: NDArray[np.bool_],
    table: FloatArray,
    packed: NDArray[np.int64],
    owner: NDArray[np.int64],
    crossing: NDArray[np.int64],
) -> int:
    """Fill ``packed`` and ``owner`` with what each water covers of a strip; says how many."""
    n = 0
    for j in range(count):  # waters of one piece: one interval each
        piece = pieces[near[j]]
        whose = int(piece[OWNER])
        if not single[whose]:
            continue
        found = _covered(piece, north, south, strip_m_lon, dlon, radius, cols, table)
        if found >= 0:
            packed[n], owner[n] = found, whose
            n += 1
    begin, crossings = n, 0
    middle = (north + south) / 2
    for j in range(count):
        piece = pieces[near[j]]
        whose = int(piece[OWNER])
        if single[whose]:
            continue
        found = _covered(piece, north, south, strip_m_lon, dlon, radius, cols, table)
        if found >= 0:
            packed[n], owner[n] = found, whose
            n += 1
        if piece[TURN] != 0.0 and piece[LAT_A] <= middle < piece[LAT_B]:
            along = (middle - piece[LAT_A]) / (piece[LAT_B] - piece[LAT_A])
            col = piece[COL_A] + along * (piece[COL_B] - piece[COL_A])
            event = clamped(col, cols) * 2 + (piece[TURN] < 0.0)
            crossing[crossings] = (whose << 32) | event
            crossings += 1
    n = _insides(crossing, crossings, packed, owner, n)
    return _merge_by_owner(begin, n, packed, owner)


@compiled
def _covered(
    piece: FloatArray,
    north: float,
    south: float,
    strip_m_lon: float,
    dlon: float,
    radius: float,
    cols: int,
    table: FloatArray,
) -> int:
    scale = 2.0 / ((piece[M_LON] + strip_m_lon) * dlon)
    if piece[DX_M] == 0.0 and piece[DY_M] == 0.0:
        return packed_disk(piece, north, south, scale, radius, cols, table)
    return packed_capsule(piece, north, south, scale, radius, cols, table)
