"""A returned survey, mended and sent again under the same id."""

from __future__ import annotations

import uuid
from typing import Any

from accounts.audit import record
from accounts.models import User
from surveys.models import ReviewEvent, Submission, SubmissionState

_SAID = (
    "sign_state",
    "barrier_state",
    "cover_state",
    "depth_class",
    "depth_method",
    "lifecycle",
    "note",
    "content_sha256",
)


def last_return(submission: Submission) -> ReviewEvent | None:
    """Return the event that sent the survey back, the newest if there are several."""
    events = submission.review_events.filter(to_state=SubmissionState.RETURNED)
    return events.order_by("-at", "-pk").first()


def is_answer_to_return(submission: Submission, mends: uuid.UUID | None) -> bool:
    """Say whether a repeat is the mended survey, not a late echo of the one that was returned.

    The page of a returned survey carries the id of the return it answers; an echo carries none, or
    that of an earlier return.
    """
    if submission.state != SubmissionState.RETURNED or mends is None:
        return False
    event = last_return(submission)
    return event is not None and event.public_id == mends


def resend(submission: Submission, *, surveyor: User, values: dict[str, Any]) -> None:
    """Put the mended answers in place of the old ones, which stay in the audit trail.

    The page that mends does not ask the full form: what the phone said there stays.
    """
    before = {name: getattr(submission, name) for name in _SAID}
    for name, value in values.items():
        if value != {}:
            setattr(submission, name, value)
    submission.state = SubmissionState.RECEIVED
    submission.save()
    record(
        actor=surveyor,
        verb="resend_submission",
        target_kind="submission",
        target_id=submission.public_id,
        before=before,
    )
