"""What became of a surveyor's visits, and which phones are silent."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.roles import Action
from accounts.scoping import scope_for
from field.models import Device, FieldVisit
from surveys.models import SubmissionState
from surveys.services.receipts import short_code
from surveys.services.resend import last_return

LATEST = 300


def states_for(user: User) -> list[dict[str, Any]]:
    """Return id, state, photos here and missing of the last visits; the reason where returned."""
    visits = (
        FieldVisit.objects.filter(submission__surveyor=user)
        .select_related("submission")
        .annotate(
            here=Count("files", filter=Q(files__received_at__isnull=False)),
            missing=Count("files", filter=Q(files__received_at__isnull=True)),
        )
        .order_by("-pk")[:LATEST]
    )
    return [_state(visit) for visit in visits]


def _state(visit: Any) -> dict[str, Any]:
    submission = visit.submission
    returned = submission.state == SubmissionState.RETURNED
    event = last_return(submission) if returned else None
    return {
        "id": str(visit.client_uuid),
        "state": submission.state,
        "here": visit.here,
        "missing": visit.missing,
        "review_code": short_code(submission),
        "reason": event.reason if event else "",
        "mend": str(submission.public_id) if returned else "",
    }


def devices_in(user: User) -> QuerySet[Device]:
    """Return the phones of people who survey in the area that ``user`` reviews."""
    area = scope_for(user, Action.REVIEW).q("user__memberships__unit")
    return Device.objects.filter(area).select_related("user").distinct()
