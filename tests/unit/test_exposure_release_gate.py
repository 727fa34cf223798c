"""The release gate: no figure goes out unless four ways of working it out agree on 54 windows.

B  our union with exact parts of cells;  I  geodesic circles and exactextract
C  each water alone, added up where circles do not meet;  E  the nearest water by a search tree,
against geodesic distances, for the rule "the centre of the cell counts"
"""

import functools

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geomath.credit import credit_by_water
from geomath.exposure import children_exposed, union_mask
from geomath.grid import Grid
from geomath.nearest import nearest_water
from geomath.zonal import cell_shares
from tests.unit.geomath_oracles import extract_sum, geodesic_circle

GEOD = Geod(ellps="WGS84")
CELLS = 80
CELL_DEG = 1 / 1200
WITHIN_M = 500
LONGITUDES = {8.6: 104.7, 16.0: 109.4, 23.3: 102.2}
PLACES = ["dense", "sparse", "coast", "island", "border", "town"]


def children_of(place: str, grid: Grid, rng: np.random.Generator) -> np.ndarray:
    row, col = np.mgrid[: grid.rows, : grid.cols]
    children = rng.lognormal(0, 0.7, grid.shape)
    if place == "sparse":  # one cell in eight has anybody
        children[rng.random(grid.shape) > 0.125] = 0.0
    elif place == "coast":  # the sea in the east, without data
        children[col > 45 + 6 * np.sin(row / 9)] = np.nan
    elif place == "island":
        children[(row - 40) ** 2 + (col - 38) ** 2 > 18**2] = np.nan
    elif place == "town":  # a heavy middle
        children *= 1 + 40 * np.exp(-((row - 30) ** 2 + (col - 50) ** 2) / 120)
    return children


def waters_of(place: str, grid: Grid, rng: np.random.Generator) -> list[shapely.Point]:
    count = {"dense": 220, "sparse": 45, "island": 30}.get(place, 90)
    west, south, east, north = grid.bounds
    if place == "island":  # also off the shore, and a few outside of the raster
        west, east = west - 0.004, east + 0.004
    return list(shapely.points(rng.uniform([west, south], [east, north], (count, 2))))


@functools.cache
def window(lat: float, place: str, seed: int):
    rng = np.random.default_rng([seed, int(lat * 10), PLACES.index(place)])
    half = CELLS * CELL_DEG / 2
    grid = Grid(LONGITUDES[lat] - half, lat + half, CELL_DEG, CELL_DEG, CELLS, CELLS)
    return grid, children_of(place, grid, rng), waters_of(place, grid, rng)


every_window = pytest.mark.parametrize(
    ("lat", "place", "seed"),
    [(lat, place, seed) for lat in LONGITUDES for place in PLACES for seed in range(3)],
)


@every_window
def test_union_agrees_with_geodesic_circles_and_exactextract(lat, place, seed):
    grid, children, waters = window(lat, place, seed)

    ours = float(np.nansum(union_mask(waters, grid, WITHIN_M) * children))

    circles = shapely.union_all([geodesic_circle(w.x, w.y, WITHIN_M) for w in waters])
    inside = circles.intersection(shapely.box(*grid.bounds))
    exact = extract_sum(np.nan_to_num(children), grid, inside)
    assert ours == pytest.approx(exact, rel=5e-4)


@every_window
def test_the_parts_of_two_communes_add_up_to_the_union(lat, place, seed):
    grid, children, waters = window(lat, place, seed)
    west, south, east, north = grid.bounds
    bend = np.column_stack(
        [
            np.linspace(west + 0.02, east - 0.02, 30) + 0.003 * np.sin(np.arange(30.0)),
            np.linspace(south - 0.01, north + 0.01, 30),
        ]
    )
    whole = shapely.box(west - 0.01, south - 0.01, east + 0.01, north + 0.01)
    communes = list(shapely.ops.split(whole, shapely.LineString(bend)).geoms)
    share = union_mask(waters, grid, WITHIN_M)

    parts = children_exposed(children, share, cell_shares(communes, grid), len(communes))

    assert len(communes) == 2
    assert parts.min() > 0 or place == "island"
    assert parts.sum() == pytest.approx(float(np.nansum(share * children)), rel=1e-6)


@every_window
def test_waters_apart_added_up_one_by_one_are_the_union(lat, place, seed):
    grid, children, waters = window(lat, place, seed)
    apart: list[shapely.Point] = []
    for water in waters:
        if all(GEOD.inv(water.x, water.y, w.x, w.y)[2] > 2.02 * WITHIN_M for w in apart):
            apart.append(water)

    credit = credit_by_water(apart, grid, WITHIN_M, children)
    union = float(np.nansum(union_mask(apart, grid, WITHIN_M) * children))

    assert credit.only_here == pytest.approx(credit.reach, rel=1e-6)
    assert credit.reach.sum() == pytest.approx(union, rel=1.5e-3)


@every_window
def test_nearest_water_by_tree_agrees_with_geodesic_distances(lat, place, seed):
    grid, children, waters = window(lat, place, seed)
    rng = np.random.default_rng(seed)
    row, col = np.divmod(rng.choice(grid.size, 400, replace=False), grid.cols)
    lon = grid.west_deg + (col + 0.5) * grid.dlon_deg
    lat_deg = grid.north_deg - (row + 0.5) * grid.dlat_deg

    number, distance = nearest_water(waters, lon, lat_deg, WITHIN_M)

    x, y = (np.array(part) for part in zip(*((w.x, w.y) for w in waters), strict=True))
    cell, water = (part.ravel() for part in np.mgrid[: lon.size, : x.size])
    metres = GEOD.inv(lon[cell], lat_deg[cell], x[water], y[water])[2].reshape(lon.size, x.size)
    nearest = metres.min(axis=1)
    clear = np.abs(nearest - WITHIN_M) > 0.001  # a centre on the circle itself may fall either way
    counted = np.nan_to_num(children.reshape(-1)[row * grid.cols + col])
    centre_rule = counted[clear & (nearest < WITHIN_M)].sum()
    assert counted[clear & (number >= 0)].sum() == pytest.approx(centre_rule, rel=1e-6)
    found = number >= 0
    np.testing.assert_allclose(distance[found], nearest[found], atol=0.002)
