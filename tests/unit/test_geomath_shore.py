"""What fences leave open of a shore, on squares whose metres can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from geomath.distance import length_m, metres_per_degree_lat, metres_per_degree_lon
from geomath.shore import closed_shore

LON, LAT = 106.9, 11.8
PER_LON, PER_LAT = float(metres_per_degree_lon(LAT)), float(metres_per_degree_lat(LAT))


def at(east_m: float, north_m: float) -> tuple[float, float]:
    return LON + east_m / PER_LON, LAT + north_m / PER_LAT


def line(*metres: tuple[float, float]) -> LineString:
    return LineString([at(*pair) for pair in metres])


POND = Polygon([at(-50, -50), at(50, -50), at(50, 50), at(-50, 50)])


def test_three_sides_of_a_square_pond_close_three_quarters():
    fence = line((-52, -50), (-52, 52), (52, 52), (52, -50))

    shore = closed_shore(POND, [fence])

    assert shore.shore_m == pytest.approx(400, abs=0.1)
    assert shore.closed_share == pytest.approx(0.75, abs=0.01)
    west, south, east, north = shore.open_parts.bounds
    assert (west, south) == pytest.approx(at(-50, -50), abs=1e-5)
    assert (east, north) == pytest.approx(at(50, -50), abs=1e-5)


def test_a_fence_closes_nothing_beyond_its_ends_or_far_from_the_bank():
    short = line((-20, 52), (20, 52))
    far = line((-50, 80), (50, 80))

    assert closed_shore(POND, [short]).open_m == pytest.approx(360, abs=0.1)
    assert closed_shore(POND, [far]).closed_share == 0


def test_no_fence_leaves_all_open_and_a_ring_of_fence_nothing():
    ring = LineString([*POND.buffer(2 / PER_LAT, join_style="mitre").exterior.coords])

    assert closed_shore(POND, []).open_m == pytest.approx(400, abs=0.1)
    assert closed_shore(POND, [ring]).open_m == 0


def test_the_shore_of_an_island_does_not_count():
    lake = Polygon(POND.exterior, [[at(-10, -10), at(10, -10), at(10, 10), at(-10, 10)]])

    assert closed_shore(lake, []).shore_m == pytest.approx(400, abs=0.1)


def test_a_stretch_of_shore_and_two_ponds_are_judged_like_one_pond():
    stretch = line((0, 0), (100, 0))
    far_pond = shapely.transform(POND, lambda found: found + np.array([0.01, 0]))

    assert closed_shore(stretch, [line((0, 3), (40, 3))]).open_m == pytest.approx(60, abs=0.1)
    assert closed_shore(MultiPolygon([POND, far_pond]), []).shore_m == pytest.approx(800, abs=0.2)


def test_a_point_has_no_shore():
    shore = closed_shore(Point(LON, LAT), [line((0, 0), (9, 9))])

    assert (shore.shore_m, shore.closed_share) == (0, 0)


metres = st.floats(-80, 80)
fences = st.lists(
    st.lists(st.tuples(metres, metres), min_size=2, max_size=5).map(lambda found: line(*found)),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(fences=fences, another=fences)
def test_more_fence_never_opens_and_the_open_part_lies_on_the_shore(fences, another):
    fewer, more = closed_shore(POND, fences), closed_shore(POND, fences + another)

    assert more.open_m <= fewer.open_m + 1e-6
    assert length_m(more.open_parts) == more.open_m
    assert more.open_parts.is_empty or POND.exterior.distance(more.open_parts) < 1e-9
