"""Exports and list maps without a database: guarding, columns, cells, words."""

from datetime import date

import pytest

from hazards.exports.as_csv import guarded
from hazards.exports.columns import COLUMNS
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import HazardPoint
from hazards.selectors.map_points import POINTS_MAX, map_points, read_box
from hazards.selectors.state import HazardState, state_fits
from hazards.selectors.words import list_title


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["Ao làng", "AT-0000001-3", "", "3 - 4 m"])
def test_other_text_stays_as_it_is(text):
    assert guarded(text) == text


def test_column_keys_are_unique_english_identifiers():
    keys = [column.key for column in COLUMNS]
    assert len(set(keys)) == len(keys)
    assert all(key.isidentifier() and key.isascii() for key in keys)


def test_printed_columns_come_first_so_that_the_print_area_is_one_block():
    printed = [column.printed for column in COLUMNS]
    assert printed == sorted(printed, reverse=True)


@pytest.mark.parametrize(
    ("verdicts", "title"),
    [
        (("noncompliant",), "List of hazards that are not compliant"),
        (("noncompliant", "partly"), "List of hazards that are not compliant"),
        (("partly", "expired"), "List of hazards that are not compliant or not known to be"),
        (("compliant", "partly"), "List of hazards"),
        ((), "List of hazards"),
    ],
)
def test_what_nobody_has_seen_is_not_called_noncompliant(verdicts, title):
    assert list_title(verdicts) == title


@pytest.mark.parametrize(
    ("state", "fits"),
    [
        ({"verdict": "noncompliant", "sign": "unmet"}, True),
        ({"verdict": "partly", "sign": "met"}, False),
        ({"verdict": "noncompliant", "sign": "unknown"}, False),  # nobody saw it missing
        ({"verdict": "not_surveyed", "sign": "unknown"}, True),  # but it is not safe either
        ({"verdict": "expired", "sign": "expired"}, True),
        ({"verdict": "not_surveyed", "sign": "not_required"}, False),
    ],
)
def test_missing_means_seen_missing_or_not_seen_at_all(state, fits):
    assert state_fits(HazardState(**state), HazardFilter(missing="sign")) is fits


@pytest.mark.parametrize(
    ("looked_on", "fits"),
    [(date(2026, 1, 21), True), (date(2026, 1, 22), False), (None, True)],
)
def test_days_since_the_last_look_keep_what_nobody_ever_looked_at(looked_on, fits):
    wanted = HazardFilter(days_since_look_min=10, as_of=date(2026, 1, 31))
    assert state_fits(HazardState(last_observed_on=looked_on), wanted) is fits


class Rows:
    """Stands for a list whose points are given."""

    def __init__(self, points: list[HazardPoint]) -> None:
        self.given = points

    def points(self):
        return iter(self.given)

    def placed(self) -> None:
        return None

    def exact_counts(self) -> None:
        return None

    def count(self) -> int:
        return len(self.given)


def _line_of_points(count: int) -> Rows:
    return Rows(
        [HazardPoint(f"AT-{n}", "", 106 + n / 10_000, 11.5, "partly") for n in range(count)]
    )


def test_few_points_come_one_by_one():
    answer = map_points(_line_of_points(3))

    assert [feature["properties"]["code"] for feature in answer["features"]] == [
        "AT-0", "AT-1", "AT-2",
    ]  # fmt: skip
    assert (answer["total"], answer["inside"], answer["grouped"]) == (3, 3, False)


def test_many_points_are_counted_in_cells_and_none_is_lost():
    answer = map_points(_line_of_points(POINTS_MAX + 1))

    assert answer["grouped"] is True
    assert len(answer["features"]) <= 30
    counts = [feature["properties"]["count"] for feature in answer["features"]]
    assert sum(counts) == answer["total"] == POINTS_MAX + 1


def test_a_box_gives_single_points_of_a_long_list():
    answer = map_points(_line_of_points(POINTS_MAX + 1), box=(106.0, 11.0, 106.00095, 12.0))

    assert (answer["total"], answer["inside"], answer["grouped"]) == (POINTS_MAX + 1, 10, False)


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "1,2,3,4,5"])
def test_an_unreadable_box_is_no_box(text):
    assert read_box(text) is None
