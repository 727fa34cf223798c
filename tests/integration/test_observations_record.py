"""What is seen of a hazard changes its verdict at once; what cannot be is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from hazards import errors
from hazards.models import DepthObservation, SafeguardObservation
from hazards.services.observations import (
    record_depth,
    record_safeguard_state,
)
from hazards.services.safeguards import add_safeguard, remove_safeguard
from hazards.signals import hazards_changed
from tests.factories.accounts import UserFactory
from tests.factories.hazards import HazardFactory, SafeguardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pond():
    return HazardFactory()


@pytest.fixture
def today():
    return timezone.localdate()


def see(hazard, duty, state, on, **more):
    return record_safeguard_state(
        hazard=hazard, duty=duty, state=state, observed_on=on, source_kind="office", **more
    )


def verdict(hazard) -> str:
    hazard.refresh_from_db()
    return hazard.assessment.verdict


def test_sign_and_barrier_in_place_make_a_pond_compliant(pond, today):
    see(pond, "sign", "present", today)
    assert verdict(pond) == "not_surveyed"  # nobody has looked at the barrier
    see(pond, "barrier", "present", today)
    assert verdict(pond) == "compliant"


def test_a_fence_that_falls_turns_the_verdict_and_tells_who_listens(
    pond, today, django_capture_on_commit_callbacks
):
    heard = []

    def listen(*, hazard_ids, **_more):
        heard.append(hazard_ids)

    hazards_changed.connect(listen)
    see(pond, "sign", "present", today - timedelta(days=9))
    see(pond, "barrier", "present", today - timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        see(pond, "barrier", "damaged", today, condition="collapsed")
    hazards_changed.disconnect(listen)

    assert verdict(pond) == "partly"
    assert heard == [[pond.pk]]


def test_an_observation_is_audited_with_who_and_what(pond, today):
    inspector = UserFactory()
    seen = see(pond, "sign", "missing", today, observer=inspector)

    entry = AuditEntry.objects.get(verb="record_safeguard_state")
    assert (entry.actor, entry.target_id) == (inspector, str(pond.public_id))
    assert entry.facts["observation"] == str(seen.public_id)
    assert entry.facts["state"] == "missing"


def test_depth_in_metres_decides_over_the_class_given(today):
    pond = HazardFactory(depth_class="unknown")
    see(pond, "sign", "missing", today)
    assert verdict(pond) == "depth_unknown"
    record_depth(
        hazard=pond, observed_on=today, source_kind="office", depth_class="gt_2", depth_m=0.9
    )

    assert verdict(pond) == "out_of_scope"
    assert pond.assessment.depth_class == "0_5_to_1"
    assert float(pond.assessment.depth_m) == 0.9


def test_a_safeguard_counts_only_once_it_is_seen(pond, today):
    fence = add_safeguard(hazard=pond, kind="fence", actor=None, label="phía đường")
    see(pond, "sign", "present", today)
    assert verdict(pond) == "not_surveyed"
    see(pond, "barrier", "present", today, safeguard=fence)
    assert verdict(pond) == "compliant"


def test_what_was_seen_of_a_removed_safeguard_counts_no_more(pond, today):
    fence = add_safeguard(hazard=pond, kind="fence", actor=None)
    see(pond, "sign", "present", today)
    see(pond, "barrier", "present", today, safeguard=fence)
    remove_safeguard(safeguard=fence, removed_on=today, actor=None)

    assert verdict(pond) == "not_surveyed"


def test_a_boundary_marker_is_not_a_sign(pond, today):
    marker = SafeguardFactory(hazard=pond, kind="marker_boundary")

    with pytest.raises(errors.NoDutyError, match="protection-zone marker"):
        see(pond, "sign", "present", today, safeguard=marker)
    assert not SafeguardObservation.objects.exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"duty": "moat"}, errors.UnknownWordError),
        ({"state": "gone"}, errors.UnknownWordError),
        ({"condition": "blue"}, errors.UnknownWordError),
        ({"condition": "collapsed"}, errors.ContradictionError),
        ({"duty": "barrier", "coverage_share": 0.8}, errors.ContradictionError),
        ({"on": timezone.localdate() + timedelta(days=1)}, errors.FutureDateError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(pond, today, values, error):
    given = {"hazard": pond, "duty": "sign", "state": "present", "on": today} | values

    with pytest.raises(error):
        see(**given)
    assert not SafeguardObservation.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_safeguard_of_another_hazard_is_refused(pond, today):
    with pytest.raises(errors.OtherHazardError, match=pond.code):
        see(pond, "sign", "present", today, safeguard=SafeguardFactory())


def test_a_removed_safeguard_is_not_seen_again(pond, today):
    sign = SafeguardFactory(hazard=pond, removed_on=today - timedelta(days=1))

    with pytest.raises(errors.SafeguardRemovedError):
        see(pond, "sign", "present", today, safeguard=sign)


@pytest.mark.parametrize("depth_m", [-1, 301, float("nan"), float("inf")])
def test_an_impossible_depth_is_refused(pond, today, depth_m):
    with pytest.raises(errors.DepthError):
        record_depth(hazard=pond, observed_on=today, source_kind="office", depth_m=depth_m)
    assert not DepthObservation.objects.exists()
