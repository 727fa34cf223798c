"""Decisions: who may make which, and what acceptance writes into the register."""

import threading
import uuid

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from common.errors import NotFoundError
from hazards.models import HazardPhoto, SafeguardObservation, WaterHazard
from hazards.services.assessment import assess
from surveys.errors import (
    IllegalMoveError,
    OwnSubmissionError,
    PhotosMissingError,
    PhotosWaitingError,
    ReasonMissingError,
)
from surveys.models import ReviewEvent
from surveys.services import publish as publish_module
from surveys.services.review import accept_submission, reject_submission, return_submission
from tests.factories.accounts import MembershipFactory, user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    SEEN_AT,
    SubmissionFactory,
    SurveyPhotoFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def reviewer(unit):
    return user_with_role(Role.REVIEWER, unit)


@pytest.fixture
def hazard(unit):
    made = HazardFactory(unit=unit)
    assess([made.pk])
    return made


def verdict_of(hazard) -> str:
    hazard.refresh_from_db()
    return hazard.assessment.verdict


def test_acceptance_writes_what_was_seen_and_changes_the_verdict(unit, hazard, reviewer):
    visit = SubmissionFactory(hazard=hazard, unit=unit, sign_state="present")
    SurveyPhotoFactory(submission=visit, subject="sign")
    assert verdict_of(hazard) == "not_surveyed"

    accept_submission(reviewer=reviewer, public_id=visit.public_id)

    assert verdict_of(hazard) == "partly"
    seen = {row.duty: row for row in SafeguardObservation.objects.filter(hazard=hazard)}
    assert {duty: row.state for duty, row in seen.items()} == {
        "sign": "present",
        "barrier": "missing",
    }
    assert seen["sign"].source_kind == "submission"
    assert seen["sign"].source_uuid == visit.public_id
    assert seen["sign"].observer == visit.surveyor
    assert seen["sign"].observed_on == timezone.localdate(SEEN_AT)
    assert hazard.depth_observations.get().depth_class == "gt_2"
    photo = HazardPhoto.objects.get(hazard=hazard)
    assert (photo.image_name, photo.source_uuid) == ("ab/image.jpg", visit.public_id)
    event = ReviewEvent.objects.get(submission=visit)
    assert (event.to_state, event.reviewer) == ("accepted", reviewer)
    assert AuditEntry.objects.filter(verb="accept_submission", actor=reviewer).count() == 1


def test_a_new_place_enters_the_register(unit, reviewer):
    visit = SubmissionFactory(unit=unit, new_kind="pond", new_name="Ao Bà Năm")

    hazard = accept_submission(reviewer=reviewer, public_id=visit.public_id)

    visit.refresh_from_db()
    assert visit.hazard == hazard
    assert (hazard.name, hazard.kind, hazard.unit) == ("Ao Bà Năm", "pond", unit)
    assert (hazard.position_method, hazard.position_accuracy_m) == ("gps", 8.0)
    assert verdict_of(hazard) == "noncompliant"


def test_a_new_place_may_turn_out_to_be_a_known_one(unit, hazard, reviewer):
    visit = SubmissionFactory(unit=unit)

    accept_submission(reviewer=reviewer, public_id=visit.public_id, file_under=hazard)

    assert WaterHazard.objects.count() == 1
    assert verdict_of(hazard) == "noncompliant"


def test_what_nobody_looked_at_is_not_written(unit, hazard, reviewer):
    visit = SubmissionFactory(
        hazard=hazard,
        unit=unit,
        sign_state="not_checked",
        barrier_state="not_checked",
        depth_class="unknown",
    )

    accept_submission(reviewer=reviewer, public_id=visit.public_id)

    assert SafeguardObservation.objects.count() == 0
    assert hazard.depth_observations.count() == 0
    assert verdict_of(hazard) == "not_surveyed"


def test_a_filled_pond_leaves_the_scope(unit, hazard, reviewer):
    visit = SubmissionFactory(hazard=hazard, unit=unit, lifecycle="filled")

    accept_submission(reviewer=reviewer, public_id=visit.public_id)

    hazard.refresh_from_db()
    assert hazard.lifecycle == "filled"
    assert verdict_of(hazard) == "out_of_scope"


def test_a_clock_in_the_future_counts_as_the_day_of_arrival(unit, hazard, reviewer):
    visit = SubmissionFactory(
        hazard=hazard, unit=unit, captured_at=timezone.now() + timezone.timedelta(days=400)
    )

    accept_submission(reviewer=reviewer, public_id=visit.public_id)

    days = set(SafeguardObservation.objects.values_list("observed_on", flat=True))
    assert days == {timezone.localdate()}


