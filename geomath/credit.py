"""What each water reaches: all children near it, those near it alone, and its equal share.

Adding up ``reach`` over waters counts a child once for every water near; ``equal_share`` adds up
to the union, and ``only_here`` is what protecting that water alone would gain.
docs/exposure-method.md.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath import credit_kernel as kernel
from geomath.capsule_kernel import ARC_AREA
from geomath.distance import FloatArray
from geomath.exposure import PIECE_CELLS, check_within_m, even_blocks, listed_cells
from geomath.grid import Grid
from geomath.pieces import cut_shapes
from geomath.strips import Ready, Strips, prepare

CREDIT_STRIP_M = 12.5  # the widths are means over a strip, so the area of a disk stays exact
CREDIT_STRIPS_PER_DISTANCE = 16
PARALLEL_FROM = 20_000  # runs in strips: about 6 ms; below, threads cost more than they save


class Credit(NamedTuple):
    """Children by water, in the order of the shapes; float64, not rounded.

    reach        within the distance of this water, whatever else is near
    only_here    of those, near no other of the waters
    equal_share  each child shared out evenly among the waters near it
    mean_others  how many other waters a child near this one has near, on average; 0 without any
    """

    reach: FloatArray
    only_here: FloatArray
    equal_share: FloatArray
    mean_others: FloatArray


def credit_by_water(
    shapes: Sequence[BaseGeometry],
    grid: Grid,
    within_m: float,
    children: NDArray[Any],
    threads: int | None = None,
) -> Credit:
    """Credit every shape with the children (rows x cols, NaN or 0 where nobody) it reaches.

    shapes   points, lines, polygons in degrees; in a polygon counts as distance 0
    threads  how many at most (all processors by default); no bit of the result depends on it
    """
    distance = check_within_m(within_m)
    if children.shape != grid.shape:
        raise ValueError(f"children is {children.shape} but the grid is {grid.shape}")
    cells, row_start, cell_col = listed_cells(grid, children > 0)
    counted = children.reshape(-1)[cells].astype(np.float64)
    pieces = cut_shapes(shapes, PIECE_CELLS * max(grid.dlat_deg, grid.dlon_deg))
    strips = Strips.of(grid, distance, CREDIT_STRIP_M, CREDIT_STRIPS_PER_DISTANCE)
    ready = prepare([pieces], strips, distance)
    single = np.bincount(pieces.shape, minlength=len(shapes)) == 1
    if ready.last_strip.size == 0 or cells.size == 0:
        return _as_children(np.zeros((len(shapes), kernel.CREDITS), dtype=np.int64))
    workers = 1 if ready.work < PARALLEL_FROM else threads or os.cpu_count() or 1
    spare: SimpleQueue[NDArray[np.int64]] = SimpleQueue()
    for _ in range(workers):
        spare.put(np.zeros((len(shapes), kernel.CREDITS), dtype=np.int64))

    def sweep(row_begin: int, row_end: int) -> None:
        credit = spare.get()
        _sweep(ready, strips, distance, (row_begin, row_end), row_start, cell_col, counted, single,
               credit)  # fmt: skip
        spare.put(credit)

    edges = even_blocks(ready.strip_load(strips.per_row), workers * 8)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(sweep, edges[:-1], edges[1:]))
    return _as_children(np.sum([spare.get() for _ in range(workers)], axis=0))


def _sweep(
    ready: Ready,
    strips: Strips,
    distance: float,
    rows: tuple[int, int],
    row_start: NDArray[np.int64],
    cell_col: NDArray[np.int32],
    children: FloatArray,
    single: NDArray[np.bool_],
    credit: NDArray[np.int64],
) -> None:
    kernel.credit_rows(
        ready.table, ready.first_of_strip, ready.last_strip, ready.reach, distance,
        strips.lat_deg, strips.m_lon, strips.grid.dlon_deg, strips.grid.cols, strips.per_row,
        rows[0], rows[1], row_start, cell_col, children, single, ready.room, ARC_AREA, credit,
    )  # fmt: skip


def _as_children(credit: NDArray[np.int64]) -> Credit:
    parts = credit / float(kernel.PARTS)
    reach, others = parts[:, kernel.REACH], parts[:, kernel.OTHERS]
    mean = np.divide(others, reach, out=np.zeros_like(reach), where=reach > 0)
    return Credit(reach, parts[:, kernel.ONLY], parts[:, kernel.EQUAL], mean)
