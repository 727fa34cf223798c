"""Union exposure against outlines drawn by another program: geodesic circles and true buffers.

The release gate of the exposure figure: 5e-4 of the people of a window on a 3 arc-second grid,
1e-3 on a 1 km grid, from the south to the north and from the west to the east of the country.
"""

import numpy as np
import pytest
import shapely

from geomath.exposure import exposed_share, union_mask
from geomath.grid import Grid
from tests.unit.geomath_oracles import (
    exact_coverage,
    extract_sum,
    geodesic_circle,
    ground_buffer,
)

SOUTH_TO_NORTH = [8.6, 16.0, 23.3]
WEST_TO_EAST = [102.2, 109.4]
ARC_SECONDS_3, ARC_SECONDS_30 = 1 / 1200, 1 / 120


def window(lon: float, lat: float, cell_deg: float, cells: int) -> Grid:
    half = cells * cell_deg / 2
    return Grid(lon - half, lat + half, cell_deg, cell_deg, cells, cells)


def people_on(grid: Grid, rng: np.random.Generator) -> np.ndarray:
    return rng.lognormal(0, 0.7, grid.shape)


def points_on(grid: Grid, count: int, rng: np.random.Generator) -> list[shapely.Point]:
    west, south, east, north = grid.bounds
    return list(shapely.points(rng.uniform([west, south], [east, north], (count, 2))))


def waters_on(grid: Grid, kind: str, rng: np.random.Generator) -> list[shapely.Geometry]:
    """A dozen canals, or ponds with and without islands, or rice-field ponds along the axes."""
    waters: list[shapely.Geometry] = []
    for point in points_on(grid, 12, rng):
        x, y = point.x, point.y
        if kind == "canals":
            steps = np.cumsum(rng.normal(0, 0.003, (6, 2)), axis=0)
            waters.append(shapely.LineString(np.array([x, y]) + steps))
        elif kind == "ponds":
            pond = point.buffer(rng.uniform(0.0005, 0.006), quad_segs=4)
            waters.append(pond.difference(shapely.Point(x, y + 0.001).buffer(0.003)))
        else:
            width, height = rng.uniform(0.0003, 0.003, 2)
            waters.append(shapely.box(x, y, x + width, y + height))
    return [water for water in waters if not water.is_empty]


@pytest.mark.parametrize("lat", SOUTH_TO_NORTH)
@pytest.mark.parametrize("lon", WEST_TO_EAST)
@pytest.mark.parametrize(("within_m", "count"), [(200, 300), (200, 60), (500, 60), (1000, 20)])
def test_points_agree_with_geodesic_circles(lat, lon, within_m, count):
    rng = np.random.default_rng(count)
    grid = window(lon, lat, ARC_SECONDS_3, 72)
    people, points = people_on(grid, rng), points_on(grid, count, rng)

    reach = shapely.union_all([geodesic_circle(p.x, p.y, within_m) for p in points])
    expected = (exact_coverage(reach, grid) * people).sum()
    ours = (union_mask(points, grid, within_m) * people).sum()

    assert ours == pytest.approx(expected, rel=5e-4)
    assert ours == pytest.approx(extract_sum(people, grid, reach), rel=5e-4)


@pytest.mark.parametrize("lat", SOUTH_TO_NORTH)
@pytest.mark.parametrize("lon", WEST_TO_EAST)
@pytest.mark.parametrize("kind", ["canals", "ponds", "fields"])
def test_canals_and_ponds_agree_with_true_buffers(lat, lon, kind):
    rng = np.random.default_rng(int(lat * 10))
    grid = window(lon, lat, ARC_SECONDS_3, 60)
    people, waters = people_on(grid, rng), waters_on(grid, kind, rng)

    result = exposed_share({kind: waters}, grid, [200, 500])
    for within_m in (200, 500):
        reach = shapely.union_all([ground_buffer(water, within_m) for water in waters])
        expected = (exact_coverage(reach, grid) * people).sum()
        assert (result.dense(kind, within_m) * people).sum() == pytest.approx(expected, rel=5e-4)


@pytest.mark.parametrize("lat", SOUTH_TO_NORTH)
@pytest.mark.parametrize("kind", ["points", "canals", "fields"])
def test_on_cells_of_1_km_the_error_stays_below_1e_3(lat, kind):
    rng = np.random.default_rng(int(lat * 10))
    grid = window(106.0, lat, ARC_SECONDS_30, 12)
    waters = points_on(grid, 40, rng) if kind == "points" else waters_on(grid, kind, rng)
    people = people_on(grid, rng)

    for within_m in (200, 1000):
        reach = shapely.union_all([ground_buffer(water, within_m) for water in waters])
        expected = (exact_coverage(reach, grid) * people).sum()
        ours = (union_mask(waters, grid, within_m) * people).sum()
        assert ours == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("lat", SOUTH_TO_NORTH)
@pytest.mark.parametrize("within_m", [20, 50, 200, 1000])
def test_everybody_everywhere_gives_the_area_of_the_circle(lat, within_m):
    grid = window(106.0, lat, ARC_SECONDS_3, 40)
    share = union_mask([shapely.Point(106.0, lat)], grid, within_m)

    area_m2 = (share.sum(axis=1, dtype=np.float64) * grid.cell_area_m2()).sum()
    assert area_m2 == pytest.approx(np.pi * within_m**2, rel=1e-4)


def test_moving_a_water_by_a_metre_changes_the_figure_by_the_ring_at_most():
    rng = np.random.default_rng(3)
    grid = window(106.0, 16.0, ARC_SECONDS_3, 30)
    people = people_on(grid, rng)
    before = union_mask([shapely.Point(106.0, 16.0)], grid, 200)
    after = union_mask([shapely.Point(106.0 + 1 / 107_000, 16.0)], grid, 200)

    # the two crescents together are at most 2 pi D wide a metre; people per m2 at most this
    densest = people.max() / grid.cell_area_m2().min()
    change = abs(((after - before) * people).sum())
    assert 0 < change <= 2 * np.pi * 200 * 1 * densest
