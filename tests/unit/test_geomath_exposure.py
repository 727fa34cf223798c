"""Union exposure: numbers worked by hand, refusals, and the properties no figure may break."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomath.distance import metres_per_degree_lat, metres_per_degree_lon
from geomath.exposure import ANY, children_exposed, exposed_share, union_mask
from geomath.grid import Grid
from geomath.zonal import cell_shares

LAT = 16.0
KM_LAT, KM_LON = 1000 / metres_per_degree_lat(LAT), 1000 / metres_per_degree_lon(LAT)
# 3 x 3 cells of 1 km; the middle of the middle cell is at 105 E, 16 N
KILOMETRES = Grid(105 - 1.5 * KM_LON, LAT + 1.5 * KM_LAT, KM_LON, KM_LAT, 3, 3)
MIDDLE = shapely.Point(105, LAT)
FINE = Grid(105.0, 16.0, 1 / 1200, 1 / 1200, 40, 40)  # about 90 m, 3.6 km wide


def at(east_m: float, north_m: float) -> tuple[float, float]:
    return (105 + east_m / 1000 * KM_LON, LAT + north_m / 1000 * KM_LAT)


def test_a_disk_inside_one_cell_has_the_area_of_a_circle():
    share = union_mask([MIDDLE], KILOMETRES, 200)

    assert share[1, 1] == pytest.approx(np.pi * 0.2**2, rel=1e-4)  # of 1 km2
    assert share.sum() == share[1, 1]


def test_a_disk_on_a_corner_is_shared_by_four_cells():
    corner = shapely.Point(at(500, 500))
    share = union_mask([corner], KILOMETRES, 400)

    quarter = np.pi * 0.4**2 / 4
    assert share[:2, 1:] == pytest.approx(np.full((2, 2), quarter), rel=1e-3)
    assert share[2].sum() == share[:, 0].sum() == 0


def test_a_canal_is_a_strip_with_round_ends():
    canal = shapely.LineString([at(-200, 0), at(200, 0)])
    upright = shapely.LineString([at(0, -200), at(0, 200)])

    for line in (canal, upright):
        share = union_mask([line], KILOMETRES, 100)
        # 400 m x 200 m and a disk of 100 m
        assert share[1, 1] == pytest.approx(0.08 + np.pi * 0.01, rel=1e-3)


def test_a_pond_counts_its_inside_and_its_bank():
    pond = shapely.Polygon([at(-100, -100), at(100, -100), at(100, 100), at(-100, 100)])
    share = union_mask([pond], KILOMETRES, 100)

    # 200 m square, four sides of 200 x 100 m, four quarter disks of 100 m
    assert share[1, 1] == pytest.approx(0.04 + 0.08 + np.pi * 0.01, rel=1e-3)


def test_a_lake_wider_than_the_distance_has_no_hole_unless_it_has_an_island():
    lake = shapely.Polygon([at(-1200, -1200), at(1200, -1200), at(1200, 1200), at(-1200, 1200)])
    island = shapely.Polygon([at(-400, -400), at(400, -400), at(400, 400), at(-400, 400)])

    assert union_mask([lake], KILOMETRES, 100)[1, 1] == 1.0
    # of an island of 800 m the inner 600 m are out of reach
    share = union_mask([lake.difference(island)], KILOMETRES, 100)
    assert share[1, 1] == pytest.approx(1 - 0.36, rel=1e-3)
    # drawn clockwise or the other way round: the same water
    assert np.array_equal(share, union_mask([lake.difference(island).reverse()], KILOMETRES, 100))


def test_overlapping_disks_count_once_and_apart_they_add_up():
    near, far = shapely.Point(at(10, 0)), shapely.Point(at(300, 0))
    one = union_mask([MIDDLE], KILOMETRES, 100).sum()

    assert one < union_mask([MIDDLE, near], KILOMETRES, 100).sum() < 1.1 * one
    assert union_mask([MIDDLE, far], KILOMETRES, 100).sum() == pytest.approx(2 * one, rel=1e-3)


def test_waters_off_the_grid_reach_in_and_never_round_the_world():
    outside_10_m = shapely.Point(at(-1510, 0))
    share = union_mask([outside_10_m], KILOMETRES, 200)

    assert 0 < share[1, 0] < np.pi * 0.04 / 2
    assert share[:, 1:].sum() == 0
    for elsewhere in (shapely.Point(at(-2000, 0)), shapely.Point(at(0, 2000)), shapely.Point(0, 0)):
        assert union_mask([elsewhere], KILOMETRES, 200).sum() == 0


def test_a_lake_that_reaches_far_beyond_the_window_fills_it():
    sea = shapely.box(100, 10, 110, 20)
    assert (union_mask([sea], FINE, 50) == 1).all()
    west_half = shapely.box(100, 10, FINE.west_deg + 20 * FINE.dlon_deg, 20)
    assert (union_mask([west_half], FINE, 50)[:, :20] == 1).all()
    assert union_mask([west_half], FINE, 50)[:, 22:].sum() == 0


def test_unsettled_cells_are_skipped():
    settled = np.zeros((3, 3), dtype=bool)
    settled[1, 1] = True
    corner = shapely.Point(at(500, 500))
    share = union_mask([corner], KILOMETRES, 400, settled)

    assert share[1, 1] == union_mask([corner], KILOMETRES, 400)[1, 1]
    assert np.count_nonzero(share) == 1
    with pytest.raises(ValueError, match="settled is"):
        union_mask([corner], KILOMETRES, 400, settled[:2])


def test_children_are_counted_by_unit_and_units_sum_to_the_whole():
    children = np.full((3, 3), 100.0)
    children[0, 0] = np.nan
    west, south, east, north = KILOMETRES.bounds
    halves = [shapely.box(west, south, 105, north), shapely.box(105, south, east, north)]
    share = union_mask([MIDDLE], KILOMETRES, 200)

    per_unit = children_exposed(children, share, cell_shares(halves, KILOMETRES), 2)

    # half the cell lies in each unit, and of a cell pi 0.04 is in reach
    assert per_unit == pytest.approx([50 * np.pi * 0.04] * 2, rel=1e-4)
    with pytest.raises(ValueError, match="children is"):
        children_exposed(children[:2], share, cell_shares(halves, KILOMETRES), 2)


def test_groups_and_their_union_come_from_one_call():
    groups = {"noncompliant": [MIDDLE], "not_surveyed": [shapely.Point(at(50, 0))], "expired": []}
    result = exposed_share(groups, KILOMETRES, [200, 100, 200])

    assert {distance for _, distance in result.share} == {100.0, 200.0}
    assert result.dense("expired", 100).sum() == 0
    both = union_mask([*groups["noncompliant"], *groups["not_surveyed"]], KILOMETRES, 100)
    assert np.array_equal(result.dense(ANY, 100), both)
    alone = exposed_share({"noncompliant": [MIDDLE]}, KILOMETRES, [100])
    assert np.array_equal(alone.dense(ANY, 100), result.dense("noncompliant", 100))


def test_no_waters_expose_nobody():
    assert union_mask([], KILOMETRES, 200).sum() == 0
    assert exposed_share({}, KILOMETRES, [200]).dense(ANY, 200).sum() == 0


@pytest.mark.parametrize("within_m", [0, -5, 10_001, float("nan"), float("inf")])
def test_useless_distances_are_refused_with_the_number(within_m):
    with pytest.raises(ValueError, match=f"distance is {within_m} m"):
        union_mask([MIDDLE], KILOMETRES, within_m)
    with pytest.raises(ValueError, match="no distance given"):
        exposed_share({ANY: [MIDDLE]}, KILOMETRES, [])


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (shapely.Point(), "shape 1 is empty"),
        (None, "shape 1 is not a shape"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "shape 1 is invalid .Self-inter"),
        (shapely.Point(680_000, 1_770_000), "shape 1 is not in degrees"),
        (shapely.Point(float("nan"), 16), "shape 1 is"),
    ],
)
def test_shapes_that_cannot_be_measured_are_named(shape, message):
    with pytest.raises(ValueError, match=f"group any: {message}"):
        union_mask([MIDDLE, shape], KILOMETRES, 100)


def random_shapes(seed: int, count: int) -> list[shapely.Geometry]:
    rng = np.random.default_rng(seed)
    west, south, east, north = FINE.bounds
    shapes: list[shapely.Geometry] = []
    for kind in rng.integers(0, 3, count):
        point = shapely.Point(rng.uniform([west, south], [east, north]))
        if kind == 1:
            end = shapely.Point(rng.uniform([west, south], [east, north]))
            shapes.append(shapely.LineString([point, end]))
        else:
            shapes.append(point if kind == 0 else point.buffer(rng.uniform(1e-4, 4e-3), 3))
    return shapes


seeds = st.integers(0, 2**31)


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 12), st.floats(50, 900), st.floats(30, 500))
def test_a_larger_distance_never_exposes_fewer(seed, count, within_m, more_m):
    shapes = random_shapes(seed, count)
    smaller, larger = (
        union_mask(shapes, FINE, within_m),
        union_mask(shapes, FINE, within_m + more_m),
    )

    assert (larger >= smaller).all()
    assert larger.max() <= 1.0


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 12), st.floats(50, 900), st.randoms())
def test_order_and_duplicates_do_not_change_a_bit(seed, count, within_m, random):
    shapes = random_shapes(seed, count)
    again = [*shapes, *random.choices(shapes, k=3)]
    random.shuffle(again)

    first, second = union_mask(shapes, FINE, within_m), union_mask(again, FINE, within_m)
    assert first.tobytes() == second.tobytes()


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 10), st.integers(1, 10), st.floats(50, 900))
def test_what_nobody_has_seen_never_lowers_exposure(seed, known, unknown, within_m):
    shapes = random_shapes(seed, known + unknown)
    groups = {"noncompliant": shapes[:known], "not_surveyed": shapes[known:]}
    result = exposed_share(groups, FINE, [within_m])
    parts = [result.dense(name, within_m).astype(float) for name in groups]
    union = result.dense(ANY, within_m)

    assert (union >= np.maximum(*parts)).all()
    assert (union <= parts[0] + parts[1] + 1e-6).all()
    assert np.array_equal(union, union_mask(shapes, FINE, within_m))


@settings(max_examples=15, deadline=None)
@given(seeds, st.floats(100, 900))
def test_a_window_gives_what_the_whole_grid_gives(seed, within_m):
    shapes = random_shapes(seed, 6)
    window, rows, cols = FINE.window((105.01, 15.975, 105.02, 15.985))

    part = union_mask(shapes, window, within_m)
    assert np.abs(part - union_mask(shapes, FINE, within_m)[rows, cols]).max() < 2e-2


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr("geomath.exposure.PARALLEL_FROM", 0)
    shapes = random_shapes(5, 50)
    alone = exposed_share({ANY: shapes}, FINE, [300], threads=1).share[ANY, 300]
    together = exposed_share({ANY: shapes}, FINE, [300], threads=3).share[ANY, 300]

    assert alone.tobytes() == together.tobytes()


def test_a_crowd_of_waters_in_one_place_is_still_exact():
    rng = np.random.default_rng(1)
    crowd = shapely.points(rng.normal([105.017, 15.983], 1e-4, (20_000, 2)))
    share = union_mask(list(crowd), FINE, 300)

    hull = union_mask([shapely.MultiPoint(crowd).convex_hull], FINE, 300)
    assert share.sum(dtype=float) == pytest.approx(hull.sum(dtype=float), rel=2e-3)


def test_a_bank_of_a_million_corners_is_worked_off():
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    round_lake = shapely.Polygon(
        np.column_stack([105.017 + 0.005 * np.cos(angle), 15.983 + 0.005 * np.sin(angle)])
    )
    fewer = shapely.Polygon(shapely.get_coordinates(round_lake)[::1000])

    share, expected = union_mask([round_lake], FINE, 200), union_mask([fewer], FINE, 200)
    assert share.sum(dtype=float) == pytest.approx(expected.sum(dtype=float), rel=5e-4)
