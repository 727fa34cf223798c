"""Live edits of the union: by hand, and against a full recomputation to the bit."""

import numpy as np
import pytest
import shapely

from geomath.distance import metres_per_degree_lat, metres_per_degree_lon
from geomath.exposure import union_mask
from geomath.grid import Grid
from geomath.live import LiveUnion, share_of

LAT = 16.0
KM_LAT, KM_LON = 1000 / metres_per_degree_lat(LAT), 1000 / metres_per_degree_lon(LAT)
GRID = Grid(105.0, LAT, KM_LON / 10, KM_LAT / 10, 60, 40)  # cells of 100 m, 6 km by 4 km
TEN = np.full(GRID.shape, 10.0)  # 1,000 children to the square kilometre
DISK_200 = np.pi * 0.2**2 * 1000


def at(east_m: float, south_m: float) -> tuple[float, float]:
    return (105 + east_m / 1000 * KM_LON, LAT - south_m / 1000 * KM_LAT)


def test_protecting_a_pond_frees_its_children_and_opening_it_brings_them_back():
    ponds = [shapely.Point(at(1000, 1000)), shapely.Point(at(3000, 5000))]
    live = LiveUnion(ponds, [True, True], GRID, 200, TEN)

    assert live.exposed == pytest.approx(2 * DISK_200, rel=1e-3)
    both = live.exposed
    assert live.set_open([0], is_open=False) == pytest.approx(DISK_200, rel=1e-3)
    assert live.set_open([0, 0], is_open=False) == live.exposed  # again: nothing to do
    assert live.set_open([1], is_open=False) == 0
    assert live.set_open([1, 0], is_open=True) == both


def test_of_two_ponds_in_one_place_protecting_one_frees_nobody():
    live = LiveUnion([shapely.Point(at(1000, 1000))] * 2, [True, True], GRID, 200, TEN)
    before = live.exposed

    assert live.set_open([0], is_open=False) == before
    assert live.set_open([1], is_open=False) == 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="children is"):
        LiveUnion([], [], GRID, 200, np.ones((2, 2)))
    with pytest.raises(ValueError, match="1 shapes but 2 words"):
        LiveUnion([shapely.Point(105, 16)], [True, False], GRID, 200, TEN)
    assert LiveUnion([], [], GRID, 200, TEN).exposed == 0


@pytest.mark.parametrize("within_m", [100, 500])
def test_a_thousand_random_edits_give_a_full_recomputation_to_the_bit(within_m):
    dice = np.random.default_rng(within_m)
    children = np.where(dice.random(GRID.shape) < 0.4, dice.gamma(1, 5, GRID.shape), 0)
    waters: list[shapely.Geometry] = []
    for east, south in dice.uniform([-300, -300], [4300, 6300], (150, 2)):
        kind = dice.integers(3)
        if kind == 0:
            waters.append(shapely.Point(at(east, south)))
        elif kind == 1:
            waters.append(shapely.LineString([at(east, south), at(east + 900, south + 400)]))
        else:
            waters.append(shapely.Point(at(east, south)).buffer(0.002, quad_segs=3))
    is_open = dice.random(150) < 0.6
    live = LiveUnion(waters, is_open, GRID, within_m, children)

    for edit in range(1000):
        chosen = dice.integers(0, 150, int(dice.integers(1, 4)))
        now = bool(dice.random() < 0.5)
        live.set_open(chosen.tolist(), is_open=now)
        is_open[chosen] = now
        if edit % 50 == 49:
            shapes = [water for water, open_ in zip(waters, is_open, strict=True) if open_]
            full = union_mask(shapes, GRID, within_m, children > 0)
            assert np.array_equal(share_of(live), full)
            fresh = LiveUnion(waters, is_open, GRID, within_m, children)
            assert live.exposed == fresh.exposed
