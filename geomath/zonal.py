"""Which share of each grid cell lies in which unit, exactly, and sums by unit from it.

Shares are planar fractions in degrees (as exactextract counts them): inside one cell a degree has
one length to 1 part in 10,000, so the fraction over the ground is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.coverage_kernel import accumulate_ring, finish_rows
from geomath.distance import FloatArray
from geomath.grid import Grid

BAND_CELLS = 4_000_000  # a polygon is worked off in bands of rows of about 32 MB
POLYGON_TYPES = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True)
class CellShares:
    """Sparse table (unit, cell, share of the cell's area inside the unit).

    unit_index  number of the unit in the sequence given, sorted
    cell_index  row * cols + col (or the place in a list of cells, after ``among``), sorted per unit
    share       above 0, at most 1; exactly 1.0 for cells wholly inside
    """

    unit_index: NDArray[np.int32]
    cell_index: NDArray[np.int64]
    share: FloatArray

    def among(self, cells: NDArray[np.int64]) -> "CellShares":
        """Keep the given cells only (sorted flat numbers); cell_index becomes the place in them.

        With it the sums run over arrays that hold the settled cells alone.
        """
        if cells.size == 0:
            return CellShares(self.unit_index[:0], self.cell_index[:0], self.share[:0])
        place = np.searchsorted(cells, self.cell_index)
        place[place == cells.size] = 0
        known = cells[place] == self.cell_index
        return CellShares(self.unit_index[known], place[known].astype(np.int64), self.share[known])


def cell_shares(
    polygons: Sequence[BaseGeometry], grid: Grid, settled: NDArray[np.bool_] | None = None
) -> CellShares:
    """Clip every polygon against the grid, in time proportional to its border.

    polygons  polygons or multipolygons in degrees, valid; an empty one gets no cells
    settled   rows x cols; other cells are left out of the table (they hold nobody)
    A polygon off the grid gets no cells; one partly off it gets those on the grid.
    """
    if settled is not None and settled.shape != grid.shape:
        raise ValueError(f"settled is {settled.shape} but the grid is {grid.shape}")
    units: list[NDArray[np.int32]] = []
    cells: list[NDArray[np.int64]] = []
    values: list[FloatArray] = []
    for number, polygon in enumerate(polygons):
        _check_polygon(number, polygon)
        for cell, share in _bands_of(polygon, grid, settled):
            units.append(np.full(cell.size, number, dtype=np.int32))
            cells.append(cell)
            values.append(share)
    if not units:
        return CellShares(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0))
    return CellShares(np.concatenate(units), np.concatenate(cells), np.concatenate(values))


def zonal_sum(values: NDArray[Any], shares: CellShares, unit_count: int) -> FloatArray:
    """Sum ``values`` (counts per cell, NaN where missing) by unit, each cell by its share.

    Returns float64 per unit; a missing cell adds nothing, so the sum is a lower bound
    (``missing_share`` says of how much). Values may be float32: sums are made in float64.

    >>> shares = CellShares(np.array([0, 0], np.int32), np.array([0, 1]), np.array([1.0, 0.5]))
    >>> zonal_sum(np.array([[10.0, 4.0]]), shares, unit_count=1).tolist()
    [12.0]
    """
    picked = _picked(values, shares)
    weighted = np.where(np.isnan(picked), 0.0, picked) * shares.share
    return _per_unit(shares, weighted, unit_count)


def missing_share(values: NDArray[Any], shares: CellShares, unit_count: int) -> FloatArray:
    """Say which share (0 to 1) of each unit's cells on the grid is missing; NaN without cells."""
    missing = np.isnan(_picked(values, shares)) * shares.share
    lost = _per_unit(shares, missing, unit_count)
    whole = _per_unit(shares, shares.share, unit_count)
    share = np.full(unit_count, np.nan)
    np.divide(lost, whole, out=share, where=whole > 0)
    return share


def _per_unit(shares: CellShares, weights: FloatArray, unit_count: int) -> FloatArray:
    summed = np.bincount(shares.unit_index, weights=weights, minlength=unit_count)
    return np.asarray(summed, dtype=np.float64)  # of no cells at all, bincount makes whole numbers


def _picked(values: NDArray[Any], shares: CellShares) -> FloatArray:
    flat = np.asarray(values).reshape(-1)
    if shares.cell_index.size and int(shares.cell_index.max()) >= flat.size:
        raise ValueError(
            f"values hold {flat.size} cells but the shares speak of cell "
            f"{int(shares.cell_index.max())}: they belong to another grid"
        )
    return np.asarray(flat[shares.cell_index].astype(np.float64), dtype=np.float64)


def _check_polygon(number: int, polygon: BaseGeometry) -> None:
    if polygon is None or polygon.geom_type not in POLYGON_TYPES:
        kind = "nothing" if polygon is None else polygon.geom_type
        raise ValueError(f"unit {number} is {kind}; a polygon or multipolygon is needed")
    if not shapely.is_valid(polygon):
        raise ValueError(f"unit {number} is invalid: {shapely.is_valid_reason(polygon)}")


def _bands_of(
    polygon: BaseGeometry, grid: Grid, settled: NDArray[np.bool_] | None
) -> list[tuple[NDArray[np.int64], FloatArray]]:
    """Cell numbers and shares of one polygon, band by band from the north."""
    if polygon.is_empty:
        return []
    try:
        window, rows, cols = grid.window(polygon.bounds)
    except ValueError:
        return []
    rings = _rings_in_cells(polygon, window)
    height = max(1, BAND_CELLS // window.cols)
    bands = []
    for first in range(0, window.rows, height):
        count = min(height, window.rows - first)
        share = _band_coverage(rings, first, count, window.cols)
        if settled is not None:
            part = settled[rows.start + first : rows.start + first + count, cols]
            share[~part] = 0.0
        row, col = np.nonzero(share)
        cell = (row + rows.start + first).astype(np.int64) * grid.cols + (col + cols.start)
        bands.append((cell, share[row, col]))
    return bands


def _rings_in_cells(polygon: BaseGeometry, window: Grid) -> list[FloatArray]:
    """Rings in cell units, x to the east and y to the south; shells one way, holes the other."""
    turned = shapely.orient_polygons(polygon, exterior_cw=False)
    rings = []
    for ring in shapely.get_rings(shapely.get_parts(turned)):
        xy = shapely.get_coordinates(ring)
        xy[:, 0] = (xy[:, 0] - window.west_deg) / window.dlon_deg
        xy[:, 1] = (window.north_deg - xy[:, 1]) / window.dlat_deg
        rings.append(xy)
    return rings


def _band_coverage(rings: list[FloatArray], first: int, count: int, cols: int) -> FloatArray:
    buffer = np.zeros((count, cols + 2))
    for ring in rings:
        accumulate_ring(ring, first, buffer)
    finish_rows(buffer)
    return buffer[:, :cols]
