"""One decision about many surveys: each is decided by itself, and each says what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accounts.models import User
from common.errors import DomainError
from surveys.access import submission_to_review
from surveys.errors import LookFirstError
from surveys.models import Submission, SubmissionState
from surveys.services.review import accept_submission, reject_submission, return_submission
from surveys.words import QUIET_FLAGS

MOST: Final = 100
ACCEPT, RETURN, REJECT = "accept", "return", "reject"


@dataclass(frozen=True)
class Outcome:
    """``problem`` is empty where the decision was carried out."""

    submission: Submission
    problem: str

    @property
    def is_done(self) -> bool:
        return not self.problem


def decide_many(
    *, reviewer: User, public_ids: Sequence[uuid.UUID], decision: str, reason: str = ""
) -> list[Outcome]:
    """Decide up to 100 surveys, each in its own transaction, and answer for each in their order.

    Accepting needs photos that raise no doubt: one with a flag, without photos, or of a place that
    is not in the register yet has to be opened. Raises NotFoundError where one is absent or
    forbidden; then nothing is decided.
    """
    chosen = [submission_to_review(reviewer, public_id) for public_id in public_ids[:MOST]]
    return [_decide(reviewer, submission, decision, reason) for submission in chosen]


def _decide(reviewer: User, submission: Submission, decision: str, reason: str) -> Outcome:
    asked = submission.public_id
    try:
        if decision == RETURN:
            return_submission(reviewer=reviewer, public_id=asked, reason=reason)
        elif decision == REJECT:
            reject_submission(reviewer=reviewer, public_id=asked, reason=reason)
        else:
            _refuse_doubts(submission)
            accept_submission(reviewer=reviewer, public_id=asked, reason=reason)
    except DomainError as problem:
        return Outcome(submission, str(problem))
    submission.refresh_from_db()
    return Outcome(submission, "")


def _refuse_doubts(submission: Submission) -> None:
    """Raise LookFirstError for what nobody should accept from a list."""
    flags = [set(photo.flags) - set(QUIET_FLAGS) for photo in submission.photos.all()]
    is_new = submission.hazard_id is None and submission.state == SubmissionState.RECEIVED
    if is_new or not flags or any(flags):
        raise LookFirstError
