"""Children near water by unit, worked out strip by strip of the raster.

Memory is bound by a few strips of cells. Every sum is additive over cells, so the answer does not
depend on where strips begin; the strips themselves are worked out by ``geomath.block``, here, in
other processes or on other machines (``maps/services/cluster.py``). A strip of which nothing has
changed since an earlier run is not worked out again (``maps/services/kept_blocks.py``).
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

import geomath
from geomath.block import NO_UNIT, BlockInput, BlockPart, work_block
from geomath.exposure import ANY
from geomath.grid import Grid
from maps.rasters import row_strips
from maps.services.cell_counts import CellCounts, as_array

FloatArray = NDArray[np.float64]

STRIP_CELLS: Final = 1_500_000  # about a dozen arrays of 12 MB
LEAST_CELLS: Final = 100_000  # of a strip of a small area: an edit works out its own strip only
STRIPS_OF_SMALL_AREA: Final = 8
METRES_PER_DEGREE_AT_LEAST: Final = 55_000.0  # of longitude, up to 60 N: wide enough a halo
AT_ONCE: Final = 4  # blocks, each on all processors; more would need memory and gain nothing
CREDITS: Final = 5  # reach, only here, equal share, reach x others near, nearest

Blocks = Callable[[Iterable[BlockInput]], Iterator[BlockPart]]


class Kept(Protocol):
    """Blocks worked out before, by a digest of all that they depend on."""

    def get(self, key: str) -> BlockPart | None: ...
    def put(self, key: str, part: BlockPart) -> None: ...


@dataclass(frozen=True)
class Water:
    """One hazard as the counting needs it.

    groups  of unprotected water it is in, by verdict and by gap; none where it is protected
    unit    id of the finest unit it stands in, or -1
    """

    hazard_id: int
    shape: BaseGeometry
    groups: tuple[str, ...]
    unit: int = NO_UNIT


@dataclass(frozen=True)
class BlockPlan:
    """What to work out.

    unit_ids, polygons  the finest units, and their outlines
    groups       the groups of unprotected water shown apart
    near_each_m  also count children within this of each water alone; None: do not
    basins       outlines of waters large enough to hold cells of the raster
    """

    unit_ids: Sequence[int]
    polygons: Sequence[BaseGeometry]
    waters: Sequence[Water]
    groups: Sequence[str]
    distances_m: Sequence[int]
    near_each_m: int | None = None
    basins: Sequence[BaseGeometry] = ()


@dataclass
class BlockSums:
    """Sums by unit (in the order of the plan's units).

    flows      metres -> {(unit of the home, unit of the nearest water or -1): children}
    near_each  hazard id -> reach, only here, equal share, reach x others near, nearest
    worked     strips that were worked out, not taken from an earlier run
    """

    place: dict[int, int]  # unit id -> place in the sums
    people: FloatArray
    children: FloatArray
    exposed: dict[tuple[str, int], FloatArray]
    flows: dict[int, dict[tuple[int, int], float]]
    near_each: dict[int, FloatArray] = field(default_factory=dict)
    people_in_overlaps: float = 0.0
    people_by_nearest: float = 0.0
    cells_by_nearest: int = 0
    cells_read: int = 0
    people_on_water: float = 0.0
    worked: int = 0

    def add(self, part: BlockPart) -> None:
        """Add one block; blocks are added in the order of the strips, so the bytes are the same."""
        at = [self.place[unit] for unit in part.units.tolist()]
        if part.people is not None:
            self.people[at] += part.people
        self.children[at] += part.children
        for key, values in part.exposed.items():
            self.exposed[key][at] += values
        for metres, (home, there, children) in part.flows.items():
            flow = self.flows[metres]
            for pair, count in zip(zip(home, there, strict=True), children, strict=True):
                both = int(pair[0]), int(pair[1])
                flow[both] = flow.get(both, 0.0) + float(count)
        if part.by_water is not None:
            for hazard_id, figures in zip(part.waters.tolist(), part.by_water, strict=True):
                self.near_each[hazard_id] += figures
        self.people_in_overlaps += part.people_in_overlaps
        self.people_by_nearest += part.people_by_nearest
        self.cells_by_nearest += part.cells_by_nearest
        self.cells_read += part.cells_read
        self.people_on_water += part.people_on_water


def side_by_side(given: Iterable[BlockInput]) -> Iterator[BlockPart]:
    """Work blocks out in this process, in their order: the next ones are read meanwhile."""
    workers = min(AT_ONCE, os.cpu_count() or 1)
    begun: deque[Future[BlockPart]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for block in given:
            begun.append(pool.submit(work_block, block))
            if len(begun) > 2 * workers:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def work_out(
    plan: BlockPlan,
    counts: CellCounts,
    progress: Callable[[Sequence[slice]], Iterable[slice]] = lambda strips: strips,
    blocks: Blocks = side_by_side,
    kept: Kept | None = None,
) -> BlockSums:
    """Go through the raster once and add everything up, strip by strip from the north.

    blocks  works blocks out, in their order
    kept    blocks of earlier runs, finished or cut off: taken where all they rest on is the same
    """
    sums = empty_sums(plan)
    window = _window(plan, counts.grid, plan.near_each_m or 0)
    if window is None:
        return sums
    grid, rows, cols = window
    strips = list(row_strips(grid, strip_cells(grid)))
    reader = Reader(plan, counts, cols)
    places = [
        (part_of(grid, strip), slice(rows.start + strip.start, rows.start + strip.stop))
        for strip in strips
    ]
    keys = [reader.key(part, read) for part, read in places] if kept else [""] * len(strips)
    known = {key: part for key in keys if kept and (part := kept.get(key))}
    missing = (
        reader.block(part, read)
        for (part, read), key in zip(places, keys, strict=True)
        if key not in known
    )
    worked = blocks(missing)
    for key, _strip in zip(keys, progress(strips), strict=True):
        part = known.get(key)
        if part is None:
            part = next(worked)
            sums.worked += 1
            if kept:
                kept.put(key, part)
        sums.add(part)
    return sums


def strip_cells(grid: Grid) -> int:
    """Cells of a strip; a small area has several, too, so that an edit touches few of them."""
    return min(STRIP_CELLS, max(LEAST_CELLS, grid.size // STRIPS_OF_SMALL_AREA))


def empty_sums(plan: BlockPlan) -> BlockSums:
    size = len(plan.polygons)
    keys = [(group, metres) for group in (ANY, *plan.groups) for metres in plan.distances_m]
    near = {water.hazard_id: np.zeros(CREDITS) for water in plan.waters} if plan.near_each_m else {}
    return BlockSums(
        place={unit: place for place, unit in enumerate(plan.unit_ids)},
        people=np.zeros(size),
        children=np.zeros(size),
        exposed={key: np.zeros(size) for key in keys},
        flows={metres: {} for metres in plan.distances_m},
        near_each=near,
    )


class Reader:
    """Search trees over units and waters, and the counts: gives one block after another."""

    def __init__(self, plan: BlockPlan, counts: CellCounts, cols: slice) -> None:
        self.plan, self.counts, self.cols = plan, counts, cols
        self.unit_ids = np.array(plan.unit_ids, dtype=np.int64)
        self.polygons = as_array(plan.polygons)
        self.shapes = as_array([water.shape for water in plan.waters])
        self.unit_tree = shapely.STRtree(self.polygons)
        self.water_tree = shapely.STRtree(self.shapes)
        self.water_ids = np.array([water.hazard_id for water in plan.waters], dtype=np.int64)
        self.groups = [water.groups for water in plan.waters]
        self.water_units = np.array([water.unit for water in plan.waters], dtype=np.int64)
        self.basins = as_array(plan.basins)
        self.basin_tree = shapely.STRtree(self.basins)
        self.reach_m = max(plan.near_each_m or 0, *plan.distances_m)

    def block(self, grid: Grid, rows: slice) -> BlockInput:
        people, base = self.counts.settled(rows, self.cols)
        people, base, on_water = self.counts.dry(grid, people, base, self._basins(grid))
        settled = base > 0 if people is None else (people > 0) | (base > 0)
        cells = np.flatnonzero(settled)
        units, waters = self._near(grid)
        share = self.counts.child_share
        return BlockInput(
            grid=grid,
            cells=cells,
            people=None if people is None else people.reshape(-1)[cells],
            counted=base.reshape(-1)[cells],
            child_share=share.near(grid.bounds) if share else None,
            units=self.unit_ids[units],
            polygons=list(self.polygons[units]),
            waters=self.water_ids[waters],
            shapes=list(self.shapes[waters]),
            groups=[self.groups[n] for n in waters],
            water_units=self.water_units[waters],
            group_names=list(self.plan.groups),
            distances_m=list(self.plan.distances_m),
            near_m=self.plan.near_each_m,
            people_on_water=on_water,
        )

    def key(self, grid: Grid, rows: slice) -> str:
        """Digest of everything that the block's sums depend on, before any of it is worked out."""
        units, waters = self._near(grid)
        digest = self._of_all.copy()
        digest.update(repr([rows, self.cols, [self.groups[n] for n in waters]]).encode())
        for numbers in (self.unit_ids[units], self.water_ids[waters], self.water_units[waters]):
            digest.update(numbers.tobytes() + b"|")
        for shapes in (self.polygons[units], self.shapes[waters], as_array(self._basins(grid))):
            for wkb in shapely.to_wkb(shapes):
                digest.update(wkb)
        return digest.hexdigest()[:32]

    def _basins(self, grid: Grid) -> list[BaseGeometry]:
        return list(self.basins[np.sort(self.basin_tree.query(shapely.box(*grid.bounds)))])

    def _near(self, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        units = np.sort(self.unit_tree.query(shapely.box(*grid.bounds)))
        waters = np.sort(self.water_tree.query(_widened(grid, self.reach_m)))
        return units, waters

    @cached_property
    def _of_all(self) -> "hashlib._Hash":
        """What every block of the run depends on: rasters, shares, distances and the code."""
        digest = hashlib.sha256()
        facts = [
            [raster.sha256 for raster in self.counts.rasters],
            self.counts.dataset.water_policy,
            [list(self.plan.groups), list(self.plan.distances_m), self.plan.near_each_m],
        ]
        digest.update(repr(facts).encode())
        if share := self.counts.child_share:
            digest.update(share.shares.tobytes() + repr(share.default).encode())
            for wkb in shapely.to_wkb(share.polygons):
                digest.update(wkb)
        for source in sorted(Path(geomath.__file__).parent.glob("*.py")):
            digest.update(source.read_bytes())
        return digest


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
