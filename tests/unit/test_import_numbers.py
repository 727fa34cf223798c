"""Numbers and angles as Vietnamese lists write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.numbers import parse_angle, parse_depth_m, parse_number, plain_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11,53", 11.53), ("11.53", 11.53), ("1.283.456,78", 1283456.78), ("-2,5", -2.5),
        ("1,283,456.78", 1283456.78), ("1 283 456,78", 1283456.78), ("1.283.456", 1283456.0),
        ("1e3", 1000.0), ("0", 0.0),
    ],
)  # fmt: skip
def test_numbers(text, number):
    assert parse_number(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text", ["", "x", "11,5,3", "1.2.3", "nan", "inf", "1e999", "1,2.3,4", "٣"]
)
def test_no_numbers(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("106,91", 106.91), ("106.91°", 106.91), ("11°31'48\" N", 11.53), ("11°31'48\"B", 11.53),
        ("106°54′36″Đ", 106.91), ("106 54 36 E", 106.91), ("11°31.8'", 11.53),
        ("N 11°31'48''", 11.53),
        ("3°30' S", -3.5), ("-3 30 0", -3.5),
    ],
)  # fmt: skip
def test_angles(text, degrees):
    assert parse_angle(text) == pytest.approx(degrees)


@pytest.mark.parametrize("text", ["", "11°75'", "11°31'99\"", "north", "11°31'48\" X"])
def test_no_angles(text):
    assert parse_angle(text) is None


@pytest.mark.parametrize(
    ("text", "depth"), [("2,5 m", 2.5), ("3", 3.0), ("2-3", None), ("sâu", None)]
)
def test_depths(text, depth):
    assert parse_depth_m(text) == depth


@given(st.floats(-180, 180), st.sampled_from([".", ","]))
def test_any_number_comes_back(number, decimal):
    text = f"{number:.7f}".replace(".", decimal)

    assert parse_number(text) == pytest.approx(number, abs=1e-6)
    assert parse_angle(text) == pytest.approx(number, abs=1e-6)


@given(st.text(max_size=20))
def test_any_text_has_an_answer(text):
    parse_number(text), parse_angle(text), parse_depth_m(text)


@given(st.lists(st.text(alphabet="0123456789.-", max_size=6) | st.floats(-400, 400).map(str)))
def test_plain_numbers_are_those_that_each_text_gives(texts):
    numbers = plain_numbers(texts)

    if numbers is not None:
        assert numbers == [parse_number(text) for text in texts]
        assert numbers == [parse_angle(text) for text in texts]


@pytest.mark.parametrize(
    "odd", ["", "11,5", ".5", "5.", "1e5", "nan", "-inf", "1_0", "٣", "1-2", "9" * 400]
)
def test_one_odd_cell_sends_a_column_to_be_read_cell_by_cell(odd):
    assert plain_numbers(["106.5", "-7", "11"]) == [106.5, -7.0, 11.0]
    assert plain_numbers(["106.5", odd, "11"]) is None
