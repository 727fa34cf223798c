"""Two reviewers where many children hang on it, and one decision about many surveys."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Action, Role
from accounts.scoping import scope_for
from common.errors import NotFoundError
from common.layers import registered
from hazards.models import HazardAssessment, SafeguardObservation
from hazards.services.assessment import assess
from surveys.errors import IllegalMoveError, SecondReviewerError
from surveys.models import ReviewEvent, Submission
from surveys.selectors.queue import oldest_waiting_days
from surveys.services.bulk import decide_many
from surveys.services.review import accept_submission, return_submission
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import SubmissionFactory, SurveyPhotoFactory

pytestmark = pytest.mark.django_db
SAFE = {"sign_state": "present", "barrier_state": "present"}


@pytest.fixture
def unit():
    return UnitFactory(place=0)


@pytest.fixture
def reviewers(unit):
    return [user_with_role(Role.REVIEWER, unit) for _ in range(2)]


@pytest.fixture
def visit_of(unit):
    """Make a survey of a registered pond with so many children near it."""

    def one(children, **said):
        hazard = HazardFactory(unit=unit)
        assess([hazard.pk])
        HazardAssessment.objects.filter(hazard=hazard).update(
            children_near=children, children_near_m=200
        )
        visit = SubmissionFactory(hazard=hazard, unit=unit, **(SAFE | said))
        SurveyPhotoFactory(submission=visit, subject="site")
        return visit

    return one


def state_of(visit):
    return Submission.objects.get(pk=visit.pk).state


def verdict_of(visit):
    return HazardAssessment.objects.get(hazard=visit.hazard).verdict


def test_a_water_with_many_children_leaves_the_list_by_two_people(visit_of, reviewers):
    first, second = reviewers
    visit = visit_of(100.0)

    accept_submission(reviewer=first, public_id=visit.public_id)

    assert (state_of(visit), verdict_of(visit)) == ("seconded", "not_surveyed")
    assert not SafeguardObservation.objects.filter(hazard=visit.hazard).exists()
    assert not visit.hazard.photos.exists()
    with pytest.raises(SecondReviewerError):
        accept_submission(reviewer=first, public_id=visit.public_id)

    accept_submission(reviewer=second, public_id=visit.public_id)

    assert (state_of(visit), verdict_of(visit)) == ("accepted", "compliant")
    decisions = ReviewEvent.objects.filter(submission=visit).order_by("pk")
    assert [(event.to_state, event.reviewer) for event in decisions] == [
        ("seconded", first), ("accepted", second),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("children", "said"),
    [
        (99.9, {}),  # few children
        (None, {}),  # nobody has worked it out
        (5000.0, {"barrier_state": "missing"}),  # stays on the list
        (5000.0, {"sign_state": "missing", "barrier_state": "missing"}),
    ],
)
def test_one_reviewer_is_enough_where_little_hangs_on_it(visit_of, reviewers, children, said):
    visit = visit_of(children, **said)
    accept_submission(reviewer=reviewers[0], public_id=visit.public_id)
    assert state_of(visit) == "accepted"


@pytest.mark.parametrize("lifecycle", ["filled", "not_found"])
def test_a_water_said_to_be_gone_asks_for_two(visit_of, reviewers, lifecycle):
    nothing = {"sign_state": "not_checked", "barrier_state": "not_checked"}
    visit = visit_of(300.0, lifecycle=lifecycle, **nothing)
    accept_submission(reviewer=reviewers[0], public_id=visit.public_id)
    visit.hazard.refresh_from_db()
    assert (state_of(visit), visit.hazard.lifecycle) == ("seconded", "in_use")
    accept_submission(reviewer=reviewers[1], public_id=visit.public_id)
    visit.hazard.refresh_from_db()
    assert (state_of(visit), visit.hazard.lifecycle) == ("accepted", lifecycle)


def test_the_second_may_send_it_back_and_the_number_is_a_setting(visit_of, reviewers, settings):
    visit = visit_of(300.0)
    accept_submission(reviewer=reviewers[0], public_id=visit.public_id)
    return_submission(reviewer=reviewers[1], public_id=visit.public_id, reason="ảnh mờ")
    assert state_of(visit) == "returned"
    with pytest.raises(IllegalMoveError):
        accept_submission(reviewer=reviewers[1], public_id=visit.public_id)

    settings.FOUR_EYES_CHILDREN = 0
    alone = visit_of(90_000.0)
    accept_submission(reviewer=reviewers[0], public_id=alone.public_id)
    assert state_of(alone) == "accepted"


def test_the_desk_says_what_it_waits_for(visit_of, reviewers, client):
    visit = visit_of(300.0)
    client.force_login(reviewers[0])
    url = reverse("surveys:review", args=[visit.public_id])
    answer = client.post(
        reverse("surveys:decide", args=[visit.public_id]), {"decision": "accept"}, follow=True
    )
    assert "a second reviewer decides" in answer.content.decode()
    own = client.get(url).content.decode()
    assert "another reviewer must accept it as well" in own
    assert 'name="decision"' not in own

    client.force_login(reviewers[1])
    others = client.get(url).content.decode()
    assert "look at it as if nobody had" in others
    assert 'name="decision"' in others
    queue = client.get(reverse("surveys:queue"), {"state": "seconded"}).content.decode()
    assert str(visit.public_id) in queue


def test_many_are_decided_one_by_one_and_each_says_what_became_of_it(visit_of, reviewers, unit):
    plain, risky, doubtful = visit_of(5.0), visit_of(300.0), visit_of(5.0)
    doubtful.photos.update(flags=["far_from_fix"])
    new = SubmissionFactory(unit=unit, new_kind="pond", **SAFE)
    own = SubmissionFactory(hazard=plain.hazard, unit=unit, surveyor=reviewers[0])
    for visit in (new, own):
        SurveyPhotoFactory(submission=visit)
    bare = SubmissionFactory(hazard=plain.hazard, unit=unit)
    asked = [plain, risky, doubtful, new, own, bare]

    told = decide_many(
        reviewer=reviewers[0], public_ids=[one.public_id for one in asked], decision="accept"
    )

    assert [outcome.is_done for outcome in told] == [True, True, False, False, False, False]
    assert [state_of(one) for one in asked] == [
        "accepted", "seconded", "received", "received", "received", "received",
    ]  # fmt: skip
    assert [outcome.problem.startswith("Open it") for outcome in told[2:]] == [
        True, True, False, True,
    ]  # fmt: skip
    both = [doubtful.public_id, bare.public_id]
    silent = decide_many(reviewer=reviewers[1], public_ids=both, decision="return")
    assert not any(outcome.is_done for outcome in silent)  # no reason was given
    back = decide_many(reviewer=reviewers[1], public_ids=both, decision="return", reason="chụp lại")
    assert [state_of(doubtful), state_of(bare)] == ["returned", "returned"]
    assert all(outcome.is_done for outcome in back)


def test_one_of_another_area_stops_all_before_any_is_decided(visit_of, reviewers):
    mine = visit_of(5.0)
    other = SubmissionFactory(unit=UnitFactory(place=1))
    with pytest.raises(NotFoundError):
        decide_many(
            reviewer=reviewers[0], public_ids=[mine.public_id, other.public_id], decision="accept"
        )
    assert state_of(mine) == "received"


def test_the_queue_offers_boxes_and_shows_the_answers(visit_of, reviewers, client, unit):
    visits = [visit_of(5.0), visit_of(5.0)]
    own = SubmissionFactory(hazard=visits[0].hazard, unit=unit, surveyor=reviewers[0])
    client.force_login(reviewers[0])
    page = client.get(reverse("surveys:queue")).content.decode()
    for visit in visits:
        assert f'name="survey" value="{visit.public_id}"' in page
    assert f'name="survey" value="{own.public_id}"' not in page
    closed = client.get(reverse("surveys:queue"), {"state": "accepted"})
    assert 'name="survey"' not in closed.content.decode()

    many = reverse("surveys:decide_many")
    chosen = [str(visit.public_id) for visit in visits]
    answer = client.post(many, {"survey": chosen, "decision": "accept"})
    assert "2 of 2 were decided" in answer.content.decode()
    assert client.post(many, {"survey": ["no-id"], "decision": "accept"}).status_code == 400


def test_the_queue_asks_the_database_as_often_for_few_as_for_many(visit_of, reviewers, client):
    client.force_login(reviewers[0])
    counts = []
    for more in (2, 6):
        for _ in range(more):
            visit_of(5.0)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("surveys:queue"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_survey_that_waits_for_a_second_reviewer_still_waits(visit_of, reviewers, unit):
    """On the reviewers' layer of the map, and in the days of the longest waiting."""
    visit = visit_of(500)
    Submission.objects.filter(pk=visit.pk).update(received_at=timezone.now() - timedelta(days=9))
    accept_submission(reviewer=reviewers[0], public_id=visit.public_id)
    assert state_of(visit) == "seconded"
    assert list(registered()["surveys_waiting"].queryset(reviewers[1])) == [visit]
    assert oldest_waiting_days(scope_for(reviewers[1], Action.REVIEW)) == 9
