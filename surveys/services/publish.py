"""From an accepted survey into the register, all of it or nothing.

Runs inside the transaction of the reviewer's decision. The register keeps who saw it, on which day,
and the survey's id; it knows nothing else about surveys.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import User
from hazards.models import HazardPhoto, WaterHazard
from hazards.services.inventory import NewHazard, register_hazard, update_hazard
from hazards.services.observations import record_depth, record_safeguard_state
from hazards.taxonomy import (
    DepthClass,
    DepthMethod,
    Duty,
    Lifecycle,
    ObservedState,
    PositionMethod,
)
from surveys.models import ProcessingState, Submission
from surveys.services.photos import register_copies
from surveys.words import SUBJECT_WORDS

SOURCE_KIND = "submission"
# Answers of the full form that are facts of the hazard, under the same names.
HAZARD_FACTS = ("nearest_house_m", "nearest_school_m", "water_months")


def publish(
    *, submission: Submission, reviewer: User, file_under: WaterHazard | None = None
) -> WaterHazard:
    """Write what the survey says into the register and return the hazard it is about.

    Puts hazard and unit on ``submission`` without saving it. Safeguards nobody looked at and an
    unknown depth are not written: they would hide what was known before.
    """
    if submission.hazard is None:
        submission.hazard = file_under or _register(submission, reviewer)
        submission.unit = submission.hazard.unit
    hazard = submission.hazard
    seen = _evidence(submission)
    for duty, state in _answered(submission):
        measured = _measured(submission) if duty == Duty.BARRIER else {}
        record_safeguard_state(
            hazard=hazard, duty=duty, state=state, actor=reviewer, **measured, **seen
        )
    depth_m = submission.details.get("max_depth_m")
    if submission.depth_class != DepthClass.UNKNOWN or depth_m is not None:
        record_depth(
            hazard=hazard,
            depth_class=submission.depth_class,
            depth_m=depth_m,
            method=DepthMethod.MEASURED if depth_m is not None else submission.depth_method,
            actor=reviewer,
            **seen,
        )
    changed = changed_facts(submission, hazard)
    if changed:
        reason = f"{SOURCE_KIND} {submission.public_id}"
        update_hazard(hazard=hazard, actor=reviewer, reason=reason, **changed)
    _publish_photos(submission, hazard)
    return hazard


def changed_facts(submission: Submission, hazard: WaterHazard) -> dict[str, Any]:
    """Return the facts of the hazard itself that the survey says otherwise than the register."""
    said = {name: submission.details[name] for name in HAZARD_FACTS if name in submission.details}
    if submission.lifecycle:
        said["lifecycle"] = submission.lifecycle
    return {name: value for name, value in said.items() if getattr(hazard, name) != value}


def _measured(submission: Submission) -> dict[str, Any]:
    """Return what was measured of a fence that is there."""
    if submission.barrier_state == ObservedState.MISSING:
        return {}
    return {
        "height_m": submission.details.get("barrier_height_m"),
        "widest_gap_mm": submission.details.get("barrier_widest_gap_mm"),
    }


def observed_on(submission: Submission) -> date:
    """Return the local day of the visit, never later than the day it reached the server."""
    return timezone.localdate(min(submission.captured_at, submission.received_at))


def _register(submission: Submission, reviewer: User) -> WaterHazard:
    manual = submission.position_is_manual
    position = submission.position
    return register_hazard(
        actor=reviewer,
        new=NewHazard(
            kind=submission.new_kind,
            name=submission.new_name,
            lifecycle=submission.lifecycle or Lifecycle.IN_USE,
            geometry=Point(position.x, position.y, srid=4326),
            unit=submission.unit,
            position_method=PositionMethod.MAP if manual else PositionMethod.GPS,
            position_accuracy_m=None if manual else submission.position_accuracy_m,
            source=SOURCE_KIND,
            source_id=str(submission.public_id),
            registered_on=observed_on(submission),
            is_synthetic=submission.is_synthetic,
        ),
    )


def _answered(submission: Submission) -> list[tuple[Duty, str]]:
    said = [
        (Duty.SIGN, submission.sign_state),
        (Duty.BARRIER, submission.barrier_state),
        (Duty.COVER, submission.cover_state),
    ]
    return [(duty, state) for duty, state in said if state != ObservedState.NOT_CHECKED]


def _evidence(submission: Submission) -> dict[str, Any]:
    return {
        "observed_on": observed_on(submission),
        "observer": submission.surveyor,
        "source_kind": SOURCE_KIND,
        "source_uuid": submission.public_id,
        "is_synthetic": submission.is_synthetic,
        "note": submission.note,
    }


def _publish_photos(submission: Submission, hazard: WaterHazard) -> None:
    """Show the upright copies at the hazard, without faces.

    What cannot be shown, came late, or was not looked at for faces stays behind.
    """
    ready = submission.photos.filter(state=ProcessingState.DONE, faces_n__isnull=False)
    for photo in ready:
        if "late" in photo.flags:
            continue
        HazardPhoto.objects.get_or_create(
            hazard=hazard,
            source_uuid=submission.public_id,
            original_sha256=photo.sha256,
            defaults={
                "source_kind": SOURCE_KIND,
                "taken_on": observed_on(submission),
                "caption": Truncator(str(SUBJECT_WORDS.get(photo.subject, ""))).chars(200),
                **register_copies(photo),
                "is_synthetic": submission.is_synthetic,
            },
        )
