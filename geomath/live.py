"""The union over one area, kept at hand: opening or protecting waters recomputes only its window.

Windows use the strips of the whole area, so the shares are those of a full recomputation, to the
bit, whatever edits came before.
"""

from collections.abc import Iterable, Sequence
from copy import copy

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.distance import FloatArray, metres_per_degree_lat, metres_per_degree_lon
from geomath.exposure import PIECE_CELLS, Share, check_within_m, listed_cells, swept
from geomath.grid import Grid
from geomath.pieces import Pieces, cut_shapes
from geomath.strips import Strips


class LiveUnion:
    """Children of an area within a distance of its open waters, changed water by water.

    children  rows x cols; where only part of a cell lies in the area, that part of its children
    shapes    points, lines, polygons in degrees;  is_open: which of them count at the start
    """

    def __init__(
        self,
        shapes: Sequence[BaseGeometry],
        is_open: Sequence[bool] | NDArray[np.bool_],
        grid: Grid,
        within_m: float,
        children: FloatArray,
    ) -> None:
        if children.shape != grid.shape:
            raise ValueError(f"children is {children.shape} but the grid is {grid.shape}")
        if len(is_open) != len(shapes):
            raise ValueError(f"{len(shapes)} shapes but {len(is_open)} words on being open")
        self.grid, self.within_m = grid, check_within_m(within_m)
        self.is_open = np.array(is_open, dtype=np.bool_)
        self.cells, self.row_start, self.cell_col = listed_cells(grid, children > 0)
        self.counted = children.reshape(-1)[self.cells].astype(np.float64)
        self._strips = Strips.of(grid, self.within_m)
        self._pieces = cut_shapes(shapes, PIECE_CELLS * max(grid.dlat_deg, grid.dlon_deg))
        self._order = np.argsort(self._pieces.shape, kind="stable")
        owners = self._pieces.shape[self._order]
        self._first = np.searchsorted(owners, np.arange(len(shapes) + 1))
        self._boxes = shapely.bounds(np.asarray(shapes, dtype=object)).reshape(-1, 4)
        self._tree = shapely.STRtree(shapely.box(*self._boxes.T))
        self.share = np.zeros(self.cells.size, dtype=np.float32)
        self._recompute(0, grid.rows, np.flatnonzero(self.is_open))

    def fork(self) -> "LiveUnion":
        """Return a copy to try things on; this one stays as it is."""
        made = copy(self)
        made.is_open, made.share = self.is_open.copy(), self.share.copy()
        return made

    @property
    def exposed(self) -> float:
        """Children within the distance of at least one open water, not rounded."""
        return float(self.counted @ self.share.astype(np.float64))

    def set_open(self, numbers: Iterable[int], *, is_open: bool) -> float:
        """Open or protect the waters of these numbers; returns the children exposed then."""
        changed = [n for n in dict.fromkeys(numbers) if self.is_open[n] != is_open]
        self.is_open[changed] = is_open
        for first, last, near in self._windows(np.array(changed, dtype=np.int64)):
            self._recompute(first, last, near)
        return self.exposed

    def near(self, numbers: Iterable[int], metres: float) -> NDArray[np.int64]:
        """Numbers of the waters whose boxes come within so many metres of these, themselves too."""
        boxes = self._boxes[np.fromiter(numbers, dtype=np.int64)]
        lat = np.abs(boxes[:, [1, 3]]).max(axis=1)
        widen_lat = 1.01 * metres / metres_per_degree_lat(lat)
        widen_lon = 1.01 * metres / metres_per_degree_lon(lat)
        wide = np.stack([-widen_lon, -widen_lat, widen_lon, widen_lat], axis=1) + boxes
        found: NDArray[np.int64] = np.unique(self._tree.query(shapely.box(*wide.T))[1])
        return found

    def _windows(self, changed: NDArray[np.int64]) -> Iterable[tuple[int, int, NDArray[np.int64]]]:
        """Runs of rows that the changed waters reach, with the open waters that reach into them."""
        if changed.size == 0:
            return
        boxes = self._boxes[changed]
        lat = np.abs(boxes[:, [1, 3]]).max(axis=1)
        reach_lat = 1.01 * self.within_m / metres_per_degree_lat(boxes[:, 1])
        top = (self.grid.north_deg - boxes[:, 3] - reach_lat) / self.grid.dlat_deg
        bottom = (self.grid.north_deg - boxes[:, 1] + reach_lat) / self.grid.dlat_deg
        first = np.floor(top).astype(np.int64).clip(0, self.grid.rows)
        last = (np.floor(bottom).astype(np.int64) + 1).clip(0, self.grid.rows)
        reach_lon = float((1.01 * self.within_m / metres_per_degree_lon(lat)).max())
        for begin, end in _runs(first, last):
            north, south = (self.grid.north_deg - r * self.grid.dlat_deg for r in (begin, end))
            halo = float(reach_lat.max())
            box = shapely.box(
                self.grid.west_deg - reach_lon, south - halo, self.grid.east_deg + reach_lon,
                north + halo,
            )  # fmt: skip
            near = np.sort(self._tree.query(box))
            yield begin, end, near[self.is_open[near]]

    def _recompute(self, first: int, last: int, waters: NDArray[np.int64]) -> None:
        begin, end = self.row_start[first], self.row_start[last]
        if begin == end:
            return
        row_start = self.row_start[first : last + 1] - begin
        strips = self._strips.window(first, last)
        groups = [self._taken(waters)]
        self.share[begin:end] = swept(
            groups, strips, self.within_m, row_start, self.cell_col[begin:end], None
        )

    def _taken(self, waters: NDArray[np.int64]) -> Pieces:
        counts = self._first[waters + 1] - self._first[waters]
        before = np.cumsum(counts) - counts
        place = np.arange(int(counts.sum())) - np.repeat(before, counts)
        return self._pieces.take(self._order[np.repeat(self._first[waters], counts) + place])


def share_of(live: LiveUnion) -> Share:
    """Shares in reach as rows x cols, 0 where nobody lives."""
    full = np.zeros(live.grid.size, dtype=np.float32)
    full[live.cells] = live.share
    return full.reshape(live.grid.shape)


def _runs(first: NDArray[np.int64], last: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Merge overlapping runs of rows, from the north."""
    runs: list[tuple[int, int]] = []
    for n in np.argsort(first, kind="stable"):
        begin, end = int(first[n]), int(last[n])
        if runs and begin <= runs[-1][1]:
            runs[-1] = runs[-1][0], max(runs[-1][1], end)
        elif end > begin:
            runs.append((begin, end))
    return runs
