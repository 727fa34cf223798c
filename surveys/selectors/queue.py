"""What waits for a reviewer."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.scoping import AreaScope
from places.models import AdminUnit
from surveys.models import (
    OPEN_STATES,
    ProcessingState,
    Submission,
    SubmissionState,
    SurveyPhoto,
)

COUNTED_TO = 5000


def submissions_to_review(
    scope: AreaScope,
    *,
    unit: AdminUnit | None = None,
    state: str = SubmissionState.RECEIVED,
    waiting_days: int = 0,
) -> QuerySet[Submission]:
    """Return the surveys in ``scope`` in one state, the longest waiting first.

    waiting_days  keep those that were received at least so many days ago
    Each has ``photos_total`` and ``photos_waiting``.
    """
    found = _in_area(scope, unit).filter(state=state)
    if waiting_days > 0:
        found = found.filter(received_at__lte=timezone.now() - timedelta(days=waiting_days))
    return (
        found.select_related("hazard", "unit", "surveyor")
        .defer("unit__geometry")
        .annotate(photos_total=_photos(), photos_waiting=_photos(state=ProcessingState.WAITING))
        .order_by("received_at", "pk")
    )


def _photos(**condition: str) -> Coalesce:
    """Count the photos of a row by itself: of the rows of a page, not of all that wait."""
    rows = SurveyPhoto.objects.filter(submission=OuterRef("pk"), **condition).order_by()
    counted = rows.values("submission").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def counts_by_state(scope: AreaScope, *, unit: AdminUnit | None = None) -> dict[str, int]:
    """Return {state: surveys} for every state; COUNTED_TO + 1 stands for any larger number.

    Years of accepted surveys are not counted through for a number that nobody acts on.
    """
    rows = _in_area(scope, unit).order_by()
    return {
        state: rows.filter(state=state).values("pk")[: COUNTED_TO + 1].count()
        for state in SubmissionState.values
    }


def oldest_waiting_days(scope: AreaScope, *, unit: AdminUnit | None = None) -> int | None:
    """Return whole days the longest waiting survey has waited; None when nothing waits."""
    rows = _in_area(scope, unit).order_by("received_at").values_list("received_at", flat=True)
    firsts = [rows.filter(state=state).first() for state in OPEN_STATES]  # each by the index
    oldest = min((first for first in firsts if first), default=None)
    return (timezone.now() - oldest).days if oldest else None


def neighbours(
    scope: AreaScope, submission: Submission
) -> tuple[Submission | None, Submission | None]:
    """Return the surveys of its queue before and after this one, in the order of the queue."""
    same = submission.state if submission.state in OPEN_STATES else SubmissionState.RECEIVED
    waiting = Submission.objects.in_scope(scope).filter(state=same)
    others = waiting.exclude(pk=submission.pk)
    at = submission.received_at
    earlier = Q(received_at__lt=at) | Q(received_at=at, pk__lt=submission.pk)
    before = others.filter(earlier).order_by("-received_at", "-pk").first()
    after = others.exclude(earlier).order_by("received_at", "pk").first()
    return before, after


def _in_area(scope: AreaScope, unit: AdminUnit | None) -> QuerySet[Submission]:
    found = Submission.objects.in_scope(scope)
    return found.within_unit(unit) if unit is not None else found


__all__ = [
    "counts_by_state",
    "neighbours",
    "oldest_waiting_days",
    "submissions_to_review",
]
