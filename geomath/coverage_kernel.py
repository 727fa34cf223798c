"""Exact area coverage of cells by polygons: signed trapezoids, as in font rasterisers.

An edge that descends by ``dy`` inside a cell covers the part of that cell to its right and, over
the same ``dy``, everything further right. Writing both as differences along the row makes the
coverage of every cell one running sum, so the cost is the border plus one addition a cell.
"""

import math

from geomath._jit import compiled
from geomath.distance import FloatArray

FULL_WITHIN = 1e-9  # rounding of coordinates, in cells: such a cell counts as wholly inside
NOTHING_BELOW = 1e-12  # leftovers of the running sum


@compiled
def accumulate_ring(ring: FloatArray, first_row: int, buffer: FloatArray) -> None:
    """Add one ring (n x 2, cell units, y to the south) to the rows from ``first_row`` on.

    buffer  rows x (cols + 2); differences along the row, to be finished by ``finish_rows``
    """
    rows = buffer.shape[0]
    for i in range(ring.shape[0] - 1):
        x0, y0 = ring[i, 0], ring[i, 1] - first_row
        x1, y1 = ring[i + 1, 0], ring[i + 1, 1] - first_row
        if y0 == y1 or max(y0, y1) <= 0 or min(y0, y1) >= rows:
            continue
        sign = 1.0
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
            sign = -1.0
        slope = (x1 - x0) / (y1 - y0)
        row = max(0, math.floor(y0))
        last = min(rows, math.ceil(y1))
        while row < last:
            top, top_x = y0, x0
            if y0 < row:
                top, top_x = float(row), x0 + (row - y0) * slope
            bottom, bottom_x = y1, x1
            if y1 > row + 1:
                bottom, bottom_x = row + 1.0, x0 + (row + 1 - y0) * slope
            _accumulate_in_row(top_x, bottom_x, bottom - top, sign, buffer[row])
            row += 1


@compiled
def _accumulate_in_row(xa: float, xb: float, dy: float, sign: float, row: FloatArray) -> None:
    """Add a piece of an edge that stays in one row and descends by ``dy`` (0 to 1)."""
    cols = row.shape[0] - 2
    left, right = min(xa, xb), max(xa, xb)
    if left >= cols:
        return
    if right <= 0:
        row[0] += sign * dy
        return
    per_x = dy / (right - left) if right > left else 0.0
    if left < 0:
        row[0] += sign * -left * per_x
        dy += left * per_x
        left = 0.0
    if right > cols:
        dy -= (right - cols) * per_x
        right = float(cols)
    col = int(left)
    if right <= col + 1:
        share = (left + right) / 2 - col
        row[col] += sign * dy * (1 - share)
        row[col + 1] += sign * dy * share
        return
    done = 0.0
    while left < right:
        end = min(right, col + 1.0)
        part = (end - left) * per_x if end < right else dy - done
        done += part
        share = (left + end) / 2 - col
        row[col] += sign * part * (1 - share)
        row[col + 1] += sign * part * share
        left = end
        col += 1


@compiled
def finish_rows(buffer: FloatArray) -> None:
    """Turn differences into coverage, 0 to 1, with exact 0 outside and exact 1 inside."""
    for row in range(buffer.shape[0]):
        total = 0.0
        for col in range(buffer.shape[1] - 2):
            total += buffer[row, col]
            share = total
            if share >= 1.0 - FULL_WITHIN:
                share = 1.0
            elif share < NOTHING_BELOW:
                share = 0.0
            buffer[row, col] = share
