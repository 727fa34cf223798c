"""Children near water by unit, worked out strip by strip of the raster.

Memory is bound by one strip of cells. Every sum is additive over cells, so the answer does not
depend on where strips begin.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.exposure import ANY, children_exposed, exposed_share, union_mask
from geomath.grid import Grid
from geomath.zonal import CellShares, cell_shares, zonal_sum
from maps.rasters import row_strips
from maps.services.cell_counts import CellCounts, as_array

FloatArray = NDArray[np.float64]

STRIP_CELLS: Final = 1_500_000  # about a dozen arrays of 12 MB
OVERLAP_TOLERANCE: Final = 1e-6  # outlines that share a border written with 6 decimals
METRES_PER_DEGREE_AT_LEAST: Final = 55_000.0  # of longitude, up to 60 N: wide enough a halo


@dataclass(frozen=True)
class Water:
    """One hazard as the counting needs it. ``group`` is None where it is protected."""

    hazard_id: int
    shape: BaseGeometry
    group: str | None


@dataclass(frozen=True)
class BlockPlan:
    """What to work out.

    polygons     outlines of the finest units, in their order
    groups       the groups of unprotected water shown apart
    near_each_m  also count children within this of each water alone; None: do not
    """

    polygons: Sequence[BaseGeometry]
    waters: Sequence[Water]
    groups: Sequence[str]
    distances_m: Sequence[int]
    near_each_m: int | None = None


@dataclass
class BlockSums:
    """Sums by unit (in the order of the plan's polygons)."""

    people: FloatArray
    children: FloatArray
    exposed: dict[tuple[str, int], FloatArray]
    near_each: dict[int, float] = field(default_factory=dict)
    people_in_overlaps: float = 0.0
    cells_read: int = 0


def work_out(
    plan: BlockPlan,
    counts: CellCounts,
    progress: Callable[[Sequence[slice]], Iterable[slice]] = lambda strips: strips,
) -> BlockSums:
    """Go through the raster once and add everything up."""
    sums = _empty(plan)
    reach_m = max(plan.near_each_m or 0, *plan.distances_m)
    window = _window(plan, counts.grid, plan.near_each_m or 0)
    if window is None:
        return sums
    grid, rows, cols = window
    polygons = as_array(plan.polygons)
    unit_tree = shapely.STRtree(polygons)
    shapes = as_array([water.shape for water in plan.waters])
    water_tree = shapely.STRtree(shapes)
    for strip in progress(list(row_strips(grid, STRIP_CELLS))):
        part = part_of(grid, strip)
        block = _Block(
            grid=part,
            rows=slice(rows.start + strip.start, rows.start + strip.stop),
            cols=cols,
            units=np.sort(unit_tree.query(shapely.box(*part.bounds))),
            waters=np.sort(water_tree.query(_widened(part, reach_m))),
        )
        _add_block(sums, plan, polygons, counts, block)
    return sums


@dataclass(frozen=True)
class _Block:
    grid: Grid
    rows: slice
    cols: slice
    units: NDArray[np.int64]
    waters: NDArray[np.int64]


def _empty(plan: BlockPlan) -> BlockSums:
    size = len(plan.polygons)
    return BlockSums(
        people=np.zeros(size),
        children=np.zeros(size),
        exposed={
            (group, distance): np.zeros(size)
            for group in (ANY, *plan.groups)
            for distance in plan.distances_m
        },
        near_each={water.hazard_id: 0.0 for water in plan.waters} if plan.near_each_m else {},
    )


def _window(plan: BlockPlan, grid: Grid, margin_m: float) -> tuple[Grid, slice, slice] | None:
    """Cells that hold the units and the reach of single waters; None when they miss the raster."""
    bounds = shapely.total_bounds(as_array(plan.polygons))
    try:
        return grid.window(tuple(bounds), margin_m=margin_m)
    except ValueError:
        return None


def part_of(grid: Grid, rows: slice) -> Grid:
    """Cut whole rows out of a grid."""
    return Grid(
        grid.west_deg,
        grid.north_deg - rows.start * grid.dlat_deg,
        grid.dlon_deg,
        grid.dlat_deg,
        rows.stop - rows.start,
        grid.cols,
    )


def _widened(grid: Grid, metres: float) -> BaseGeometry:
    west, south, east, north = grid.bounds
    halo = metres / METRES_PER_DEGREE_AT_LEAST
    return shapely.box(west - halo, south - halo, east + halo, north + halo)


def _add_block(
    sums: BlockSums,
    plan: BlockPlan,
    polygons: NDArray[np.object_],
    counts: CellCounts,
    block: _Block,
) -> None:
    people, base = counts.settled(block.rows, block.cols)
    settled = base > 0 if people is None else (people > 0) | (base > 0)
    sums.cells_read += block.grid.size
    shares = cell_shares(list(polygons[block.units]), block.grid, settled=settled)
    inside = _touched(shares, block.grid)
    waters = [plan.waters[number] for number in block.waters]
    wanted = inside | (settled & _reach(plan, waters, block.grid, settled))
    children = counts.children(base, block.grid, wanted)
    _add_totals(sums, block, shares, people, children)
    _add_exposed(sums, plan, block, shares, inside, waters, children)
    if plan.near_each_m:
        _add_near_each(sums.near_each, waters, block.grid, children, plan.near_each_m)


def _touched(shares: CellShares, grid: Grid) -> NDArray[np.bool_]:
    touched = np.zeros(grid.size, dtype=bool)
    touched[shares.cell_index] = True
    return touched.reshape(grid.shape)


def _reach(
    plan: BlockPlan, waters: Sequence[Water], grid: Grid, settled: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Cells near any water, also beyond the units: a single water's figure knows no border."""
    if not plan.near_each_m or not waters:
        return np.zeros(grid.shape, dtype=bool)
    share = union_mask([water.shape for water in waters], grid, plan.near_each_m, settled)
    return np.asarray(share > 0)


def _add_totals(
    sums: BlockSums,
    block: _Block,
    shares: CellShares,
    people: FloatArray | None,
    children: FloatArray,
) -> None:
    count = len(block.units)
    sums.children[block.units] += zonal_sum(children, shares, count)
    counted = children if people is None else people
    if people is not None:
        sums.people[block.units] += zonal_sum(people, shares, count)
    cover = np.bincount(shares.cell_index, shares.share, minlength=block.grid.size)
    twice = np.where(cover > 1 + OVERLAP_TOLERANCE, cover - 1, 0.0)
    sums.people_in_overlaps += float(twice @ counted.reshape(-1))


def _add_exposed(
    sums: BlockSums,
    plan: BlockPlan,
    block: _Block,
    shares: CellShares,
    inside: NDArray[np.bool_],
    waters: Sequence[Water],
    children: FloatArray,
) -> None:
    by_group: Mapping[str, list[BaseGeometry]] = {
        group: [water.shape for water in waters if water.group == group] for group in plan.groups
    }
    if not any(by_group.values()):
        return
    result = exposed_share(by_group, block.grid, plan.distances_m, settled=inside)
    few = shares.among(result.cells)
    counted = children.reshape(-1)[result.cells]
    for group, distance in sums.exposed:
        share: Any = result.share[group, distance]
        found = children_exposed(counted, share, few, len(block.units))
        sums.exposed[group, distance][block.units] += found


def _add_near_each(
    near_each: dict[int, float],
    waters: Sequence[Water],
    grid: Grid,
    children: FloatArray,
    within_m: int,
) -> None:
    for water in waters:
        try:
            window, rows, cols = grid.window(water.shape.bounds, margin_m=within_m)
        except ValueError:
            continue
        part = children[rows, cols]
        lived_in = part > 0
        if lived_in.any():
            share = union_mask([water.shape], window, within_m, lived_in)
            near_each[water.hazard_id] += float((part * share).sum())
