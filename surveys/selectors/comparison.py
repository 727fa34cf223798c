"""One survey beside what the register says now: what accepting it would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hazards.models import DepthObservation, HazardPhoto, SafeguardObservation, WaterHazard
from hazards.taxonomy import (
    DepthClass,
    Duty,
    HazardKind,
    Lifecycle,
    ObservedState,
    class_of_depth,
)
from surveys.full_form import QUESTIONS
from surveys.models import Submission, SurveyPhoto
from surveys.photos.checks import metres_between
from surveys.services.publish import HAZARD_FACTS

Text = str | Promise


@dataclass(frozen=True)
class Change:
    """One line: what the register says, since when, what the survey says, whether they differ."""

    label: Text
    now: Text
    now_on: date | None
    said: Text
    differs: bool


@dataclass(frozen=True)
class Distances:
    """Metres between the three positions of a survey; None where one of them is missing."""

    fix_to_hazard_m: float | None
    photo_to_fix_m: float | None
    photo_to_hazard_m: float | None
    fix_is_far: bool


def changes(submission: Submission) -> list[Change]:
    """Return a line per question that was answered or that the register has an answer to."""
    hazard = submission.hazard
    lines = [_kind(submission), *(_duty(submission, duty) for duty in Duty), _depth(submission)]
    if submission.lifecycle:
        now = hazard.get_lifecycle_display() if hazard else ""
        differs = hazard is None or hazard.lifecycle != submission.lifecycle
        said = Lifecycle(submission.lifecycle).label
        lines.append(Change(_("State of the place"), now, None, said, differs))
    lines += _facts(submission)
    return [line for line in lines if line is not None]


def _facts(submission: Submission) -> list[Change]:
    """Return a line for each fact of the hazard that the full form names."""
    hazard, lines = submission.hazard, list[Change]()
    for name in HAZARD_FACTS:
        if name not in submission.details:
            continue
        question, said = QUESTIONS[name], submission.details[name]
        held = getattr(hazard, name) if hazard else None
        now = "" if held is None else question.spelled(held)
        lines.append(Change(question.label, now, None, question.spelled(said), held != said))
    return lines


def _kind(submission: Submission) -> Change | None:
    if submission.hazard is not None or not submission.new_kind:
        return None
    return Change(_("Kind"), "", None, HazardKind(submission.new_kind).label, differs=True)


def _duty(submission: Submission, duty: Duty) -> Change | None:
    said = getattr(submission, f"{duty.value}_state")
    seen = (
        SafeguardObservation.objects.filter(hazard=submission.hazard, duty=duty)
        .exclude(state=ObservedState.NOT_CHECKED)
        .order_by("-observed_on", "-pk")
        .first()
        if submission.hazard
        else None
    )
    if said == ObservedState.NOT_CHECKED and seen is None:
        return None
    looked = said != ObservedState.NOT_CHECKED
    return Change(
        duty.label.capitalize(),
        seen.get_state_display() if seen else _("nobody has looked"),
        seen.observed_on if seen else None,
        ObservedState(said).label,
        differs=looked and (seen is None or seen.state != said),
    )


def _depth(submission: Submission) -> Change | None:
    hazard = submission.hazard
    now = _depth_in_register(hazard) if hazard else DepthClass.UNKNOWN
    said = depth_class_said(submission)
    if said == DepthClass.UNKNOWN and now == DepthClass.UNKNOWN:
        return None
    seen = DepthObservation.objects.filter(hazard=hazard).first() if hazard else None
    looked = said != DepthClass.UNKNOWN
    return Change(
        _("Depth"),
        DepthClass(now).label,
        seen.observed_on if seen else None,
        DepthClass(said).label,
        differs=looked and said != now,
    )


def depth_class_said(submission: Submission) -> str:
    """Return the class of the metres that were measured, else the class that was said."""
    depth_m = submission.details.get("max_depth_m")
    if depth_m is None:
        return submission.depth_class
    return class_of_depth(Decimal(str(depth_m)))


def _depth_in_register(hazard: WaterHazard) -> str:
    """Return the depth that the verdict of today rests on: what was last seen, not first given."""
    kept = getattr(hazard, "assessment", None)
    return kept.depth_class if kept else hazard.depth_class


def distances(submission: Submission, photos: list[SurveyPhoto]) -> Distances:
    """Return the distances; for the photo's, of the first photo that holds a position."""
    fix = (submission.position.y, submission.position.x)
    place = submission.hazard.location if submission.hazard else None
    hazard = (place.y, place.x) if place else None
    taken = next((photo.exif_position for photo in photos if photo.exif_position), None)
    photo = (taken.y, taken.x) if taken else None
    fix_to_hazard_m = metres_between(fix, hazard) if hazard else None
    return Distances(
        fix_to_hazard_m=fix_to_hazard_m,
        photo_to_fix_m=metres_between(photo, fix) if photo else None,
        photo_to_hazard_m=metres_between(photo, hazard) if photo and hazard else None,
        fix_is_far=(fix_to_hazard_m or 0) > settings.PHOTO_MAX_DISTANCE_M,
    )


def earlier_photo(user: User, hazard: WaterHazard | None) -> HazardPhoto | None:
    """Return the newest published photo of the hazard, to hold beside the new ones."""
    if hazard is None:
        return None
    return HazardPhoto.objects.visible_to(user).filter(hazard=hazard).first()


def nobody_looked(submission: Submission) -> bool:
    """Say whether the survey answers nothing that a verdict could rest on."""
    states = {submission.sign_state, submission.barrier_state, submission.cover_state}
    return (
        states == {ObservedState.NOT_CHECKED}
        and depth_class_said(submission) == DepthClass.UNKNOWN
        and not submission.lifecycle
    )
