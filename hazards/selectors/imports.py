"""The files that somebody brought."""

from typing import Any

from django.db.models import QuerySet

from hazards.models import ImportJob


def imports_of(user: Any) -> QuerySet[ImportJob]:
    """Return the user's own imports, the newest first; an import is nobody else's business."""
    return ImportJob.objects.filter(actor=user).order_by("-created_at", "-pk")
