"""A survey that was returned: mended under its own id, echoes told apart, nothing taken back."""

import uuid

import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from surveys.models import Submission
from surveys.services.answers import Answers
from surveys.services.intake import receive_submission
from surveys.services.resend import last_return
from surveys.services.review import reject_submission, return_submission
from tests.factories.accounts import user_with_role
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    SEEN_AT,
    photo_bytes,
    sent_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def reviewer(unit):
    return user_with_role(Role.REVIEWER, unit)


@pytest.fixture
def returned(unit, reviewer):
    """A survey that was sent and returned, and a way to send under its id again."""
    surveyor = user_with_role(Role.SURVEYOR, unit)
    client_uuid, data = uuid.uuid4(), photo_bytes()

    def send(answers: Answers, photos=(data,)) -> Submission:
        return receive_submission(
            surveyor=surveyor,
            client_uuid=client_uuid,
            answers=answers,
            position=unit.geometry.point_on_surface,
            accuracy_m=5.0,
            captured_at=SEEN_AT,
            files=[sent_file(photo) for photo in photos],
        )[0]

    visit = send(Answers(new_kind="pond", sign_state="present"))
    return_submission(reviewer=reviewer, public_id=visit.public_id, reason="Chưa thấy biển")
    visit.refresh_from_db()
    return visit, send


def test_a_mended_survey_waits_for_review_again(returned):
    visit, send = returned
    mends = last_return(visit).public_id

    send(
        Answers(new_kind="pond", sign_state="missing", mends=mends),
        photos=[photo_bytes(colour=(9, 9, 9))],
    )

    visit.refresh_from_db()
    assert (visit.state, visit.sign_state) == ("received", "missing")
    assert visit.photos.count() == 2
    before = AuditEntry.objects.get(verb="resend_submission").facts["before"]
    assert before["sign_state"] == "present"


def test_a_late_echo_of_the_first_send_mends_nothing(returned):
    visit, send = returned

    send(Answers(new_kind="pond", sign_state="present"))

    visit.refresh_from_db()
    assert visit.state == "returned"


def test_an_echo_of_a_mended_send_does_not_undo_the_second_return(returned, reviewer):
    visit, send = returned
    first = Answers(new_kind="pond", sign_state="missing", mends=last_return(visit).public_id)
    send(first)
    return_submission(reviewer=reviewer, public_id=visit.public_id, reason="Vẫn mờ")

    send(first)

    visit.refresh_from_db()
    assert visit.state == "returned"


def test_photos_that_come_after_the_decision_are_kept_and_told(returned, reviewer):
    visit, send = returned
    mends = last_return(visit).public_id
    send(Answers(new_kind="pond", sign_state="missing", mends=mends))
    reject_submission(reviewer=reviewer, public_id=visit.public_id, reason="Trùng")

    send(Answers(new_kind="pond"), photos=[photo_bytes(colour=(7, 7, 7))])

    visit.refresh_from_db()
    assert visit.state == "rejected"
    assert visit.photos.order_by("pk").last().flags == ["late"]


def test_mending_on_the_page_keeps_what_the_full_form_said(returned):
    """The page asks less than the phone: what it does not ask is not taken back."""
    visit, send = returned
    said = {"max_depth_m": 2.4, "nearest_house_m": 40}
    Submission.objects.filter(pk=visit.pk).update(
        details=said, skipped_shots={"barrier": "too_dark"}
    )

    send(Answers(new_kind="pond", sign_state="missing", mends=last_return(visit).public_id))

    visit.refresh_from_db()
    assert (visit.sign_state, visit.details) == ("missing", said)
    assert visit.skipped_shots == {"barrier": "too_dark"}
