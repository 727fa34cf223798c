"""What waits for a reviewer."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.scoping import AreaScope
from places.models import AdminUnit
from surveys.models import ProcessingState, Submission, SubmissionState


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
    waiting = Q(photos__state=ProcessingState.WAITING)
    return (
        found.select_related("hazard", "unit", "surveyor")
        .annotate(photos_total=Count("photos"), photos_waiting=Count("photos", filter=waiting))
        .order_by("received_at", "pk")
    )


def counts_by_state(scope: AreaScope, *, unit: AdminUnit | None = None) -> dict[str, int]:
    """Return {state: surveys} for every state, zero included."""
    rows = _in_area(scope, unit).order_by().values_list("state").annotate(n=Count("pk"))
    found = dict(rows)
    return {state: found.get(state, 0) for state in SubmissionState.values}


def oldest_waiting_days(scope: AreaScope, *, unit: AdminUnit | None = None) -> int | None:
    """Return whole days the longest waiting survey has waited; None when nothing waits."""
    found = _in_area(scope, unit).filter(state=SubmissionState.RECEIVED)
    oldest = found.order_by("received_at").values_list("received_at", flat=True).first()
    return (timezone.now() - oldest).days if oldest else None


def neighbours(
    scope: AreaScope, submission: Submission
) -> tuple[Submission | None, Submission | None]:
    """Return the waiting surveys before and after this one, in the order of the queue."""
    waiting = Submission.objects.in_scope(scope).filter(state=SubmissionState.RECEIVED)
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
