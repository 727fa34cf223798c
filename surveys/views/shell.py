"""What every phone page shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from surveys.models import SubmissionState
from surveys.selectors.sent import counts_of


def phone_context(request: HttpRequest, active: str) -> dict[str, Any]:
    """Return the bottom bar: three ways, and how many surveys wait to be sent again."""
    counts = counts_of(request.user)  # type: ignore[arg-type]
    return {
        "phone_nav": {
            "near_url": reverse("surveys:near_me"),
            "capture_url": reverse("surveys:capture"),
            "outbox_url": reverse("surveys:sent"),
            "active": active,
            "outbox_count": counts[SubmissionState.RETURNED],
        },
        "counts": counts,
    }
