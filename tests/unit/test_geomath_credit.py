"""What each water reaches: numbers by hand, against the union and against exactextract."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomath.credit import credit_by_water
from geomath.distance import metres_per_degree_lat, metres_per_degree_lon
from geomath.exposure import union_mask
from geomath.grid import Grid
from tests.unit.geomath_oracles import extract_sum, ground_buffer

LAT = 16.0
KM_LAT, KM_LON = 1000 / metres_per_degree_lat(LAT), 1000 / metres_per_degree_lon(LAT)
# 20 x 20 cells of 100 m round 105 E, 16 N, ten children in each: 1,000 to the square kilometre
GRID = Grid(105 - KM_LON, LAT + KM_LAT, KM_LON / 10, KM_LAT / 10, 20, 20)
TEN = np.full(GRID.shape, 10.0)
DISK_200 = np.pi * 0.2**2 * 1000  # children within 200 m of a point


def at(east_m: float, north_m: float) -> tuple[float, float]:
    return (105 + east_m / 1000 * KM_LON, LAT + north_m / 1000 * KM_LAT)


def point(east_m: float, north_m: float) -> shapely.Point:
    return shapely.Point(at(east_m, north_m))


def test_waters_far_apart_have_their_children_to_themselves():
    credit = credit_by_water([point(-500, 0), point(500, 0)], GRID, 200, TEN)

    for figures in (credit.reach, credit.only_here, credit.equal_share):
        assert figures == pytest.approx([DISK_200, DISK_200], rel=1e-3)
    assert credit.mean_others.tolist() == [0, 0]


def test_the_same_water_twice_reaches_all_gains_nothing_alone_and_halves_the_share():
    credit = credit_by_water([point(0, 0), point(0, 0)], GRID, 200, TEN)

    assert credit.reach == pytest.approx([DISK_200, DISK_200], rel=1e-3)
    assert credit.only_here.tolist() == [0, 0]
    assert credit.equal_share == pytest.approx(credit.reach / 2, rel=1e-6)
    assert credit.mean_others == pytest.approx([1, 1], rel=1e-6)


def test_two_overlapping_disks_share_the_lens_between_them():
    credit = credit_by_water([point(-100, 0), point(100, 0)], GRID, 200, TEN)

    # Centres one radius apart: the lens is r2 (2 pi / 3 - sqrt(3) / 2)
    lens = 0.2**2 * (2 * np.pi / 3 - np.sqrt(3) / 2) * 1000
    assert credit.only_here == pytest.approx(np.full(2, DISK_200 - lens), rel=2e-3)
    assert credit.equal_share == pytest.approx(np.full(2, DISK_200 - lens / 2), rel=2e-3)
    assert credit.mean_others == pytest.approx(np.full(2, lens / DISK_200), rel=3e-3)


def test_a_pond_counts_its_inside_once_however_many_banks_it_has():
    pond = shapely.Polygon([at(-100, -100), at(100, -100), at(100, 100), at(-100, 100)])
    canal = shapely.LineString([at(-200, 600), at(0, 600), at(200, 600)])
    credit = credit_by_water([pond, canal], GRID, 100, TEN)

    inside_and_bank = (0.04 + 0.08 + np.pi * 0.01) * 1000
    along = (0.08 + np.pi * 0.01) * 1000
    assert credit.reach == pytest.approx([inside_and_bank, along], rel=2e-3)
    assert credit.only_here == pytest.approx(credit.reach)


def test_nobody_there_no_waters_or_a_wrong_grid():
    assert credit_by_water([], GRID, 200, TEN).reach.size == 0
    empty = credit_by_water([point(0, 0)], GRID, 200, np.full(GRID.shape, np.nan))
    assert (empty.reach.tolist(), empty.mean_others.tolist()) == ([0], [0])
    with pytest.raises(ValueError, match="children is"):
        credit_by_water([point(0, 0)], GRID, 200, np.ones((3, 3)))
    with pytest.raises(ValueError, match="distance is 0 m"):
        credit_by_water([point(0, 0)], GRID, 0, TEN)


def mixed_waters(seed: int, count: int) -> tuple[list[shapely.Geometry], np.ndarray]:
    rng = np.random.default_rng(seed)
    waters: list[shapely.Geometry] = []
    for east, north in rng.uniform(-1100, 1100, (count, 2)):
        kind = rng.integers(3)
        if kind == 0:
            waters.append(point(east, north))
        elif kind == 1:
            waters.append(shapely.LineString([at(east, north), at(east + 300, north - 90)]))
        else:
            waters.append(shapely.Point(at(east, north)).buffer(0.0012, quad_segs=3))
    return waters, rng.gamma(0.5, 20.0, GRID.shape)


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.integers(1, 9), st.sampled_from([120.0, 333.0, 700.0]))
def test_equal_shares_add_up_to_the_union_and_lie_between_alone_and_reach(seed, count, within_m):
    waters, children = mixed_waters(seed, count)
    credit = credit_by_water(waters, GRID, within_m, children)
    union = float((union_mask(waters, GRID, within_m) * children).sum())

    # One water alone may have its edge wrong in one cell by a fiftieth of that cell
    edge = 0.02 * float(children.max())
    assert credit.equal_share.sum() == pytest.approx(union, rel=2e-3, abs=edge)
    assert np.all(credit.only_here <= credit.equal_share + 1e-6)
    assert np.all(credit.equal_share <= credit.reach + 1e-6)


@settings(max_examples=15)
@given(st.integers(0, 2**31), st.integers(2, 7))
def test_only_here_is_what_the_union_loses_without_the_water(seed, count):
    waters, children = mixed_waters(seed, count)
    credit = credit_by_water(waters, GRID, 300, children)
    union = float((union_mask(waters, GRID, 300) * children).sum())

    for number in range(count):
        rest = waters[:number] + waters[number + 1 :]
        lost = union - float((union_mask(rest, GRID, 300) * children).sum())
        edge = 0.02 * float(children.max())
        assert credit.only_here[number] == pytest.approx(lost, abs=3e-3 * union + edge)


@settings(max_examples=10)
@given(st.integers(0, 2**31), st.randoms(use_true_random=False))
def test_neither_order_nor_threads_change_a_bit(seed, dice):
    waters, children = mixed_waters(seed, 8)
    order = list(range(8))
    dice.shuffle(order)
    first = credit_by_water(waters, GRID, 300, children, threads=1)
    again = credit_by_water([waters[i] for i in order], GRID, 300, children, threads=1)

    for name in ("reach", "only_here", "equal_share", "mean_others"):
        assert getattr(again, name) == pytest.approx(getattr(first, name)[order], abs=1e-8), name
    assert np.array_equal(again.reach, first.reach[order])


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr("geomath.credit.PARALLEL_FROM", 0)
    waters, children = mixed_waters(5, 40)
    one = credit_by_water(waters, GRID, 400, children, threads=1)
    four = credit_by_water(waters, GRID, 400, children, threads=4)

    for name in ("reach", "only_here", "equal_share", "mean_others"):
        assert np.array_equal(getattr(one, name), getattr(four, name)), name


@pytest.mark.parametrize("lat", [8.6, 16.0, 23.3])
def test_reach_agrees_with_exactextract_on_true_buffers(lat):
    grid = Grid(105, lat + 0.05, 1 / 1200, 1 / 1200, 120, 120)
    rng = np.random.default_rng(int(lat * 10))
    children = np.where(rng.random(grid.shape) < 0.3, rng.gamma(1.0, 3.0, grid.shape), 0.0)
    spots = rng.uniform([105.01, lat - 0.04], [105.09, lat + 0.04], (12, 2))
    waters = [
        shapely.Point(spot) if n % 2 else shapely.Point(spot).buffer(0.002, quad_segs=2)
        for n, spot in enumerate(spots)
    ]
    credit = credit_by_water(waters, grid, 500, children)

    for water, reached in zip(waters, credit.reach, strict=True):
        exact = extract_sum(children, grid, ground_buffer(water, 500))
        assert reached == pytest.approx(exact, rel=1.5e-3)
    whole = sum(extract_sum(children, grid, ground_buffer(water, 500)) for water in waters)
    assert credit.reach.sum() == pytest.approx(whole, rel=2e-4)
