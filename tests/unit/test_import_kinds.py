"""Words and tags become kinds of the register, or are refused by name."""

import pytest

from hazards.importing.kinds import (
    LAKE_FROM_M2,
    kind_of,
    lifecycle_of,
    osm_kind,
    parse_other_tags,
)
from hazards.taxonomy import HazardKind, Lifecycle


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("pond", "pond"), ("Ao nuôi cá", "pond"), ("HỒ CHỨA THUỶ LỢI", "reservoir_irr"),
        ("hồ thủy điện", "reservoir_hydro"), ("giếng đào", "well"), ("Dug  well", "well"),
        ("hố móng", "construction"), ("đập dâng", "weir"), ("reservoir_irr", "reservoir_irr"),
    ],
)  # fmt: skip
def test_words(word, kind):
    assert kind_of(word) == kind


@pytest.mark.parametrize("word", ["", "hồ", "biển", "waterfall"])
def test_no_words(word):
    assert kind_of(word) is None


@pytest.mark.parametrize("kind", HazardKind)
def test_every_kind_is_known_by_code_and_label(kind):
    assert kind_of(kind.value) == kind
    assert kind_of(str(kind.label)) == kind


@pytest.mark.parametrize(
    ("tags", "area_m2", "found"),
    [
        ({"natural": "water"}, 500, HazardKind.POND),
        ({"natural": "water"}, LAKE_FROM_M2, HazardKind.LAKE),
        ({"natural": "water", "water": "reservoir"}, 500, HazardKind.RESERVOIR_IRR),
        ({"natural": "water", "landuse": "basin"}, 500, HazardKind.FARM_TANK),
        ({"natural": "water", "waterway": "riverbank"}, 500, "waterway=riverbank"),
        ({"waterway": "weir", "landuse": "reservoir"}, 500, HazardKind.WEIR),
        ({"man_made": "water_well"}, None, HazardKind.WELL),
        ({"waterway": "yes"}, None, "waterway=yes"),
        ({"natural": "wood"}, None, "natural=wood"),
        ({}, None, ""),
    ],
)
def test_tags(tags, area_m2, found):
    assert osm_kind(tags, area_m2=area_m2) == found


def test_other_tags_of_ogr():
    assert parse_other_tags('"water"=>"pond","name:vi"=>"Hồ \\"Đá\\""')["water"] == "pond"


def test_lifecycles():
    assert lifecycle_of("Under Construction") == Lifecycle.UNDER_CONSTRUCTION
    assert lifecycle_of("đang thi công") == Lifecycle.UNDER_CONSTRUCTION
    assert lifecycle_of("Unknown") == Lifecycle.IN_USE  # unknown is not safe
    assert lifecycle_of("blue") is None
