"""People and children under 16 per cell of a dataset, read window by window."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.grid import Grid
from geomath.zonal import cell_shares
from maps import rasters
from maps.errors import NoChildSharesError
from maps.models import PopulationDataset, PopulationRaster
from maps.services.bands import ALL_BANDS, UNDER_16
from maps.services.shapes import shape_of

FloatArray = NDArray[np.float64]
Cells = NDArray[np.bool_]


@dataclass
class ShareNotes:
    """How cells came by their child share; people, for the run's checks."""

    people_by_nearest: float = 0.0
    cells_by_nearest: int = 0


@dataclass(frozen=True)
class ShareUnits:
    """Outlines with a child share each, and what stands in where none covers a cell."""

    polygons: NDArray[np.object_]
    shares: FloatArray
    default: float | None = None
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", shapely.STRtree(self.polygons))

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


class CellCounts:
    """The counts of one dataset. ``read`` gives people and children of a window."""

    def __init__(self, dataset: PopulationDataset) -> None:
        self.dataset = dataset
        self.rasters = list(dataset.rasters.all())
        self.grid = grid_of(self.rasters[0])
        self.notes = ShareNotes()
        self._shares = _share_units(dataset) if self._needs_shares else None

    @property
    def _needs_shares(self) -> bool:
        return self.dataset.measures == PopulationDataset.Measures.TOTAL

    @property
    def knows_people(self) -> bool:
        ages = {raster.age_from for raster in self.rasters}
        return None in ages or ages >= ALL_BANDS

    def settled(self, rows: slice, cols: slice) -> tuple[FloatArray | None, FloatArray]:
        """Return people of all ages (None where the dataset lacks adults) and those counted for
        children: people again where shares are used, else children under 16. NaN becomes 0."""
        if self._needs_shares:
            everybody = self._sum(self.rasters, rows, cols)
            return everybody, everybody
        whole = [raster for raster in self.rasters if raster.age_from is None]
        bands = [raster for raster in self.rasters if raster.age_from is not None]
        children = np.zeros((rows.stop - rows.start, cols.stop - cols.start))
        for raster in bands:
            part = UNDER_16.get(raster.age_from or 0)
            if part is not None:
                children += part * self._sum([raster], rows, cols)
        people = self._sum(whole or bands, rows, cols) if self.knows_people else None
        return people, children

    def children(self, base: FloatArray, grid: Grid, wanted: Cells) -> FloatArray:
        """Turn the second answer of ``settled`` into children under 16 in the wanted cells."""
        if self._shares is None:
            return np.where(wanted, base, 0.0)
        share, bare = self._shares.of_cells(grid, wanted)
        self.notes.cells_by_nearest += int(bare.sum())
        self.notes.people_by_nearest += float(base[bare].sum())
        children: FloatArray = base * share
        return children

    def _sum(self, chosen: Sequence[PopulationRaster], rows: slice, cols: slice) -> FloatArray:
        total = np.zeros((rows.stop - rows.start, cols.stop - cols.start))
        for raster in chosen:
            total += np.nan_to_num(rasters.read_counts(raster.stored_name, rows, cols), copy=False)
        return total


def grid_of(raster: PopulationRaster) -> Grid:
    return Grid(
        raster.west_deg,
        raster.north_deg,
        raster.cell_width_deg,
        raster.cell_height_deg,
        raster.rows,
        raster.cols,
    )


def _share_units(dataset: PopulationDataset) -> ShareUnits:
    rows: list[Any] = list(
        dataset.child_shares.order_by("unit_id").values_list("unit__geometry", "share")
    )
    if not rows:
        raise NoChildSharesError(dataset=dataset.name)
    polygons = np.empty(len(rows), dtype=object)
    polygons[:] = [shape_of(geometry) for geometry, _share in rows]
    return ShareUnits(
        polygons, np.array([share for _geometry, share in rows]), dataset.default_child_share
    )


def as_array(shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    """Return shapes as an object array, also when empty or all alike."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    return array
