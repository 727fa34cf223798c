"""What if these waters were protected: a unit's children now and then, while the user waits.

Nothing is kept and nothing is taken from an earlier run: raster, register and boundaries are read
as they stand, so the answer is always of this moment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from accounts.scoping import AreaScope
from geomath.credit import Credit, credit_by_water
from geomath.distance import FloatArray
from geomath.grid import Grid
from geomath.live import LiveUnion
from geomath.zonal import cell_shares
from hazards.services.assessment import ensure_fresh
from maps.errors import AreaTooLargeError, DistanceOutOfRangeError, NoUnitOutlineError
from maps.models import PopulationDataset
from maps.selectors.population import dataset_named
from maps.selectors.waters import OpenWater, open_waters_in
from maps.services.cell_counts import CellCounts
from maps.services.scene import LEAST_M, MOST_M
from maps.services.shapes import shape_of
from places.models import AdminUnit

MOST_CELLS: Final = 3_000_000  # of the raster under one unit: about 160 km x 160 km at 100 m
MOST_WATERS: Final = 20_000
MOST_SUGGESTED: Final = 20


@dataclass(frozen=True)
class Gain:
    """One unprotected water of the reader's area; children of the unit, not rounded.

    reach      near this water;  only_here: of those, near no other one that is still open
    """

    water: OpenWater
    reach: float
    only_here: float


@dataclass(frozen=True)
class WhatIf:
    """Children of one unit near unprotected water, as it is and with some waters protected.

    gains     of the waters still open that the reader may see, the largest first
    others_n  waters of other areas that reach into the unit; counted, not named
    """

    unit: AdminUnit
    within_m: int
    dataset: PopulationDataset
    children: float
    now: float
    then: float
    protected: list[OpenWater]
    gains: list[Gain]
    others_n: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Area:
    """The children of a unit on its window of the raster, and the waters in reach of them."""

    grid: Grid
    children: FloatArray
    waters: list[OpenWater]

    @property
    def shapes(self) -> list[BaseGeometry]:
        return [water.shape for water in self.waters]


def what_if(
    *,
    unit: AdminUnit,
    scope: AreaScope,
    within_m: int,
    protected: Collection[str] = (),
    suggest_n: int = 0,
) -> WhatIf:
    """Work out the children of ``unit`` near water, and how many fewer if these were protected.

    protected  codes of hazards; those out of the scope or of the reach are passed over
    suggest_n  tick so many more: each time the one that frees the most, at most 20
    Raises DistanceOutOfRangeError, NoUnitOutlineError, NoDatasetError, AreaTooLargeError.
    """
    if not LEAST_M <= within_m <= MOST_M:
        raise DistanceOutOfRangeError(distance_m=within_m, least_m=LEAST_M, most_m=MOST_M)
    ensure_fresh()
    dataset = dataset_named()
    area = _area_of(unit, dataset, within_m)
    mine = [scope.covers(water.hazard.unit.tree_left) for water in area.waters]
    codes = [water.hazard.code for water in area.waters]
    ticked = [n for n, code in enumerate(codes) if mine[n] and code in protected]
    live = LiveUnion(area.shapes, [True] * len(mine), area.grid, within_m, area.children)
    now = live.exposed
    live.set_open(ticked, is_open=False)
    credit = _credit(area, live)
    for _ in range(min(suggest_n, MOST_SUGGESTED)):
        best = _best(credit, live, mine)
        if best is None:
            break
        ticked.append(best)
        live.set_open([best], is_open=False)
        credit = _credit(area, live)
    gains = [
        Gain(water, float(credit.reach[n]), float(credit.only_here[n]))
        for n, water in enumerate(area.waters)
        if mine[n] and live.is_open[n] and credit.reach[n] > 0
    ]
    return WhatIf(
        unit=unit,
        within_m=within_m,
        dataset=dataset,
        children=float(area.children.sum()),
        now=now,
        then=live.exposed,
        protected=[area.waters[n] for n in ticked],
        gains=sorted(gains, key=lambda gain: (-gain.only_here, -gain.reach, gain.water.hazard.pk)),
        others_n=sum(1 for n, own in enumerate(mine) if not own and credit.reach[n] > 0),
    )


def _best(credit: Credit, live: LiveUnion, mine: Sequence[bool]) -> int | None:
    """The water whose protection frees the most; of equals, the one with the larger share.

    Ponds side by side free nobody one by one; the share leads to them all the same.
    """
    open_n = [n for n, own in enumerate(mine) if own and live.is_open[n] and credit.reach[n] > 0]
    return max(
        open_n,
        key=lambda n: (round(float(credit.only_here[n]), 3), float(credit.equal_share[n])),
        default=None,
    )


def _credit(area: _Area, live: LiveUnion) -> Credit:
    """Credit of every water, zero for those that are protected."""
    chosen = np.flatnonzero(live.is_open)
    found = credit_by_water(
        [area.waters[n].shape for n in chosen], area.grid, live.within_m, area.children
    )
    figures = []
    for part in (found.reach, found.only_here, found.equal_share, found.mean_others):
        full = np.zeros(len(area.waters))
        full[chosen] = part
        figures.append(full)
    return Credit(*figures)


def _area_of(unit: AdminUnit, dataset: PopulationDataset, within_m: int) -> _Area:
    polygons = _outlines(unit)
    counts = CellCounts(dataset)
    bounds = tuple(float(edge) for edge in shapely.total_bounds(polygons))
    try:
        grid, rows, cols = counts.grid.window(bounds)  # type: ignore[arg-type]
    except ValueError:  # the raster ends before the unit
        nowhere = Grid(bounds[0], bounds[3], counts.grid.dlon_deg, counts.grid.dlat_deg, 1, 1)
        return _Area(nowhere, np.zeros((1, 1)), [])
    if grid.size > MOST_CELLS:
        raise AreaTooLargeError(unit=unit.full_name)
    _people, base = counts.settled(rows, cols)
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
    return _Area(grid, children, waters)


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
