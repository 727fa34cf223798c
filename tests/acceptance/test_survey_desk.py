"""The reviewer's queue and desk, as a browser asks for them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from hazards.models import WaterHazard
from hazards.services.assessment import assess
from surveys.models import Submission
from tests.factories.accounts import MembershipFactory, user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    SEEN_AT,
    SubmissionFactory,
    SurveyPhotoFactory,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def hazard(unit):
    made = HazardFactory(unit=unit, name="Ao nhà ông Sáu", name_plain="ao nha ong sau")
    assess([made.pk])
    return made


@pytest.fixture
def reviewer(unit):
    return user_with_role(Role.REVIEWER, unit)


@pytest.fixture
def desk(reviewer):
    office = Client()
    office.force_login(reviewer)
    return office


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_return_and_reject_without_a_reason_show_the_page_again(desk, unit, decision):
    decide = reverse("surveys:decide", args=[SubmissionFactory(unit=unit).public_id])

    refused = desk.post(decide, {"decision": decision})
    taken = desk.post(decide, {"decision": decision, "reason": "Ảnh mờ"})

    assert refused.status_code == 422
    assert "Write the reason" in text_of(refused)
    assert taken.status_code == 302


def test_a_second_decision_is_told_and_changes_nothing(desk, unit):
    visit = SubmissionFactory(unit=unit, state="rejected")

    answer = desk.post(reverse("surveys:decide", args=[visit.public_id]), {"decision": "accept"})

    assert answer.status_code == 409
    assert "cannot become" in text_of(answer)
    assert WaterHazard.objects.count() == 0


def test_after_a_decision_the_next_survey_opens(desk, unit):
    first, second = SubmissionFactory(unit=unit), SubmissionFactory(unit=unit)

    answer = desk.post(
        reverse("surveys:decide", args=[first.public_id]),
        {"decision": "reject", "reason": "Trùng"},
    )

    assert answer.url == reverse("surveys:review", args=[second.public_id])


def test_the_desk_says_what_does_not_fit(desk, unit, hazard):
    visit = SubmissionFactory(unit=unit, hazard=hazard, sign_state="present")
    SurveyPhotoFactory(submission=visit, flags=["far_from_fix", "used_before", "no_position"])
    SurveyPhotoFactory(submission=visit, state="failed", problem="damaged", image_name="")

    page = text_of(desk.get(reverse("surveys:review", args=[visit.public_id])))

    assert "over 100 m from where the phone was" in page
    assert "The same photo was sent with an earlier survey" in page
    assert "The file is damaged or cut short" in page
    assert 'data-key="a"' in page


def test_a_new_place_may_be_filed_under_a_known_one(desk, unit, hazard):
    visit = SubmissionFactory(unit=unit)  # at the same spot

    page = text_of(desk.get(reverse("surveys:review", args=[visit.public_id])))
    desk.post(
        reverse("surveys:decide", args=[visit.public_id]),
        {"decision": "accept", "file_under": hazard.code},
    )

    assert f'<option value="{hazard.code}">' in page
    visit.refresh_from_db()
    assert visit.hazard == hazard
    assert WaterHazard.objects.count() == 1


def test_nobody_is_offered_a_decision_about_his_own_survey(desk, reviewer, unit):
    MembershipFactory(user=reviewer, role=Role.SURVEYOR, unit=unit)
    visit = SubmissionFactory(unit=unit, surveyor=reviewer)

    page = text_of(desk.get(reverse("surveys:review", args=[visit.public_id])))

    assert "You sent this survey yourself" in page
    assert 'id="decide"' not in page


def test_the_queue_is_old_first_filtered_and_counted(desk, unit, django_assert_max_num_queries):
    old, new = SubmissionFactory(unit=unit, new_name="Cũ"), SubmissionFactory(unit=unit)
    SubmissionFactory(unit=unit, state="accepted", new_name="Xong")
    Submission.objects.filter(pk=old.pk).update(received_at=SEEN_AT)
    queue = reverse("surveys:queue")

    with django_assert_max_num_queries(17):
        page = desk.get(queue)

    assert list(page.context["page"]) == [old, new]
    assert {code: n for code, _, n in page.context["states"]}["accepted"] == 1
    assert list(desk.get(queue, {"waiting_days": "1"}).context["page"]) == [old]
    assert "Xong" in text_of(desk.get(queue, {"state": "accepted"}))
    assert "No survey in this state" in text_of(desk.get(queue, {"state": "returned"}))
