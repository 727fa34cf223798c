"""Campaigns: areas given out once, seen on the phone, counted as they are visited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from field.errors import CampaignDatesError, NothingAssignedError
from field.models import Assignment
from field.selectors.campaigns import Progress, due_for, progress_of
from field.selectors.pack import pack_for
from field.services.campaigns import assign_area, begin_campaign
from hazards.services.assessment import assess
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return UnitFactory(place=0)


@pytest.fixture
def ponds(unit):
    found = [HazardFactory(unit=unit) for _ in range(3)]
    HazardFactory(unit=unit, lifecycle="filled")
    assess()
    return found


@pytest.fixture
def people(unit):
    return [user_with_role(Role.SURVEYOR, unit) for _ in range(2)]


@pytest.fixture
def campaign(unit, people):
    today = timezone.localdate()
    return begin_campaign(
        name="Trước hè", unit=unit, starts_on=today - timedelta(days=3),
        ends_on=today + timedelta(days=20), actor=people[0],
    )  # fmt: skip


def give(campaign, surveyor, **more):
    return assign_area(
        campaign=campaign, surveyor=surveyor, unit=campaign.unit, actor=surveyor,
        **({"verdicts": []} | more),
    )  # fmt: skip


def test_an_area_is_given_out_and_shows_on_the_phone_until_visited(campaign, ponds, people):
    assert give(campaign, people[0]) == 3  # the filled one is no water any more
    assert set(pack_for(people[0])["assigned"]) == {pond.code for pond in ponds}

    now = timezone.now()
    SubmissionFactory(hazard=ponds[0], unit=ponds[0].unit, surveyor=people[0], captured_at=now)
    SubmissionFactory(
        hazard=ponds[1], unit=ponds[1].unit, surveyor=people[1], captured_at=now, state="accepted"
    )
    SubmissionFactory(
        hazard=ponds[2], unit=ponds[2].unit, surveyor=people[0],
        captured_at=now - timedelta(days=30),
    )  # fmt: skip  # before the campaign

    by_person, by_unit = progress_of(campaign)
    assert by_person == [Progress(by_person[0].who, 3, 2, 1)]
    assert by_unit == [Progress(campaign.unit.full_name, 3, 2, 1)]
    assert set(due_for(people[0])) == {ponds[2].code}


def test_a_water_has_one_surveyor_in_a_campaign(campaign, ponds, people):
    give(campaign, people[0])
    give(campaign, people[1], verdicts=["not_surveyed"])

    assert set(Assignment.objects.values_list("surveyor", flat=True)) == {people[1].pk}
    assert Assignment.objects.count() == 3


def test_nobody_is_sent_where_he_may_not_survey_or_nothing_fits(campaign, ponds, people):
    stranger = user_with_role(Role.SURVEYOR, UnitFactory(place=1))
    for surveyor, verdicts in ((stranger, []), (people[0], ["waived"])):
        with pytest.raises(NothingAssignedError):
            give(campaign, surveyor, verdicts=verdicts)
    with pytest.raises(CampaignDatesError):
        begin_campaign(
            name="x", unit=campaign.unit, starts_on=campaign.ends_on,
            ends_on=campaign.starts_on, actor=people[0],
        )  # fmt: skip


def test_the_pages_begin_give_out_and_stay_within_the_area(client, unit, ponds, people):
    client.force_login(user_with_role(Role.REVIEWER, unit))
    today = timezone.localdate().isoformat()
    made = client.post(
        reverse("field:campaigns"),
        {"name": "Trước Tết", "unit": unit.pk, "starts_on": today, "ends_on": today},
    )
    client.post(made.url, {"surveyor": people[1].pk, "unit": unit.pk})

    page = client.get(made.url)
    assert [row.assigned for row in page.context["people"]] == [3]
    client.force_login(user_with_role(Role.REVIEWER, UnitFactory(place=1)))
    assert client.get(made.url).status_code == 404
    other = client.post(
        reverse("field:campaigns"),
        {"name": "x", "unit": unit.pk, "starts_on": today, "ends_on": today},
    )
    assert other.status_code == 422
