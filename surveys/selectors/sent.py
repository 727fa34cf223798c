"""What a surveyor sent, and what became of it."""

from __future__ import annotations

from django.db.models import Count, Q

from accounts.models import User
from surveys.models import ProcessingState, Submission, SubmissionState, SurveyPhoto
from surveys.services.resend import last_return

SHOWN = 60


def sent_by(user: User) -> list[Submission]:
    """Return the user's surveys, those to be mended first, then the newest.

    Each has ``photos_total`` and ``why``: the reviewer's newest words, empty where there are none.
    """
    rows = list(
        Submission.objects.filter(surveyor=user)
        .select_related("hazard", "unit")
        .prefetch_related("review_events")
        .annotate(photos_total=Count("photos"))
        .order_by("-received_at")[:SHOWN]
    )
    for row in rows:
        events = list(row.review_events.all())
        row.why = events[-1].reason if events else ""  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: row.state != SubmissionState.RETURNED)


def counts_of(user: User) -> dict[str, int]:
    """Return {state: surveys} of what the user sent, all states named."""
    found = dict(
        Submission.objects.filter(surveyor=user)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    return {state: found.get(state, 0) for state in SubmissionState.values}


def photos_of(submission: Submission) -> list[SurveyPhoto]:
    return list(submission.photos.order_by("pk"))


def waiting_photos(submission: Submission) -> int:
    return submission.photos.filter(Q(state=ProcessingState.WAITING)).count()


__all__ = ["counts_of", "last_return", "photos_of", "sent_by", "waiting_photos"]
