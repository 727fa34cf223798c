"""People and children under 16 per cell of a dataset, read window by window."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.child_share import ShareUnits
from geomath.grid import Grid
from maps import rasters
from maps.errors import NoChildSharesError
from maps.models import PopulationDataset, PopulationRaster
from maps.services.bands import ALL_BANDS, UNDER_16
from maps.services.shapes import shape_of

FloatArray = NDArray[np.float64]


class CellCounts:
    """The counts of one dataset: people, and what children are worked out from, by window."""

    def __init__(self, dataset: PopulationDataset) -> None:
        self.dataset = dataset
        self.rasters = list(dataset.rasters.all())
        self.grid = grid_of(self.rasters[0])
        # turns people of all ages into children; None where the rasters hold age bands
        self.child_share = _share_units(dataset) if self._needs_shares else None

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
