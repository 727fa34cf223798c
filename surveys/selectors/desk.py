"""Everything a reviewer needs about one survey, for one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from hazards.models import WaterHazard
from hazards.taxonomy import HazardKind, Verdict
from surveys.full_form import SKIP_REASONS, spelled_details
from surveys.models import OPEN_STATES, ProcessingState, Submission, SurveyPhoto
from surveys.photos.checks import metres_between
from surveys.selectors.comparison import changes, distances, earlier_photo, nobody_looked
from surveys.selectors.near import same_place
from surveys.selectors.sent import photos_of
from surveys.services.four_eyes import first_reviewer_id
from surveys.services.receipts import short_code
from surveys.words import PROBLEM_WORDS, QUIET_FLAGS, SUBJECT_WORDS, flag_text


@dataclass(frozen=True)
class PhotoCard:
    """One photo with everything said of it in words."""

    photo: SurveyPhoto
    subject: str | Promise
    warnings: list[str]
    remarks: list[str]
    problem: str | Promise
    to_fix_m: float | None

    @property
    def is_ready(self) -> bool:
        return self.photo.state == ProcessingState.DONE


def photo_card(photo: SurveyPhoto, submission: Submission) -> PhotoCard:
    loud = [flag for flag in photo.flags if flag not in QUIET_FLAGS]
    quiet = [flag for flag in photo.flags if flag in QUIET_FLAGS]
    own, fix = photo.exif_position, submission.position
    return PhotoCard(
        photo=photo,
        subject=SUBJECT_WORDS.get(photo.subject, photo.subject),
        warnings=[flag_text(flag) for flag in loud],
        remarks=[flag_text(flag) for flag in quiet],
        problem=PROBLEM_WORDS.get(photo.problem, photo.problem),
        to_fix_m=metres_between((own.y, own.x), (fix.y, fix.x)) if own else None,
    )


def desk_of(reviewer: User, submission: Submission) -> dict[str, Any]:
    """Return photos, positions, differences and doubts of one survey."""
    photos = photos_of(submission)
    hazard = submission.hazard
    is_open = submission.state in OPEN_STATES
    was_first = first_reviewer_id(submission) == reviewer.pk
    return {
        "submission": submission,
        "short_code": short_code(submission),
        "hazard": hazard,
        "title": str(hazard) if hazard else submission.new_name or _kind_name(submission),
        "cards": [photo_card(photo, submission) for photo in photos],
        "photos_missing": max(0, submission.photos_expected - len(photos)),
        "photos_waiting": sum(photo.state == ProcessingState.WAITING for photo in photos),
        "voice_notes": list(submission.voice_notes.all()),
        "details": spelled_details(submission.details),
        "skipped": _skipped(submission),
        "changes": changes(submission),
        "distances": distances(submission, photos),
        "earlier": earlier_photo(reviewer, hazard),
        "nobody_looked": nobody_looked(submission),
        "same_place": [] if hazard else same_place(reviewer, _planar(submission.position)),
        "is_own": submission.surveyor_id == reviewer.pk,
        "is_open": is_open,
        "was_first": was_first,
        "can_decide": is_open and submission.surveyor_id != reviewer.pk and not was_first,
        "events": submission.review_events.select_related("reviewer"),
        "map_points": _map_points(submission, photos),
    }


def _skipped(submission: Submission) -> list[tuple[str, str]]:
    """Return (what, why) of what was said to be there and not photographed."""
    return [
        (str(SUBJECT_WORDS.get(subject, subject)), str(SKIP_REASONS.get(reason, reason)))
        for subject, reason in submission.skipped_shots.items()
    ]


def _kind_name(submission: Submission) -> str:
    kind = submission.new_kind
    return str(HazardKind(kind).label) if kind else str(_("New place"))


def _planar(position: Point) -> Point:
    return Point(position.x, position.y, srid=4326)


def _map_points(submission: Submission, photos: list[SurveyPhoto]) -> list[dict[str, Any]]:
    """Return the positions to draw: hazard, phone, and each photo that holds one."""
    fix = submission.position
    points = [
        {
            "kind": "fix",
            "lat": fix.y,
            "lon": fix.x,
            "accuracyM": submission.position_accuracy_m,
            "label": _("Placed on the map") if submission.position_is_manual else _("Phone"),
        }
    ]
    if submission.hazard:
        place = submission.hazard.location
        points.append(
            {
                "kind": "hazard",
                "lat": place.y,
                "lon": place.x,
                "label": _("Hazard in the register"),
                "verdict": _verdict_of(submission.hazard),
            }
        )
    return points + _photo_points(photos)


def _verdict_of(hazard: WaterHazard) -> str:
    """Return the verdict the register shows today; a hazard not yet assessed is not surveyed."""
    assessment = getattr(hazard, "assessment", None)
    return str(assessment.verdict if assessment else Verdict.NOT_SURVEYED)


def _photo_points(photos: list[SurveyPhoto]) -> list[dict[str, Any]]:
    """Return one point for all photos taken at the same spot (to a metre), with their numbers."""
    spots: dict[tuple[float, float], list[str]] = {}
    for number, photo in enumerate(photos, start=1):
        if photo.exif_position:
            own = photo.exif_position
            spots.setdefault((round(own.y, 5), round(own.x, 5)), []).append(str(number))
    return [
        {"kind": "photo", "lat": lat, "lon": lon, "label": _photo_label(numbers)}
        for (lat, lon), numbers in spots.items()
    ]


def _photo_label(numbers: list[str]) -> str:
    label = ngettext("Photo %(numbers)s", "Photos %(numbers)s", len(numbers))
    return label % {"numbers": ", ".join(numbers)}