def test_photos_that_failed_or_came_late_are_not_published(unit, hazard, reviewer):
    visit = SubmissionFactory(hazard=hazard, unit=unit)
    SurveyPhotoFactory(submission=visit, state="failed", image_name="")
    SurveyPhotoFactory(submission=visit, flags=["late"])

    accept_submission(reviewer=reviewer, public_id=visit.public_id)

    assert HazardPhoto.objects.count() == 0


def test_nothing_is_accepted_unseen(unit, reviewer):
    visit = SubmissionFactory(unit=unit)
    SurveyPhotoFactory(submission=visit)
    SurveyPhotoFactory(submission=visit, state="waiting")

    with pytest.raises(PhotosWaitingError, match="1 of 2 photos"):
        accept_submission(reviewer=reviewer, public_id=visit.public_id)
    assert WaterHazard.objects.count() == 0


def test_a_failure_on_the_way_leaves_everything_as_it_was(unit, reviewer, monkeypatch):
    visit = SubmissionFactory(unit=unit)

    def broken(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(publish_module, "record_depth", broken)
    with pytest.raises(RuntimeError):
        accept_submission(reviewer=reviewer, public_id=visit.public_id)

    visit.refresh_from_db()
    assert (visit.state, visit.hazard) == ("received", None)
    assert WaterHazard.objects.count() == 0
    assert SafeguardObservation.objects.count() == 0
    assert ReviewEvent.objects.count() == 0
    assert not AuditEntry.objects.filter(verb="accept_submission").exists()


def test_nobody_decides_about_his_own_survey(unit, reviewer):
    MembershipFactory(user=reviewer, role=Role.SURVEYOR, unit=unit)
    visit = SubmissionFactory(unit=unit, surveyor=reviewer)

    for decide in (accept_submission, return_submission, reject_submission):
        with pytest.raises(OwnSubmissionError):
            decide(reviewer=reviewer, public_id=visit.public_id, reason="x")


@pytest.mark.parametrize("role", [Role.SURVEYOR, Role.PLANNER, Role.INSPECTOR])
def test_who_does_not_review_sees_nothing_to_decide(role, unit):
    visit = SubmissionFactory(unit=unit)

    with pytest.raises(NotFoundError):
        accept_submission(reviewer=user_with_role(role, unit), public_id=visit.public_id)


def test_a_reviewer_of_another_commune_sees_nothing_to_decide(unit):
    stranger = user_with_role(Role.REVIEWER, UnitFactory(place=1))

    with pytest.raises(NotFoundError):
        accept_submission(reviewer=stranger, public_id=SubmissionFactory(unit=unit).public_id)
    with pytest.raises(NotFoundError):
        accept_submission(reviewer=stranger, public_id=uuid.uuid4())


@pytest.mark.parametrize("decide", [return_submission, reject_submission])
def test_return_and_reject_want_a_reason(decide, unit, reviewer):
    visit = SubmissionFactory(unit=unit)

    with pytest.raises(ReasonMissingError):
        decide(reviewer=reviewer, public_id=visit.public_id, reason="  ")
    decide(reviewer=reviewer, public_id=visit.public_id, reason="Ảnh mờ")

    assert visit.review_events.get().reason == "Ảnh mờ"


@pytest.mark.parametrize("state", ["accepted", "rejected", "returned"])
def test_a_decision_is_made_once(state, unit, reviewer):
    visit = SubmissionFactory(unit=unit, state=state)

    for decide in (accept_submission, return_submission, reject_submission):
        with pytest.raises(IllegalMoveError, match="cannot become"):
            decide(reviewer=reviewer, public_id=visit.public_id, reason="x")
    assert ReviewEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_publish_once():
    unit = UnitFactory(place=0)
    visit = SubmissionFactory(unit=unit)
    reviewers = [user_with_role(Role.REVIEWER, unit) for _ in range(4)]
    errors = []

    def accept(reviewer):
        try:
            accept_submission(reviewer=reviewer, public_id=visit.public_id)
        except IllegalMoveError as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=[reviewer]) for reviewer in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert WaterHazard.objects.count() == 1
    assert len(errors) == 3


def test_a_survey_whose_photos_are_still_on_the_phone_is_accepted_only_with_a_reason():
    visit = SubmissionFactory(photos_expected=2)
    SurveyPhotoFactory(submission=visit, state="done")
    reviewer = user_with_role(Role.REVIEWER, visit.unit)

    with pytest.raises(PhotosMissingError, match="1 of 2"):
        accept_submission(reviewer=reviewer, public_id=visit.public_id)
    accept_submission(
        reviewer=reviewer, public_id=visit.public_id, reason="điện thoại bị mất, ảnh đủ rõ"
    )

    visit.refresh_from_db()
    assert visit.state == "accepted"
