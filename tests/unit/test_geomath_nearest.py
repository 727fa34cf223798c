"""The nearest water: by hand, against geodesics, and as an independent check of the union."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geomath.exposure import union_mask
from geomath.grid import Grid
from geomath.nearest import NONE, nearest_water

GEOD = Geod(ellps="WGS84")


def test_each_position_finds_its_nearest_water_within_the_distance():
    waters = [shapely.Point(105.0, 16.0), shapely.Point(105.01, 16.0)]
    lon, lat = np.array([105.001, 105.009, 105.2]), np.array([16.0, 16.0, 16.0])

    number, metres = nearest_water(waters, lon, lat, 500)

    assert number.tolist() == [0, 1, NONE]
    # a thousandth of a degree at 16 N: 107.0 m
    assert metres[:2] == pytest.approx([107.04, 107.04], abs=0.05)
    assert metres[2] == np.inf


def test_inside_a_pond_the_distance_is_nothing_and_of_two_ponds_the_first_counts():
    pond = shapely.Point(105, 16).buffer(0.01)
    number, metres = nearest_water([pond, pond], np.array([105.0]), np.array([16.0]), 50)

    assert (number.tolist(), metres.tolist()) == ([0], [0.0])


def test_beside_a_canal_the_distance_is_from_the_bank_not_from_its_ends():
    canal = shapely.LineString([(105.0, 16.0), (105.1, 16.0)])
    number, metres = nearest_water([canal], np.array([105.05]), np.array([16.001]), 500)

    assert number.tolist() == [0]
    assert metres[0] == pytest.approx(110.66, abs=0.3)  # a thousandth of a degree north, at 16 N


def test_no_waters_and_no_positions():
    none = np.empty(0)
    assert nearest_water([], np.array([105.0]), np.array([16.0]), 100)[0].tolist() == [NONE]
    assert nearest_water([shapely.Point(105, 16)], none, none, 100)[0].size == 0


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.sampled_from([8.6, 16.0, 23.3]))
def test_points_agree_with_geodesics(seed, lat):
    dice = np.random.default_rng(seed)
    waters = dice.uniform([105, lat], [105.02, lat + 0.02], (7, 2))
    homes = dice.uniform([105, lat], [105.02, lat + 0.02], (30, 2))
    number, metres = nearest_water(list(shapely.points(waters)), homes[:, 0], homes[:, 1], 800)

    far = np.array([[GEOD.inv(*home, *water)[2] for water in waters] for home in homes.tolist()])
    for n, row in enumerate(far):
        best = int(row.argmin())
        if row[best] > 800.5:
            assert number[n] == NONE
        elif row[best] < 799.5:
            assert row[number[n]] == pytest.approx(row[best], abs=1e-3)
            assert metres[n] == pytest.approx(row[best], abs=1e-3)


@pytest.mark.parametrize("lat", [8.6, 16.0, 23.3])
def test_the_union_agrees_with_the_centre_rule_of_the_search_tree(lat):
    """On small cells the part of a cell in reach and the rule of its centre meet."""
    grid = Grid(105, lat + 0.02, 1 / 12_000, 1 / 12_000, 480, 480)  # 9 m
    dice = np.random.default_rng(7)
    waters = list(shapely.points(dice.uniform([105, lat - 0.02], [105.04, lat + 0.02], (25, 2))))
    share = union_mask(waters, grid, 300)
    row, col = np.divmod(np.arange(grid.size), grid.cols)
    lon = grid.west_deg + (col + 0.5) * grid.dlon_deg
    number, _metres = nearest_water(waters, lon, grid.north_deg - (row + 0.5) * grid.dlat_deg, 300)
    near = (number != NONE).reshape(grid.shape)

    assert near.sum() == pytest.approx(share.sum(), rel=1e-3)
    assert np.all(near[share == 1])
    assert not near[share == 0].any()
