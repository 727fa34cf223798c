"""Drawings to scale: numbers that can be worked out by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box
from shapely.geometry import LineString, MultiPoint, Point

from geomath.sketch import SIDE, sketch

DEGREE_M = 110_574.4  # of latitude at the equator
HUNDRED_M = 100 / DEGREE_M


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", path)]


def test_a_square_of_100_m_fills_the_drawing_but_its_margins():
    drawn = sketch([box(0, 0, 100 / 111_319.5, HUNDRED_M)])

    found = numbers(drawn.outlines[0].path)
    assert (min(found), max(found)) == (24.0, 176.0)  # 12 % of 200 on each side
    assert (drawn.scale_m, drawn.scale_units) == (20, 30.4)  # 152 units are 100 m
    assert drawn.outlines[0].is_area


def test_north_is_up_and_two_points_keep_their_distance():
    south, north = Point(106, 0), Point(106, HUNDRED_M)

    drawn = sketch([south, north])

    assert [one.points for one in drawn.outlines] == [[(100.0, 176.0)], [(100.0, 24.0)]]


def test_one_place_is_not_blown_up():
    drawn = sketch([Point(106, 11), Point(106, 11)])

    assert drawn.outlines[0].points == [(SIDE / 2, SIDE / 2)]
    assert drawn.scale_m == 10  # a third of the 30 m that are shown at least


def test_every_part_is_drawn_and_an_island_is_a_hole():
    lake = box(0, 0, 0.003, 0.003).difference(box(0.001, 0.001, 0.002, 0.002))

    drawn = sketch([lake, LineString([(0, 0), (0.001, 0.001)]), MultiPoint([(0, 0), (0.003, 0)])])

    assert [one.path.count("M") for one in drawn.outlines] == [2, 1, 0]
    assert len(drawn.outlines[2].points) == 2
    assert not drawn.outlines[1].is_area


@given(
    st.lists(
        st.tuples(st.floats(102, 110), st.floats(8, 23), st.floats(0, 0.02)), min_size=1, max_size=4
    )
)
@pytest.mark.filterwarnings("error")
def test_whatever_is_drawn_stays_within_the_drawing(boxes):
    drawn = sketch([box(x, y, x + size, y + size) for x, y, size in boxes])

    for one in drawn.outlines:
        assert all(23.9 <= number <= 176.1 for number in numbers(one.path))
    assert 0 < drawn.scale_units <= SIDE / 2
