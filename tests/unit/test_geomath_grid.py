"""Grids: where cells lie, which cells a box needs, which rasters are refused."""

import numpy as np
import pytest
import shapely

from geomath.distance import area_m2, distance_m
from geomath.grid import Grid

# 3 x 3 cells of 0.01 degree; corner at 105 E, 21 N
GRID = Grid(105.0, 21.0, 0.01, 0.01, 3, 3)


def test_a_transform_in_rasterio_order_is_read():
    assert Grid.from_transform((0.01, 0, 105, 0, -0.01, 21), 3, 3) == GRID
    assert GRID.transform6 == (0.01, 0.0, 105.0, 0.0, -0.01, 21.0)


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        ((0.01, 0.001, 105, 0, -0.01, 21), "rotated"),
        ((0.01, 0, 105, 0, 0.01, 20.97), "north-up"),
        ((-0.01, 0, 105, 0, -0.01, 21), "north-up"),
        ((0.01, 0, float("nan"), 0, -0.01, 21), "finite"),
        ((100, 0, 500_000, 0, -100, 2_300_000), "EPSG:4326"),
    ],
)
def test_other_transforms_are_refused_with_the_reason(transform, message):
    with pytest.raises(ValueError, match=message):
        Grid.from_transform(transform, 3, 3)


def test_a_grid_without_cells_is_refused():
    with pytest.raises(ValueError, match="0 rows"):
        Grid(105.0, 21.0, 0.01, 0.01, 0, 3)


def test_a_window_holds_the_whole_cells_that_meet_the_box():
    window, rows, cols = GRID.window((105.005, 20.985, 105.015, 20.995))

    assert (rows, cols) == (slice(0, 2), slice(0, 2))
    assert window == Grid(105.0, 21.0, 0.01, 0.01, 2, 2)


def test_a_margin_in_metres_widens_a_window_on_every_side():
    middle = (105.0101, 20.9801, 105.0199, 20.9899)  # 10 m inside the middle cell

    assert GRID.window(middle, margin_m=5)[1:] == (slice(1, 2), slice(1, 2))
    assert GRID.window(middle, margin_m=50)[1:] == (slice(0, 3), slice(0, 3))


def test_a_window_is_cut_at_the_edge_and_a_box_elsewhere_is_refused():
    assert GRID.window((104.0, 20.0, 106.0, 22.0))[0] == GRID
    with pytest.raises(ValueError, match="outside the grid"):
        GRID.window((106.0, 20.0, 107.0, 21.0))
    with pytest.raises(ValueError, match="bounds must be"):
        GRID.window((float("nan"), 20.0, 107.0, 21.0))


def test_positions_find_their_cell_and_none_off_the_grid():
    assert GRID.cell_of(105.015, 20.995) == (0, 1)
    assert GRID.cell_of(105.0, 21.0) == (0, 0)
    assert GRID.cell_of(104.999, 20.995) is None
    assert GRID.flat_index(2, 1) == 7
    assert GRID.centre_of(0, 1) == pytest.approx((105.015, 20.995))


@pytest.mark.parametrize("north_deg", [8.6, 16.0, 23.3])
def test_cell_area_is_that_of_the_ellipsoid(north_deg):
    grid = Grid(105.0, north_deg, 0.01, 0.01, 2, 1)
    # the edges of a cell are parallels, so the oracle's straight edges must be short
    cell = shapely.segmentize(shapely.box(105.0, north_deg - 0.01, 105.01, north_deg), 1e-4)

    assert grid.cell_area_m2()[0] == pytest.approx(area_m2(cell), rel=1e-7)
    assert grid.cell_area_m2([1])[0] > grid.cell_area_m2([0])[0]  # nearer the equator
    assert grid.cell_height_m == pytest.approx(
        distance_m(105, north_deg - 0.015, 105, north_deg - 0.005), rel=1e-6
    )


def test_the_same_cells_written_with_other_digits_are_the_same_grid():
    nation = Grid(102.1, 23.4, 0.0008333333333, 0.0008333333333, 17_880, 8_880)
    other_digits = Grid(102.1, 23.4, 0.00083333333, 0.00083333333, 17_880, 8_880)
    half_a_cell_east = Grid(102.1 + 0.0004, 23.4, 0.0008333333333, 0.0008333333333, 17_880, 8_880)

    assert nation.same_as(other_digits)
    assert not nation.same_as(half_a_cell_east)
    assert not nation.same_as(Grid(102.1, 23.4, 0.0008333333333, 0.0008333333333, 17_880, 8_879))


def test_areas_of_all_rows_or_a_slice_agree():
    assert np.array_equal(GRID.cell_area_m2()[1:], GRID.cell_area_m2(slice(1, 3)))
