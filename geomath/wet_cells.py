"""People whom a raster puts on water: found, and left, taken out, or moved to dry land."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.distance import FloatArray
from geomath.grid import Grid
from geomath.zonal import cell_shares

KEEP, EXCLUDE, MOVE = "keep", "exclude", "move"
POLICIES: Final = (KEEP, EXCLUDE, MOVE)
Cells = NDArray[np.bool_]
WET_FROM: Final = 0.5  # share of a cell under water from which its people count as on water


def wet_cells(basins: Sequence[BaseGeometry], grid: Grid, settled: NDArray[np.bool_]) -> Cells:
    """Say which settled cells (rows x cols) lie at least half under one of the outlines."""
    parts = cell_shares(basins, grid, settled=settled)
    under = np.bincount(parts.cell_index, parts.share, minlength=grid.size)
    return (under >= WET_FROM).reshape(grid.shape)


def off_the_water(counts: FloatArray, wet: Cells, policy: str) -> FloatArray:
    """Return people per cell (rows x cols) under a policy; the array given stays as it is.

    keep     as the raster has it
    exclude  nobody on water: the total falls by those people
    move     to the nearest dry cell with anybody in the same row, of two the western: the total
             stays, and no answer depends on where rows are cut; a row without one keeps them
    """
    if policy not in POLICIES:
        raise ValueError(f"policy is {policy!r}; it must be one of {', '.join(POLICIES)}")
    people = np.nan_to_num(counts)
    if policy == KEEP or not wet.any():
        return people
    if policy == EXCLUDE:
        return np.where(wet, 0.0, people)
    moved = people.copy()
    for row in np.flatnonzero((wet & (people > 0)).any(axis=1)):
        dry = np.flatnonzero((people[row] > 0) & ~wet[row])
        if dry.size == 0:
            continue
        here = np.flatnonzero(wet[row] & (people[row] > 0))
        after = np.searchsorted(dry, here).clip(0, dry.size - 1)
        before = (after - 1).clip(0)
        west = np.abs(dry[before] - here) <= np.abs(dry[after] - here)
        target = np.where(west, dry[before], dry[after])
        moved[row, here] = 0.0
        np.add.at(moved[row], target, people[row, here])
    return moved
