"""A hazard entered at the desk, and one record that becomes two."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from accounts.roles import Role
from hazards import errors
from hazards.models import SafeguardObservation, WaterHazard
from hazards.services.inventory import NewHazard
from hazards.services.splitting import split_hazard
from history.context import acting
from history.services.undo import Wanted, undo
from tests.factories.accounts import UserFactory, user_with_role
from tests.factories.hazards import (
    HazardFactory,
    SafeguardFactory,
    SafeguardObservationFactory,
)
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return UnitFactory(place=0), UnitFactory(place=1)


@pytest.fixture
def desk(client, units):
    client.force_login(user_with_role(Role.INSPECTOR, units[0]))
    return client


def sent(lon=106.55, lat=11.75, **more):
    return {
        "drawn": json.dumps({"type": "Point", "coordinates": [lon, lat]}), "form": "point",
        "kind": "pond", "name": "Ao Sen", "lifecycle": "in_use", "depth_class": "gt_2",
        "depth_method": "asked", "position_method": "map",
    } | more  # fmt: skip


def test_a_new_hazard_gets_a_code_a_unit_and_a_verdict(desk, units):
    answer = desk.post("/hazards/new/", sent())

    hazard = WaterHazard.objects.get()
    assert answer.url == reverse("hazards:record", args=[hazard.code])
    assert (hazard.unit, hazard.name, hazard.source) == (units[0], "Ao Sen", "office")
    assert hazard.assessment.verdict == "not_surveyed"


def test_one_that_may_be_there_already_is_asked_about_first(desk, units):
    there = HazardFactory(unit=units[0], name="Ao sen", geometry=Point(106.5501, 11.75, srid=4326))

    asked = desk.post("/hazards/new/", sent())
    assert asked.status_code == 422
    assert there.code in asked.content.decode()
    assert WaterHazard.objects.count() == 1

    taken = desk.post("/hazards/new/", sent(is_another="on"))
    assert taken.status_code == 302
    assert WaterHazard.objects.count() == 2


@pytest.mark.parametrize(
    "more",
    [
        {"lon": 106.65},  # the commune next door
        {"lon": 100.0},  # no part of the country
        {"drawn": ""},
        {"drawn": '{"type": "Point", "coordinates": []}'},
        {"drawn": "POINT(1"},
        {"kind": "sea"},
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_written(desk, more):
    answer = desk.post("/hazards/new/", sent(**more))

    assert answer.status_code == 422
    assert "Ao Sen" in answer.content.decode()
    assert not WaterHazard.objects.exists()


@pytest.fixture
def two_in_one(units):
    hazard = HazardFactory(unit=units[0], geometry=Point(106.55, 11.75, srid=4326))
    sign = SafeguardFactory(hazard=hazard)
    SafeguardObservationFactory(hazard=hazard, safeguard=sign, observed_on=date(2026, 5, 1))
    SafeguardObservationFactory(hazard=hazard, duty="barrier", state="missing")
    return hazard, sign


def test_a_record_is_split_on_its_page_and_what_was_chosen_moves(desk, two_in_one):
    hazard, sign = two_in_one
    address = reverse("hazards:split", args=[hazard.code])
    assert str(sign) in desk.get(address).content.decode()

    desk.post(address, sent(lon=106.5504, safeguards=[str(sign.pk)]))

    made = WaterHazard.objects.exclude(pk=hazard.pk).get()
    moved = SafeguardObservation.objects.get(hazard=made)
    assert (moved.safeguard, moved.observed_on) == (sign, date(2026, 5, 1))
    assert SafeguardObservation.objects.get(hazard=hazard).duty == "barrier"
    page = desk.get(reverse("hazards:record", args=[made.code])).content.decode()
    assert hazard.code in page


def test_a_split_is_undone_whole(two_in_one):
    hazard, sign = two_in_one
    clerk, batch = UserFactory(), uuid.uuid4()
    new = NewHazard(kind="pond", geometry=Point(106.5504, 11.75, srid=4326))
    with acting(actor=clerk, batch=batch):
        made = split_hazard(
            hazard=hazard, new=new, safeguard_ids=[sign.pk], observation_ids=[], depth_ids=[],
            photo_ids=[], actor=clerk,
        )  # fmt: skip

    undo(wanted=Wanted(batch=batch), actor=clerk, reason="một ao thôi")

    made.refresh_from_db()
    sign.refresh_from_db()
    assert made.lifecycle == "entered_in_error"
    assert sign.hazard == hazard
    assert SafeguardObservation.objects.filter(hazard=hazard).count() == 2


def test_rows_of_another_record_are_not_moved(two_in_one, units):
    hazard, _sign = two_in_one
    foreign = SafeguardFactory(hazard=HazardFactory(unit=units[1]))
    new = NewHazard(kind="pond", geometry=Point(106.5504, 11.75, srid=4326))

    with pytest.raises(errors.NothingToMoveError):
        split_hazard(
            hazard=hazard, new=new, safeguard_ids=[foreign.pk], observation_ids=[], depth_ids=[],
            photo_ids=[], actor=None,
        )  # fmt: skip

    assert WaterHazard.objects.count() == 2
