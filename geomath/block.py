"""One block of a national run: a pure function from cells, units and waters to sums by unit.

It opens nothing and remembers nothing, so blocks may be worked out in any order, by any process and
on any machine; added up in one order they give the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomath.child_share import ShareUnits
from geomath.credit import credit_by_water
from geomath.distance import FloatArray, metres_per_degree_lat
from geomath.exposure import ANY, ExposureResult, children_exposed, exposed_share, union_mask
from geomath.grid import Grid
from geomath.nearest import nearest_water
from geomath.zonal import CellShares, cell_shares, zonal_sum

OVERLAP_TOLERANCE = 1e-6  # outlines that share a border written with 6 decimals
NO_UNIT = -1

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class BlockInput:
    """All that one block needs. Cells are those with anybody in them, as sorted flat numbers.

    people, counted  per cell; ``counted`` are children under 16, or everybody where ``child_share``
                     turns them into children; people is None where the raster lacks adults
    units, polygons  ids and outlines of the units that touch the block
    waters           ids of the waters in reach
    shapes, groups   of those waters; no group where protected
    water_units      id of the unit each water stands in, or -1
    distances_m      of the union;  near_m: of each water's own figures, or None
    people_on_water  handed through to the part: those of cells under water, by the raster
    """

    grid: Grid
    cells: Ints
    people: FloatArray | None
    counted: FloatArray
    child_share: ShareUnits | None
    units: Ints
    polygons: Sequence[BaseGeometry]
    waters: Ints
    shapes: Sequence[BaseGeometry]
    groups: Sequence[Sequence[str]]
    water_units: Ints
    group_names: Sequence[str]
    distances_m: Sequence[int]
    near_m: int | None
    people_on_water: float = 0.0


@dataclass
class BlockPart:
    """Sums of one block by unit and water; all of them add up over blocks.

    exposed   (group or "any", metres) -> children by unit of the block
    flows     metres -> (unit of the home, unit of the nearest water or -1, children)
    by_water  reach, only here, equal share, reach x others near, nearest (waters x 5), or None
    """

    units: Ints
    waters: Ints
    people: FloatArray | None
    children: FloatArray
    exposed: dict[tuple[str, int], FloatArray] = field(default_factory=dict)
    flows: dict[int, tuple[Ints, Ints, FloatArray]] = field(default_factory=dict)
    by_water: FloatArray | None = None
    people_in_overlaps: float = 0.0
    people_by_nearest: float = 0.0
    cells_by_nearest: int = 0
    cells_read: int = 0
    people_on_water: float = 0.0


def work_block(given: BlockInput) -> BlockPart:
    """Work one block out. Same input, same bytes, whatever machine or number of threads."""
    grid = given.grid
    settled = np.zeros(grid.size, dtype=np.bool_)
    settled[given.cells] = True
    settled = settled.reshape(grid.shape)
    shares = cell_shares(given.polygons, grid, settled=settled)
    inside = np.zeros(grid.size, dtype=np.bool_)
    inside[shares.cell_index] = True
    inside = inside.reshape(grid.shape)
    part = BlockPart(given.units, given.waters, None, np.zeros(0), cells_read=grid.size)
    part.people_on_water = given.people_on_water
    children = _children(given, part, settled, inside)
    _add_totals(given, part, shares, children)
    if given.near_m:
        part.by_water = _by_water(given, children, given.near_m)
    _add_exposed(given, part, shares, inside, children)
    return part


def _reached(given: BlockInput, settled: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells near any water, also beyond the units: a single water's figure knows no border."""
    if not given.near_m or not given.shapes:
        return np.zeros(given.grid.shape, dtype=np.bool_)
    return np.asarray(union_mask(given.shapes, given.grid, given.near_m, settled) > 0)


def _dense(given: BlockInput, values: FloatArray) -> FloatArray:
    full = np.zeros(given.grid.size)
    full[given.cells] = values
    return full.reshape(given.grid.shape)


