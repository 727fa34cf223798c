"""Shares of cells in units, against hand-worked numbers, GEOS and exactextract."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomath.grid import Grid
from geomath.zonal import cell_shares, missing_share, zonal_sum
from tests.unit.geomath_oracles import exact_coverage, extract_sum

# 3 x 3 cells of one degree, so that shares can be read off
GRID = Grid(100.0, 20.0, 1.0, 1.0, 3, 3)
FINE = Grid(105.0, 21.0, 0.001, 0.001, 40, 50)


def as_array(shares, grid, unit=0):
    full = np.zeros(grid.size)
    mine = shares.unit_index == unit
    full[shares.cell_index[mine]] = shares.share[mine]
    return full.reshape(grid.shape)


def test_border_cells_count_by_their_clipped_part():
    # from half of column 0 to the end of column 1; from a quarter of row 0 to the end of row 1
    shares = cell_shares([shapely.box(100.5, 18.0, 102.0, 19.25)], GRID)

    assert as_array(shares, GRID).tolist() == [[0.125, 0.25, 0.0], [0.5, 1.0, 0.0], [0, 0, 0]]


def test_a_triangle_a_hole_and_a_second_part():
    triangle = shapely.Polygon([(100, 19), (101, 19), (100, 20)])
    square = shapely.box(101, 17, 103, 19).difference(shapely.box(101.5, 17.5, 102, 18))
    both = shapely.MultiPolygon([triangle, square])

    expected = [[0.5, 0, 0], [0, 1, 1], [0, 0.75, 1]]
    assert as_array(cell_shares([both], GRID), GRID) == pytest.approx(np.array(expected), abs=1e-12)


def test_edges_on_grid_lines_give_whole_cells_and_touch_no_neighbour():
    shares = cell_shares([shapely.box(101, 18, 102, 19)], GRID)

    assert (shares.cell_index.tolist(), shares.share.tolist()) == ([4], [1.0])


def test_polygons_off_and_partly_off_the_grid():
    away, partly = shapely.box(200, 0, 210, 5), shapely.box(99, 19.5, 100.5, 25)
    shares = cell_shares([away, partly, shapely.Polygon()], GRID)

    assert (shares.unit_index.tolist(), shares.cell_index.tolist()) == ([1], [0])
    assert shares.share.tolist() == [0.25]


def test_a_tiny_polygon_inside_one_cell_keeps_its_relative_precision():
    tiny = shapely.Point(105.02042, 20.98033).buffer(1e-6)  # 10 cm
    shares = cell_shares([tiny], FINE)

    assert shares.share.tolist() == pytest.approx([tiny.area / 1e-6], rel=1e-6)


def test_missing_cells_add_nothing_and_are_declared():
    values = np.array([[10.0, np.nan, 0], [4.0, 1.0, 0], [0, 0, 0]])
    shares = cell_shares([shapely.box(100, 18, 102, 20)], GRID)

    assert zonal_sum(values, shares, 2).tolist() == [15.0, 0.0]
    assert missing_share(values, shares, 2)[0] == 0.25
    assert math.isnan(missing_share(values, shares, 2)[1])


def test_sums_are_float64_even_of_float32_counts():
    grid = Grid(100.0, 20.0, 0.001, 0.001, 1000, 1000)
    values = np.full(grid.shape, 0.1, dtype=np.float32)
    whole = cell_shares([shapely.box(*grid.bounds)], grid)

    exact = math.fsum(values.ravel().astype(float))
    assert zonal_sum(values, whole, 1)[0] == pytest.approx(exact, rel=1e-12)


def test_only_settled_cells_when_asked_and_sums_over_them_agree():
    rng = np.random.default_rng(7)
    values = rng.random(FINE.shape) * (rng.random(FINE.shape) < 0.3)
    polygon = shapely.Point(105.025, 20.98).buffer(0.015)
    cells = np.flatnonzero(values > 0)

    full, sparse = cell_shares([polygon], FINE), cell_shares([polygon], FINE, settled=values > 0)
    packed = full.among(cells)

    assert sparse.cell_index.size == packed.cell_index.size < full.cell_index.size
    expected = zonal_sum(values, full, 1)
    assert zonal_sum(values, sparse, 1) == pytest.approx(expected, rel=1e-12)
    assert zonal_sum(values.ravel()[cells], packed, 1) == pytest.approx(expected, rel=1e-12)


def test_work_in_bands_changes_nothing(monkeypatch):
    polygon = shapely.Point(105.025, 20.98).buffer(0.018)
    whole = cell_shares([polygon], FINE)
    monkeypatch.setattr("geomath.zonal.BAND_CELLS", 100)
    banded = cell_shares([polygon], FINE)

    assert np.array_equal(whole.cell_index, banded.cell_index)
    assert banded.share == pytest.approx(whole.share, abs=1e-12)


def test_bad_units_are_named():
    bow_tie = shapely.Polygon([(100, 18), (101, 19), (101, 18), (100, 19)])
    with pytest.raises(ValueError, match="unit 1 is invalid: Self-intersection"):
        cell_shares([shapely.box(100, 18, 101, 19), bow_tie], GRID)
    with pytest.raises(ValueError, match="unit 0 is Point"):
        cell_shares([shapely.Point(100, 18)], GRID)
    with pytest.raises(ValueError, match="another grid"):
        zonal_sum(np.zeros((2, 2)), cell_shares([shapely.box(*GRID.bounds)], GRID), 1)


def random_polygon(rng):
    centre = rng.uniform([104.99, 20.955], [105.06, 21.005])
    shape = shapely.Point(centre).buffer(rng.uniform(1e-4, 0.02), int(rng.integers(1, 12)))
    hole = shapely.Point(centre + rng.uniform(-0.005, 0.005, 2)).buffer(rng.uniform(1e-4, 0.006))
    corner = np.floor(rng.uniform([0, 0], [50, 40])) * 0.001
    on_lines = shapely.box(
        105 + corner[0], 21 - corner[1] - 0.003, 105 + corner[0] + 0.004, 21 - corner[1]
    )
    return shape.difference(hole).union(on_lines)


def test_random_polygons_agree_with_geos_and_exactextract():
    rng = np.random.default_rng(20260101)
    values = rng.lognormal(0, 1, FINE.shape)
    polygons = [random_polygon(rng) for _ in range(40)]
    shares = cell_shares(polygons, FINE)
    sums = zonal_sum(values, shares, len(polygons))

    for number, polygon in enumerate(polygons):
        exact = exact_coverage(polygon, FINE)
        assert np.abs(as_array(shares, FINE, number) - exact).max() < 1e-9
        # exactextract itself keeps shares in float32
        expected = extract_sum(values, FINE, polygon)
        assert sums[number] == pytest.approx(expected, rel=1e-6, abs=1e-9)
        assert sums[number] == pytest.approx((exact * values).sum(), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 25))
def test_parts_of_a_region_sum_to_the_whole(seed, parts):
    rng = np.random.default_rng(seed)
    region = shapely.box(105.0, 20.96, 105.05, 21.0)
    points = shapely.MultiPoint(rng.uniform([105.0, 20.96], [105.05, 21.0], (parts, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=region))
    units = [cell.intersection(region) for cell in cells]
    values = rng.lognormal(0, 1, FINE.shape)

    shares = cell_shares([unit for unit in units if unit.geom_type == "Polygon"], FINE)

    assert zonal_sum(values, shares, parts).sum() == pytest.approx(values.sum(), rel=1e-9)
    per_cell = np.bincount(shares.cell_index, weights=shares.share, minlength=FINE.size)
    assert per_cell == pytest.approx(np.ones(FINE.size), abs=1e-8)


def test_a_polygon_of_100_000_corners_takes_no_longer_than_its_border():
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    radius = 0.015 * (1 + 0.2 * np.sin(60 * angle))
    rough = shapely.Polygon(
        np.column_stack([105.025 + radius * np.cos(angle), 20.98 + radius * np.sin(angle)])
    )
    shares = cell_shares([rough], FINE)

    assert shares.share.sum() * 1e-6 == pytest.approx(rough.area, rel=1e-9)
