"""When one reviewer is not enough: what a wrong acceptance would leave children with."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from hazards.models import HazardAssessment, WaterHazard
from hazards.taxonomy import UNPROTECTED
from surveys.models import ReviewEvent, Submission, SubmissionState


@dataclass(frozen=True)
class Stakes:
    """What stands in the register before a decision. ``children_near`` None: not worked out."""

    is_listed: bool
    children_near: float | None

    def need_a_second(self, hazard: WaterHazard) -> bool:
        """Say whether the water, as published now, left the list with many children near it.

        Off the list is whatever makes it count as protected or out of scope: sign and barrier seen,
        filled in, not found, shallow.
        """
        limit = settings.FOUR_EYES_CHILDREN
        if not limit or not self.is_listed or (self.children_near or 0.0) < limit:
            return False
        now = HazardAssessment.objects.filter(hazard=hazard).values_list("verdict", flat=True)
        return now.first() not in UNPROTECTED


def stakes_of(hazard: WaterHazard | None) -> Stakes:
    """Return what is known of a hazard; a new place has no stakes: it can only be added."""
    kept = HazardAssessment.objects.filter(hazard=hazard).first() if hazard else None
    if kept is None:
        return Stakes(is_listed=False, children_near=None)
    return Stakes(kept.verdict in UNPROTECTED, kept.children_near)


def first_reviewer_id(submission: Submission) -> int | None:
    """Return who accepted a seconded survey first; None where it is not seconded."""
    if submission.state != SubmissionState.SECONDED:
        return None
    events = ReviewEvent.objects.filter(submission=submission, to_state=SubmissionState.SECONDED)
    return events.order_by("-at", "-pk").values_list("reviewer_id", flat=True).first()
