"""People and children under 16 per cell of a dataset, read window by window."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count, Max
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.child_share import ShareUnits
from geomath.grid import Grid
from geomath.wet_cells import off_the_water, wet_cells
from maps import rasters
from maps.errors import NoChildSharesError
from maps.models import PopulationDataset, PopulationRaster
from maps.services.bands import ALL_BANDS, UNDER_16
from maps.services.shapes import shape_of
from places.models import AdminUnit

FloatArray = NDArray[np.float64]
_kept: dict[int, tuple[str, ShareUnits]] = {}


class CellCounts:
    """The counts of one dataset: people, and what children are worked out from, by window."""

    def __init__(
        self, dataset: PopulationDataset, files: Sequence[PopulationRaster] | None = None
    ) -> None:
        self.dataset = dataset
        self.rasters = list(dataset.rasters.all() if files is None else files)
        self.grid = grid_of(self.rasters[0])
        # turns people of all ages into children; None where the rasters hold age bands
        self.child_share = _kept_share_units(dataset) if self._needs_shares else None
        self._last: tuple[tuple[int, int, int], tuple[FloatArray | None, FloatArray]] | None = None

    @property
    def _needs_shares(self) -> bool:
        return self.dataset.measures == PopulationDataset.Measures.TOTAL

    @property
    def knows_people(self) -> bool:
        ages = {raster.age_from for raster in self.rasters}
        return None in ages or ages >= ALL_BANDS

    def settled(self, rows: slice, cols: slice) -> tuple[FloatArray | None, FloatArray]:
        """Return people of all ages (None where the dataset lacks adults) and those counted for
        children: people again where shares are used, else children under 16. NaN becomes 0.

        Whole rows of tiles are read and the last one is kept: strips that follow one another
        unpack every tile once.
        """
        everybody, counted = [], []
        for tile in range(rows.start // rasters.BLOCK, (rows.stop - 1) // rasters.BLOCK + 1):
            first = tile * rasters.BLOCK
            here = slice(max(rows.start - first, 0), min(rows.stop - first, rasters.BLOCK))
            people, base = self._row_of_tiles(tile, cols)
            counted.append(base[here])
            if people is not None:
                everybody.append(people[here])
        base = np.concatenate(counted)
        if self._needs_shares:
            return base, base
        return np.concatenate(everybody) if everybody else None, base

    def dry(
        self,
        grid: Grid,
        people: FloatArray | None,
        counted: FloatArray,
        basins: Sequence[BaseGeometry],
    ) -> tuple[FloatArray | None, FloatArray, float]:
        """Treat people on water as the dataset's policy says; returns both arrays and how many.

        The number is of people, or of children where the dataset lacks adults, before the policy.
        """
        if not basins:
            return people, counted, 0.0
        everybody = counted if people is None else people
        wet = wet_cells(basins, grid, (everybody > 0) | (counted > 0))
        on_water = float(everybody[wet].sum())
        policy = self.dataset.water_policy
        dried = off_the_water(counted, wet, policy)
        if people is None or people is counted:
            return (dried if people is not None else None), dried, on_water
        return off_the_water(people, wet, policy), dried, on_water

    def _row_of_tiles(self, tile: int, cols: slice) -> tuple[FloatArray | None, FloatArray]:
        key = (tile, cols.start, cols.stop)
        if self._last is None or self._last[0] != key:
            first = tile * rasters.BLOCK
            rows = slice(first, min(first + rasters.BLOCK, self.grid.rows))
            self._last = (key, self._read(rows, cols))
        return self._last[1]

    def _read(self, rows: slice, cols: slice) -> tuple[FloatArray | None, FloatArray]:
        if self._needs_shares:
            people = self._sum([(raster, 1.0) for raster in self.rasters], rows, cols)
            return people, people
        whole = [(raster, 1.0) for raster in self.rasters if raster.age_from is None]
        bands = [raster for raster in self.rasters if raster.age_from is not None]
        young = [(band, UNDER_16[band.age_from]) for band in bands if band.age_from in UNDER_16]
        everybody = whole or [(band, 1.0) for band in bands]
        counted = self._sum(young, rows, cols)
        return self._sum(everybody, rows, cols) if self.knows_people else None, counted

    def _sum(
        self, weighted: Sequence[tuple[PopulationRaster, float]], rows: slice, cols: slice
    ) -> FloatArray:
        total = np.zeros((rows.stop - rows.start, cols.stop - cols.start))
        for raster, weight in weighted:
            stored = rasters.read_people(raster.stored_name, rows, cols)
            total += stored if weight == 1 else np.multiply(stored, weight, dtype=np.float64)
        return total


def grid_of_dataset(dataset: PopulationDataset) -> Grid:
    return grid_of(dataset.rasters.all()[0])


def grid_of(raster: PopulationRaster) -> Grid:
    return Grid(
        raster.west_deg,
        raster.north_deg,
        raster.cell_width_deg,
        raster.cell_height_deg,
        raster.rows,
        raster.cols,
    )


def _kept_share_units(dataset: PopulationDataset) -> ShareUnits:
    """Outlines and shares of a dataset, kept until either changes: reading hundreds takes longer
    than counting round one water."""
    facts = dataset.child_shares.aggregate(n=Count("id"), last=Max("updated_at"))
    units = AdminUnit.objects.aggregate(n=Count("id"), last=Max("updated_at"))
    key = repr([
        connection.settings_dict["NAME"], dataset.pk, dataset.default_child_share, facts, units
    ])  # fmt: skip
    kept = _kept.get(dataset.pk)
    if kept is None or kept[0] != key:
        _kept.clear()  # one dataset is current; a second would only be memory
        kept = _kept[dataset.pk] = key, _share_units(dataset)
    return kept[1]


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