def _children(
    given: BlockInput, part: BlockPart, settled: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> FloatArray:
    counted = _dense(given, given.counted)
    if given.child_share is None:
        return counted
    wanted = inside | (settled & _reached(given, settled))
    share, bare = given.child_share.of_cells(given.grid, wanted)
    part.cells_by_nearest = int(bare.sum())
    part.people_by_nearest = float(counted[bare].sum())
    return np.asarray(counted * share)


def _add_totals(
    given: BlockInput, part: BlockPart, shares: CellShares, children: FloatArray
) -> None:
    count = len(given.units)
    part.children = zonal_sum(children, shares, count)
    everybody = children
    if given.people is not None:
        everybody = _dense(given, given.people)
        part.people = zonal_sum(everybody, shares, count)
    cover = np.bincount(shares.cell_index, shares.share, minlength=given.grid.size)
    twice = np.where(cover > 1 + OVERLAP_TOLERANCE, cover - 1, 0.0)
    part.people_in_overlaps = float(twice @ everybody.reshape(-1))


def _add_exposed(
    given: BlockInput,
    part: BlockPart,
    shares: CellShares,
    inside: NDArray[np.bool_],
    children: FloatArray,
) -> None:
    by_group: Mapping[str, list[BaseGeometry]] = {
        ANY: [s for s, g in zip(given.shapes, given.groups, strict=True) if g],
        **{
            name: [s for s, g in zip(given.shapes, given.groups, strict=True) if name in g]
            for name in given.group_names
        },
    }
    keys = [(name, metres) for name in (ANY, *given.group_names) for metres in given.distances_m]
    part.exposed = {key: np.zeros(len(given.units)) for key in keys}
    if not by_group[ANY]:
        return
    # a group that is all of them needs no sweep of its own
    same = {name for name, shapes in by_group.items() if len(shapes) == len(by_group[ANY])} - {ANY}
    swept = {name: shapes for name, shapes in by_group.items() if name not in same}
    distances = {*given.distances_m, *([given.near_m] if given.near_m else [])}
    result = exposed_share(swept, given.grid, sorted(distances), settled=inside)
    few = shares.among(result.cells)
    counted = children.reshape(-1)[result.cells]
    for key in keys:
        of = (ANY, key[1]) if key[0] in same else key
        part.exposed[key] = children_exposed(counted, result.share[of], few, len(given.units))
    _add_flows(given, part, result, few, counted)


def _add_flows(
    given: BlockInput,
    part: BlockPart,
    result: ExposureResult,
    few: CellShares,
    counted: FloatArray,
) -> None:
    """Give each reached cell's children to the water nearest to its centre, and to its unit."""
    grid, waters = given.grid, [n for n, group in enumerate(given.groups) if group]
    farthest = max(metres for _name, metres in result.share)
    touched = np.flatnonzero((result.share[ANY, farthest] > 0) & (counted > 0))
    row, col = np.divmod(result.cells[touched], grid.cols)
    lon = grid.west_deg + (col + 0.5) * grid.dlon_deg
    lat = grid.north_deg - (row + 0.5) * grid.dlat_deg
    diagonal_m = float(metres_per_degree_lat(0.0)) * (grid.dlon_deg + grid.dlat_deg)
    nearest, _far = nearest_water(
        [given.shapes[n] for n in waters], lon, lat, farthest + diagonal_m, threads=1
    )
    places, stands_in = np.unique(
        np.append(given.water_units[waters], NO_UNIT), return_inverse=True
    )
    place = np.full(counted.size, stands_in[-1], dtype=np.int64)
    place[touched] = stands_in[nearest]  # -1, nothing near, takes the last
    pair = few.unit_index.astype(np.int64) * places.size + place[few.cell_index]
    for metres in given.distances_m:
        reach = result.share[ANY, metres].astype(np.float64)
        weight = (counted * reach)[few.cell_index] * few.share
        total = np.bincount(pair, weight, minlength=given.units.size * places.size)
        some = np.flatnonzero(total > 0)
        home, there = np.divmod(some, places.size)
        part.flows[metres] = given.units[home], places[there], np.asarray(total[some], np.float64)
    if given.near_m and part.by_water is not None:
        reach = result.share[ANY, given.near_m].astype(np.float64)
        cover = np.minimum(np.bincount(few.cell_index, few.share, minlength=counted.size), 1.0)
        owner = np.array([*waters, len(given.waters)])[nearest]  # -1, nothing near, takes the last
        near = (counted * reach * cover)[touched]
        part.by_water[:, 4] = np.bincount(owner, near, minlength=len(given.waters) + 1)[:-1]


def _by_water(given: BlockInput, children: FloatArray, near_m: int) -> FloatArray:
    """Figures of each water alone; protected ones do not share with the others."""
    found = np.zeros((len(given.waters), 5))
    is_open = np.array([bool(groups) for groups in given.groups], dtype=np.bool_)
    for chosen in (np.flatnonzero(is_open), np.flatnonzero(~is_open)):
        shapes = [given.shapes[int(n)] for n in chosen]
        if shapes and children.any():
            credit = credit_by_water(shapes, given.grid, near_m, children)
            found[chosen, 0] = credit.reach
            found[chosen, 1] = credit.only_here
            found[chosen, 2] = credit.equal_share
            found[chosen, 3] = credit.reach * credit.mean_others
    found[~is_open, 1:] = 0.0  # the last column is filled with the nearest waters
    return found
