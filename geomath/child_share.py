"""Children among people: the share of the unit that a cell lies in, by exact parts of the cell."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geomath.distance import FloatArray
from geomath.grid import Grid
from geomath.zonal import cell_shares

Cells = NDArray[np.bool_]


@dataclass(frozen=True)
class ShareUnits:
    """Outlines with a child share each, and what stands in where none covers a cell."""

    polygons: NDArray[np.object_]
    shares: FloatArray
    default: float | None = None
    tree: shapely.STRtree = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", shapely.STRtree(self.polygons))

    def near(self, bounds: tuple[float, float, float, float]) -> "ShareUnits":
        """Keep what a block needs: the units in it and, where nothing stands in, all of them."""
        if self.default is None:
            return self
        chosen = np.sort(self.tree.query(shapely.box(*bounds)))
        return ShareUnits(self.polygons[chosen], self.shares[chosen], self.default)

    def of_cells(self, grid: Grid, wanted: Cells) -> tuple[FloatArray, Cells]:
        """Share of children in each wanted cell, and which of them no outline covers.

        A cell on a border takes the mean of its units' shares, weighted by their exact parts of
        it; a cell that none covers takes the default, or the share of the nearest unit.
        """
        near = np.sort(self.tree.query(shapely.box(*grid.bounds)))
        parts = cell_shares(list(self.polygons[near]), grid, settled=wanted)
        weight = np.bincount(parts.cell_index, parts.share, minlength=grid.size)
        own = self.shares[near][parts.unit_index]
        total = np.bincount(parts.cell_index, parts.share * own, minlength=grid.size)
        share = np.divide(total, weight, out=np.zeros(grid.size), where=weight > 0)
        bare = wanted.reshape(-1) & (weight == 0)
        share[bare] = self._elsewhere(grid, np.flatnonzero(bare))
        return share.reshape(grid.shape), bare.reshape(grid.shape)

    def _elsewhere(self, grid: Grid, cells: NDArray[np.int64]) -> FloatArray | float:
        if self.default is not None:
            return self.default
        if cells.size == 0:
            return np.empty(0)
        row, col = np.divmod(cells, grid.cols)
        lon = grid.west_deg + (col + 0.5) * grid.dlon_deg
        lat = grid.north_deg - (row + 0.5) * grid.dlat_deg
        found: FloatArray = self.shares[self.tree.nearest(shapely.points(lon, lat))]
        return found
