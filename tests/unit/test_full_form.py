"""The full form: what each question takes, and what it refuses."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from surveys.full_form import (
    GROUPS,
    QUESTIONS,
    DetailError,
    read_details,
    read_skipped,
    spelled_details,
)


def test_names_are_told_apart():
    assert len(QUESTIONS) == sum(len(group.questions) for group in GROUPS)


def test_answers_are_checked_and_empty_ones_dropped():
    said = {
        "max_depth_m": 2.345, "nearest_house_m": 40.4, "bank_slope": "steep", "flow": "",
        "water_months": [7, 6, 7], "responsible_name": "  Hộ ông Tư ", "from_a_newer_app": 5,
    }  # fmt: skip
    assert read_details(said) == {
        "max_depth_m": 2.35, "nearest_house_m": 40, "bank_slope": "steep", "water_months": [6, 7],
        "responsible_name": "Hộ ông Tư",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"max_depth_m": 251},
        {"max_depth_m": -0.1},
        {"max_depth_m": "2"},
        {"max_depth_m": True},
        {"max_depth_m": float("nan")},
        {"bank_slope": "hilly"},
        {"water_months": [0]},
        {"water_months": ["6"]},
        {"water_months": 6},
        {"responsible_name": "x" * 251},
        {"responsible_name": 5},
        ["max_depth_m"],
        "deep",
    ],
)
def test_what_cannot_be_is_refused_by_name(said):
    with pytest.raises(DetailError):
        read_details(said)


def test_reasons_are_words_of_the_list():
    assert read_skipped({"sign": "too_dark", "barrier": ""}) == {"sign": "too_dark"}
    for said in ({"sign": "lazy"}, ["sign"], {"sign": 5}):
        with pytest.raises(DetailError):
            read_skipped(said)


def test_zero_is_an_answer():
    assert read_details({"nearest_house_m": 0, "sign_count": 0}) == {
        "nearest_house_m": 0, "sign_count": 0,
    }  # fmt: skip


def test_answers_are_spelled_with_their_units():
    told = spelled_details({"nearest_house_m": 40, "children_seen": "yes", "water_months": [6, 7]})
    assert [len(answers) for _group, answers in told] == [1, 2]
    assert told[0][1][0][1] == "6, 7"
    assert told[1][1][0][1] == "40 m"
    with override("vi"):
        assert spelled_details({"max_depth_m": 2.4})[0][1][0][1] == "2,4 m"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(QUESTIONS)), json_values, max_size=4))
def test_whatever_comes_is_taken_as_it_reads_again_or_refused(said):
    try:
        kept = read_details(said)
    except DetailError:
        return
    assert read_details(kept) == kept
    spelled_details(kept)
