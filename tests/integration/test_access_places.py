"""A large water is judged where people reach it; places and safeguards are things on the map."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon
from django.utils import timezone

from hazards import errors
from hazards.models import AccessPlace, HazardAssessment
from hazards.services.access_places import (
    add_access_place,
    change_access_place,
    withdraw_access_place,
)
from hazards.services.fencing import fenced_shores
from hazards.services.inventory import NewHazard, register_hazard
from hazards.services.observations import record_safeguard_state
from hazards.services.safeguards import add_safeguard, change_safeguard
from tests.factories.hazards import HazardFactory, RuleFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() - timedelta(days=20)
WEST, SOUTH, EAST, NORTH = 106.590, 11.745, 106.598, 11.755


@pytest.fixture
def units():
    return UnitFactory(place=0), UnitFactory(place=1)


@pytest.fixture
def lake(units):
    """A lake of 870 m by 1.1 km beside the border of two communes, seen compliant as a whole."""
    RuleFactory(kinds=["reservoir_irr"], duties=["sign", "barrier"])
    shape = Polygon.from_bbox((WEST, SOUTH, EAST, NORTH))
    shape.srid = 4326
    new = NewHazard(
        kind="reservoir_irr", geometry=shape, name="Hồ Thử", depth_class="gt_2",
        registered_on=date(2024, 1, 1),
    )  # fmt: skip
    hazard = register_hazard(new=new, actor=None)
    for duty in ("sign", "barrier"):
        look(hazard, duty, "present")
    return hazard


def look(hazard, duty, state, **facts):
    return record_safeguard_state(
        hazard=hazard, duty=duty, state=state, observed_on=facts.pop("on", DAY),
        source_kind="office", **facts,
    )  # fmt: skip


def place_at(lake, lon=EAST, lat=11.75, **facts):
    values = {
        "kind": "access_point", "label": "Bến đò", "geometry": Point(lon, lat, srid=4326),
        "known_from": DAY + timedelta(days=1), "actor": None,
    }  # fmt: skip
    return add_access_place(hazard=lake, **(values | facts))


def verdict(hazard):
    return HazardAssessment.objects.get(hazard=hazard).verdict


def test_a_place_found_after_the_look_makes_the_lake_not_surveyed_there(lake):
    assert verdict(lake) == "compliant"

    place = place_at(lake)

    assert verdict(lake) == "not_surveyed"
    look(lake, "sign", "present", access_place=place, on=DAY + timedelta(days=2))
    look(lake, "barrier", "missing", access_place=place, on=DAY + timedelta(days=2))
    assert verdict(lake) == "partly"


def test_a_place_lies_in_its_own_unit_which_may_be_another_than_the_lakes(lake, units):
    place = place_at(lake, lon=106.6005)  # 270 m east of the bank, over the border

    assert (lake.unit, place.unit) == units


def test_a_place_far_from_the_water_is_refused_with_the_metres(lake):
    with pytest.raises(errors.PlaceFarError) as refused:
        place_at(lake, lon=106.61)

    assert "1308" in str(refused.value)
    assert not AccessPlace.objects.exists()


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"kind": "shoreline"}, errors.PlaceShapeError),
        ({"geometry": LineString((EAST, SOUTH), (EAST, NORTH), srid=4326)}, errors.PlaceShapeError),
        ({"label": "  "}, errors.NameMissingError),
        ({"kind": "beach"}, errors.UnknownWordError),
        ({"known_from": date(2099, 1, 1)}, errors.FutureDateError),
    ],
)
def test_what_is_no_place_is_refused(lake, facts, error):
    with pytest.raises(error):
        place_at(lake, **facts)


def test_a_place_that_ended_speaks_no_more(lake):
    place = place_at(lake)

    change_access_place(place=place, actor=None, known_to=timezone.localdate())

    assert verdict(lake) == "compliant"
    with pytest.raises(errors.DateOrderError):
        change_access_place(place=place, actor=None, known_to=place.known_from)


def test_a_mistaken_place_is_taken_back_but_not_one_where_something_was_seen(lake):
    mistaken, seen = place_at(lake), place_at(lake, lat=11.749)
    look(lake, "sign", "missing", access_place=seen, on=DAY + timedelta(days=1))

    withdraw_access_place(place=mistaken, actor=None)
    with pytest.raises(errors.PlaceInUseError):
        withdraw_access_place(place=seen, actor=None)

    assert [*AccessPlace.objects.all()] == [seen]
    assert AccessPlace.with_withdrawn.count() == 2


def test_a_place_of_another_water_is_refused_for_looks_and_safeguards(lake):
    other = HazardFactory(unit=lake.unit)
    place = place_at(lake)

    with pytest.raises(errors.OtherHazardError):
        look(other, "sign", "missing", access_place=place)
    with pytest.raises(errors.OtherHazardError):
        add_safeguard(hazard=other, kind="fence", access_place=place, actor=None)


def test_a_sign_moved_to_a_place_meets_its_duty_there(lake):
    place = place_at(lake)
    sign = add_safeguard(hazard=lake, kind="sign_warning", actor=None)
    look(lake, "sign", "present", safeguard=sign)
    fence = add_safeguard(hazard=lake, kind="fence", access_place=place, actor=None)
    look(lake, "barrier", "present", safeguard=fence)
    assert verdict(lake) == "not_surveyed"  # nobody has said where the sign stands

    change_safeguard(safeguard=sign, actor=None, access_place=place)

    assert verdict(lake) == "compliant"


def test_a_low_fence_meets_nothing_where_the_rule_asks_for_a_height(units):
    RuleFactory(kinds=["pond"], duties=["sign", "barrier"], min_barrier_height_m=1.1)
    pond = HazardFactory(unit=units[0])
    look(pond, "sign", "present")

    look(pond, "barrier", "present", height_m=0.9)
    assert verdict(pond) == "partly"
    look(pond, "barrier", "present", height_m=1.1, on=DAY + timedelta(days=1))
    assert verdict(pond) == "compliant"


def test_fences_seen_in_place_close_their_part_of_the_shore(lake):
    fence = add_safeguard(
        hazard=lake, kind="fence", actor=None,
        geometry=LineString((WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), srid=4326),
    )  # fmt: skip
    assert fenced_shores(lake, DAY, [])[0].shore.closed_share == 0  # nobody has seen it yet

    look(lake, "barrier", "present", safeguard=fence)

    (whole,) = fenced_shores(lake, DAY, [])
    assert (whole.place, whole.fences, whole.undrawn) == (None, 1, 0)
    assert whole.shore.shore_m == pytest.approx(3955, abs=5)
    assert whole.shore.closed_share == pytest.approx(0.5, abs=0.005)


def test_of_a_lake_with_stretches_only_those_are_measured(lake):
    stretch = LineString((EAST, SOUTH), (EAST, NORTH), srid=4326)
    place_at(lake, kind="shoreline", label="Bờ đông", geometry=stretch)
    place_at(lake)

    (east,) = fenced_shores(lake, timezone.localdate(), [*lake.access_places.all()])

    assert east.place.label == "Bờ đông"
    assert east.shore.open_m == pytest.approx(1106, abs=2)
