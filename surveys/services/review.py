"""What a reviewer may decide, from which state. One decision is one transaction.

received -> accepted, returned, rejected;  returned -> received (sent again);  the rest is final.
Where much hangs on it, accepting makes it "seconded" first; another reviewer must accept as well.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.roles import Action
from accounts.scoping import scope_for
from common.errors import NotFoundError
from hazards.models import WaterHazard
from surveys.errors import (
    IllegalMoveError,
    OwnSubmissionError,
    PhotosMissingError,
    PhotosWaitingError,
    ReasonMissingError,
    SecondReviewerError,
)
from surveys.models import ProcessingState, ReviewEvent, Submission, SubmissionState
from surveys.services.four_eyes import first_reviewer_id, stakes_of
from surveys.services.publish import publish

State = SubmissionState
MOVES: dict[str, frozenset[str]] = {
    State.RECEIVED: frozenset({State.ACCEPTED, State.RETURNED, State.REJECTED}),
    State.SECONDED: frozenset({State.ACCEPTED, State.RETURNED, State.REJECTED}),
    State.RETURNED: frozenset({State.RECEIVED}),  # by intake, when it is sent again
    State.ACCEPTED: frozenset(),
    State.REJECTED: frozenset(),
}
_VERBS = {
    State.SECONDED: "second_submission",
    State.ACCEPTED: "accept_submission",
    State.RETURNED: "return_submission",
    State.REJECTED: "reject_submission",
}


@transaction.atomic
def accept_submission(
    *,
    reviewer: User,
    public_id: uuid.UUID,
    reason: str = "",
    file_under: WaterHazard | None = None,
) -> WaterHazard:
    """Publish a survey into the register and return its hazard.

    ``file_under`` takes a survey of a "new" place as one of a hazard that exists already. Refused
    while photos are being prepared: nobody accepts what he cannot see yet. A survey that would take
    a water with many children near off the list is published when a second reviewer accepts it;
    until then the register stays as it is and the survey is "seconded".
    """
    submission = _lock(reviewer, public_id, to_state=State.ACCEPTED)
    _refuse_waiting_photos(submission, reason)
    is_second = submission.state == State.SECONDED
    if is_second and first_reviewer_id(submission) == reviewer.pk:
        raise SecondReviewerError
    stakes = stakes_of(submission.hazard or file_under)
    try:
        with transaction.atomic():
            hazard = publish(submission=submission, reviewer=reviewer, file_under=file_under)
            if not is_second and stakes.need_a_second(hazard):
                raise _NeedsSecondError(hazard)
    except _NeedsSecondError as undone:
        submission.refresh_from_db()
        _decide(submission, reviewer, State.SECONDED, reason, hazard=undone.hazard.code)
        return undone.hazard
    _decide(submission, reviewer, State.ACCEPTED, reason, hazard=hazard.code)
    return hazard


class _NeedsSecondError(Exception):
    """Undoes what was published, for a second reviewer to do it again."""

    def __init__(self, hazard: WaterHazard) -> None:
        super().__init__(hazard.code)
        self.hazard = hazard


@transaction.atomic
def return_submission(*, reviewer: User, public_id: uuid.UUID, reason: str) -> Submission:
    """Send a survey back to its surveyor, who is told the reason and may mend it."""
    return _close_without_publishing(reviewer, public_id, State.RETURNED, reason)


@transaction.atomic
def reject_submission(*, reviewer: User, public_id: uuid.UUID, reason: str) -> Submission:
    """Refuse a survey for good; it stays readable with its photos and the reason."""
    return _close_without_publishing(reviewer, public_id, State.REJECTED, reason)


def _close_without_publishing(
    reviewer: User, public_id: uuid.UUID, to_state: SubmissionState, reason: str
) -> Submission:
    submission = _lock(reviewer, public_id, to_state=to_state)
    if not reason.strip():
        raise ReasonMissingError
    _decide(submission, reviewer, to_state, reason)
    return submission


def _lock(reviewer: User, public_id: uuid.UUID, *, to_state: SubmissionState) -> Submission:
    """Lock and return a survey that ``reviewer`` may move to ``to_state``; absent = forbidden."""
    visible = Submission.objects.in_scope(scope_for(reviewer, Action.REVIEW))
    submission = visible.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if submission is None:
        raise NotFoundError
    if submission.surveyor_id == reviewer.pk:
        raise OwnSubmissionError
    if to_state not in MOVES[submission.state]:
        raise IllegalMoveError(
            from_state=submission.get_state_display(), to_state=State(to_state).label
        )
    return submission


def _refuse_waiting_photos(submission: Submission, reason: str) -> None:
    states = list(submission.photos.values_list("state", flat=True))
    if len(states) < submission.photos_expected and not reason.strip():
        raise PhotosMissingError(here=len(states), expected=submission.photos_expected)
    waiting = states.count(ProcessingState.WAITING)
    if waiting:
        raise PhotosWaitingError(count=waiting, total=len(states))


def _decide(
    submission: Submission, reviewer: User, to_state: SubmissionState, reason: str, **facts: str
) -> None:
    submission.state = to_state
    submission.save(update_fields=["state", "hazard", "unit", "updated_at"])
    ReviewEvent.objects.create(
        submission=submission, reviewer=reviewer, to_state=to_state, reason=reason.strip()
    )
    record(
        actor=reviewer,
        verb=_VERBS[to_state],
        target_kind="submission",
        target_id=submission.public_id,
        reason=reason.strip(),
        **facts,
    )
