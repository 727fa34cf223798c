"""The share of each cell that lies within a distance of water, and the children in it.

A child counts once however many waters are near (union). Cells on the edge count by the part of
their area in reach (people are taken as even inside a cell). docs/exposure-method.md.
"""

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.capsule_kernel import ARC_AREA
from geomath.distance import FloatArray
from geomath.grid import Grid
from geomath.pieces import Pieces, cut_shapes
from geomath.strips import Strips, prepare
from geomath.sweep_kernel import sweep_rows
from geomath.zonal import CellShares, zonal_sum

MAX_WITHIN_M = 10_000.0
PIECE_CELLS = 2  # pieces are at most this long: one scale of metres each, local rounding
PARALLEL_FROM = 200_000  # interval computations; below it a thread costs more than it saves
ANY = "any"  # the union of all groups

Share = NDArray[np.float32]


@dataclass(frozen=True)
class ExposureResult:
    """Shares in reach, by group and distance, for the listed cells of a grid.

    cells  flat numbers of the cells that were asked for (settled ones), sorted
    share  (group, within_m) -> share of each of ``cells``, 0 to 1; group ``any`` is the union
    """

    grid: Grid
    cells: NDArray[np.int64]
    share: Mapping[tuple[str, float], Share]

    def dense(self, group: str, within_m: float) -> Share:
        """Shares as rows x cols, 0 where nobody asked."""
        full = np.zeros(self.grid.size, dtype=np.float32)
        full[self.cells] = self.share[group, within_m]
        return full.reshape(self.grid.shape)


def check_within_m(within_m: float) -> float:
    """Give back a usable distance in metres, or say what is wrong with it."""
    if not (math.isfinite(within_m) and 0 < within_m <= MAX_WITHIN_M):
        raise ValueError(
            f"distance is {within_m} m; it must be more than 0 and at most {MAX_WITHIN_M:.0f} m"
        )
    return float(within_m)


def union_mask(
    shapes: Sequence[BaseGeometry],
    grid: Grid,
    within_m: float,
    settled: NDArray[np.bool_] | None = None,
) -> Share:
    """Share of each cell (rows x cols, 0 to 1) within ``within_m`` metres of any shape.

    shapes   points, lines, polygons in degrees; in a polygon counts as distance 0
    settled  rows x cols; other cells are skipped and stay 0
    """
    return exposed_share({ANY: shapes}, grid, [within_m], settled).dense(ANY, within_m)


def exposed_share(
    shapes_by_group: Mapping[str, Sequence[BaseGeometry]],
    grid: Grid,
    within_m: Sequence[float],
    settled: NDArray[np.bool_] | None = None,
    threads: int | None = None,
) -> ExposureResult:
    """Shares for every group, for their union ``any``, and for every distance.

    A larger distance never gives a smaller share, nor does the union than one of its groups.
    Groups may be empty. threads: how many at most (all processors by default).
    """
    distances = sorted({check_within_m(distance) for distance in within_m})
    if not distances:
        raise ValueError("no distance given")
    cells, row_start, cell_col = listed_cells(grid, settled)
    piece_deg = PIECE_CELLS * max(grid.dlat_deg, grid.dlon_deg)
    cut = {name: _cut(name, shapes, piece_deg) for name, shapes in shapes_by_group.items()}
    share: dict[tuple[str, float], Share] = {}
    for distance in distances:
        strips = Strips.of(grid, distance)
        for name, pieces in cut.items():
            share[name, distance] = swept([pieces], strips, distance, row_start, cell_col, threads)
        if ANY not in cut:
            share[ANY, distance] = _union(
                cut, share, strips, distance, row_start, cell_col, threads
            )
    return ExposureResult(grid, cells, share)


def children_exposed(
    children: NDArray[Any], share: NDArray[Any], shares: CellShares, unit_count: int
) -> FloatArray:
    """Children within reach per unit, not rounded: children * share in reach * share in unit.

    children, share  same shape: the grid, or the listed cells together with ``shares.among``
    A missing count (NaN) adds nothing: the figure is a lower bound.
    """
    if children.shape != share.shape:
        raise ValueError(f"children is {children.shape} but share is {share.shape}")
    near = np.asarray(children, dtype=np.float64) * np.asarray(share)
    return zonal_sum(near, shares, unit_count)


def _cut(name: str, shapes: Sequence[BaseGeometry], piece_deg: float) -> Pieces:
    try:
        return cut_shapes(shapes, piece_deg)
    except ValueError as error:
        raise ValueError(f"group {name}: {error}") from error


def listed_cells(
    grid: Grid, settled: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """Flat numbers of the cells to fill, where each row begins among them, and their columns."""
    if settled is None:
        cells = np.arange(grid.size, dtype=np.int64)
    elif settled.shape != grid.shape:
        raise ValueError(f"settled is {settled.shape} but the grid is {grid.shape}")
    else:
        cells = np.flatnonzero(settled)
    row_start = np.searchsorted(cells, np.arange(grid.rows + 1, dtype=np.int64) * grid.cols)
    return cells, row_start.astype(np.int64), (cells % grid.cols).astype(np.int32)


def _union(
    cut: Mapping[str, Pieces],
    share: Mapping[tuple[str, float], Share],
    strips: Strips,
    distance: float,
    row_start: NDArray[np.int64],
    cell_col: NDArray[np.int32],
    threads: int | None,
) -> Share:
    filled = [name for name, pieces in cut.items() if pieces.count]
    if len(filled) == 1:
        return share[filled[0], distance]
    return swept([cut[name] for name in filled], strips, distance, row_start, cell_col, threads)


def swept(
    groups: Sequence[Pieces],
    strips: Strips,
    distance: float,
    row_start: NDArray[np.int64],
    cell_col: NDArray[np.int32],
    threads: int | None,
) -> Share:
    """Share in reach of every listed cell: all groups together, over the rows of the strips."""
    share = np.zeros(cell_col.size, dtype=np.float32)
    ready = prepare(groups, strips, distance)
    if ready.last_strip.size == 0 or cell_col.size == 0:
        return share
    grid = strips.grid

    def sweep(row_begin: int, row_end: int) -> None:
        sweep_rows(
            ready.table, ready.first_of_strip, ready.last_strip, ready.reach, distance,
            strips.lat_deg, strips.m_lon, grid.dlon_deg, grid.cols, strips.per_row, row_begin,
            row_end, row_start, cell_col, share, ready.room, ARC_AREA,
        )  # fmt: skip

    workers = threads or os.cpu_count() or 1
    if workers == 1 or ready.work < PARALLEL_FROM:
        sweep(0, grid.rows)
        return share
    edges = even_blocks(ready.strip_load(strips.per_row), workers * 8)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(sweep, edges[:-1], edges[1:]))
    return share


def even_blocks(load: NDArray[np.int64], blocks: int) -> list[int]:
    """Cut rows into blocks of about equal work, for threads that take one block after another."""
    done = np.cumsum(load + 1)
    inner = np.searchsorted(done, done[-1] * np.arange(1, blocks) / blocks)
    return [0, *sorted(set(inner.tolist()) - {0, load.size}), load.size]
