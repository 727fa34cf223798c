"""The children of a unit and the open waters in reach of them, kept while nothing changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
import shapely
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.credit import Credit, credit_by_water
from geomath.distance import FloatArray
from geomath.grid import Grid
from geomath.live import LiveUnion
from geomath.zonal import cell_shares
from maps.errors import AreaTooLargeError, NoUnitOutlineError
from maps.models import PopulationDataset
from maps.selectors.registry import registry_revision
from maps.selectors.waters import OpenWater, basins_from, open_waters_in
from maps.services.cell_counts import CellCounts
from maps.services.shapes import shape_of
from places.models import AdminUnit

MOST_CELLS: Final = 3_000_000  # of the raster under one unit: about 160 km x 160 km at 100 m
MOST_WATERS: Final = 20_000
MOST_KEPT: Final = 4  # areas at hand in each process

_kept: OrderedDict[tuple[Any, ...], Area] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Area:
    """The children of a unit on its window of the raster, and the waters in reach of them.

    live  the union with every water open; fork it before protecting any
    """

    grid: Grid
    children: FloatArray
    waters: list[OpenWater]
    live: LiveUnion
    credit: Credit  # with every water open
    revision: str  # of the register, from before it was read

    def credit_of(self, live: LiveUnion, protected: Sequence[int]) -> Credit:
        """The credit of every water, 0 of the protected; only those near them are worked out."""
        if not protected:
            return self.credit
        changed = live.near(protected, 2 * live.within_m)
        changed = changed[live.is_open[changed]]
        beside = live.near(changed, 2 * live.within_m)
        beside = beside[live.is_open[beside]]
        shapes = [self.waters[n].shape for n in beside]
        found = credit_by_water(shapes, self.grid, live.within_m, self.children)
        at = np.searchsorted(beside, changed)
        return Credit(
            *(_renewed(old, list(protected), changed, new[at])
              for old, new in zip(self.credit, found, strict=True))
        )  # fmt: skip


def _renewed(
    old: FloatArray, protected: Sequence[int], changed: NDArray[np.int64], new: FloatArray
) -> FloatArray:
    figures = old.copy()
    figures[protected] = 0.0
    figures[changed] = new
    return figures


def area_of(unit: AdminUnit, dataset: PopulationDataset, within_m: int) -> Area:
    """Return children and waters of a unit as the register stands; at hand if asked before.

    Raises NoUnitOutlineError, NoChildSharesError, AreaTooLargeError.
    """
    revision = registry_revision()
    key = (
        connection.settings_dict["NAME"], unit.pk, dataset.pk, dataset.updated_at, within_m,
        revision, timezone.localdate(),
    )  # fmt: skip
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _read(unit, dataset, within_m, revision)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def forget_areas() -> None:
    """Let go of every area at hand."""
    with _lock:
        _kept.clear()


def _read(unit: AdminUnit, dataset: PopulationDataset, within_m: int, revision: str) -> Area:
    polygons = _outlines(unit)
    counts = CellCounts(dataset)
    bounds = tuple(float(edge) for edge in shapely.total_bounds(polygons))
    try:
        grid, rows, cols = counts.grid.window(bounds)  # type: ignore[arg-type]
    except ValueError:  # the raster ends before the unit
        nowhere = Grid(bounds[0], bounds[3], counts.grid.dlon_deg, counts.grid.dlat_deg, 1, 1)
        return _with_union(nowhere, np.zeros((1, 1)), [], within_m, revision)
    if grid.size > MOST_CELLS:
        raise AreaTooLargeError(unit=unit.full_name)
    people, base = counts.settled(rows, cols)
    half_a_cell_m2 = float(grid.cell_area_m2(slice(0, 1))[0]) / 2
    basins = basins_from(half_a_cell_m2, timezone.localdate(), grid.bounds)
    _people, base, _on_water = counts.dry(grid, people, base, basins)
    inside = cell_shares(polygons, grid, settled=base > 0)
    share = np.bincount(inside.cell_index, inside.share, minlength=grid.size)
    share = np.minimum(share, 1.0).reshape(grid.shape)
    children = base * share
    if counts.child_share:
        children *= counts.child_share.of_cells(grid, children > 0)[0]
    near = counts.grid.widened(bounds, within_m)  # type: ignore[arg-type]
    waters = open_waters_in(near)
    if len(waters) > MOST_WATERS:
        raise AreaTooLargeError(unit=unit.full_name)
    return _with_union(grid, children, waters, within_m, revision)


def _outlines(unit: AdminUnit) -> list[BaseGeometry]:
    """The unit's own outline, or those of the units next below that have one."""
    if unit.geometry:
        return [shape_of(unit.geometry)]
    below = AdminUnit.objects.filter(
        boundary_set=unit.boundary_set_id,
        tree_left__range=(unit.tree_left, unit.tree_right),
        geometry__isnull=False,
    )
    drawn = list(below.order_by("depth", "tree_left"))
    if not drawn:
        raise NoUnitOutlineError(unit=unit.full_name)
    least = drawn[0].depth
    return [shape_of(one.geometry) for one in drawn if one.geometry and one.depth == least]


def _with_union(
    grid: Grid, children: FloatArray, waters: list[OpenWater], within_m: int, revision: str
) -> Area:
    shapes = [water.shape for water in waters]
    live = LiveUnion(shapes, [True] * len(shapes), grid, within_m, children)
    credit = credit_by_water(shapes, grid, within_m, children)
    return Area(grid, children, waters, live, credit, revision)
