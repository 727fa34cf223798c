"""From a stored original to facts, flags and the copies that may be shown."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from hazards.models import HazardPhoto
from hazards.photo_copies import THUMBNAIL, blurred_name
from surveys.models import ProcessingState, SurveyPhoto
from surveys.photos.checks import Limits, Visit, photo_flags, taken_at
from surveys.photos.derive import TRANSIENT, Derived, derive
from surveys.photos.facts import PhotoFacts
from surveys.photos.look import NEAR_BITS, bands_of, bits_apart
from surveys.photos.sniff import name_lies
from surveys.services.originals import original_on_disk

LOOKED_AT = 5000  # pictures that share a sixteenth of their look
TRIES = 3  # of what failed for want of time or memory


class TryAgainError(Exception):
    """The photo could not be prepared this time; the reason may have gone the next time."""


def process_photo(*, photo_id: int, last_try: bool = True) -> SurveyPhoto | None:
    """Prepare one photo; None when it is gone or was prepared before.

    Raises TryAgainError for problems of the moment unless this is the last try; then, and for
    damage, the photo gets the state "failed" with a problem code. The original stays as it is.
    """
    photo = SurveyPhoto.objects.filter(pk=photo_id).select_related("submission__hazard").first()
    if photo is None or photo.state != ProcessingState.WAITING:
        return None
    with TemporaryDirectory(prefix="safeshore-photo-") as folder:
        try:
            with original_on_disk(photo.original_name) as original:
                derived = derive(original, Path(folder))
        except FileNotFoundError:
            derived = Derived(PhotoFacts(), problem="file_missing")
        if derived.problem in TRANSIENT and not last_try:
            raise TryAgainError(derived.problem)
        return _write_down(photo, derived)


def wait_again(*, photo_id: int) -> None:
    """Let a prepared photo wait to be prepared once more, from its original."""
    SurveyPhoto.objects.filter(pk=photo_id, state=ProcessingState.DONE).update(
        state=ProcessingState.WAITING
    )


def _follow_in_register(photo: SurveyPhoto) -> None:
    """Show the new copies where the photo is published; what nobody could look at is withdrawn."""
    shown = HazardPhoto.objects.filter(
        source_uuid=photo.submission.public_id, original_sha256=photo.sha256
    )
    if photo.state == ProcessingState.DONE and photo.faces_n is not None:
        shown.update(**register_copies(photo))
    else:
        shown.update(withdrawn_at=timezone.now())


def register_copies(photo: SurveyPhoto) -> dict[str, str]:
    """Return the names of the copies that the register shows: without faces where there are any."""
    if not photo.faces_n:
        return {"image_name": photo.image_name, "thumbnail_name": photo.thumbnail_name}
    return {
        "image_name": blurred_name(photo.image_name),
        "thumbnail_name": blurred_name(photo.image_name, THUMBNAIL),
    }


@transaction.atomic
def _write_down(photo: SurveyPhoto, derived: Derived) -> SurveyPhoto:
    facts = derived.facts
    photo.state = ProcessingState.FAILED if derived.problem else ProcessingState.DONE
    photo.problem = derived.problem
    kept = {path.name: _keep(path, f"{photo.public_id}/{path.name}") for path in derived.copies}
    photo.image_name = kept.get("image.jpg", "")
    photo.thumbnail_name = kept.get("thumbnail.jpg", "")
    photo.faces_n = derived.faces
    photo.width_px, photo.height_px = derived.width_px, derived.height_px
    photo.orientation = facts.orientation
    photo.look, photo.look_bands = derived.look, bands_of(derived.look)
    photo.exif_position = (
        Point(facts.lon, facts.lat, srid=4326)
        if facts.lon is not None and facts.lat is not None
        else None
    )
    photo.exif_taken_at = taken_at(facts, ZoneInfo(settings.TIME_ZONE))
    photo.exif_direction_deg = facts.direction_deg
    photo.flags = [*_flags(photo, facts), *(["late"] if "late" in photo.flags else [])]
    photo.save()
    _follow_in_register(photo)
    return photo


def _keep(path: Path, name: str) -> str:
    """Put a copy into the storage "derivatives" under two folders of its id; return its name."""
    storage = storages["derivatives"]
    name = f"{name[:2]}/{name}"
    storage.delete(name)  # left by a try that was cut short
    with path.open("rb") as file:
        return storage.save(name, File(file))


def _flags(photo: SurveyPhoto, facts: PhotoFacts) -> list[str]:
    visit = photo.submission
    hazard = visit.hazard.location if visit.hazard else None
    return photo_flags(
        facts,
        Visit(
            fix=(visit.position.y, visit.position.x),
            accuracy_m=visit.position_accuracy_m,
            captured_at=visit.captured_at,
            received_at=photo.created_at,
            zone=ZoneInfo(settings.TIME_ZONE),
            hazard=(hazard.y, hazard.x) if hazard else None,
        ),
        used_before=was_used_before(photo),
        looks_used=looks_used_before(photo),
        name_lies=name_lies(photo.filename, photo.media_type or None),
        limits=Limits(fix_m=settings.FIX_MAX_DISTANCE_M, hazard_m=settings.PHOTO_MAX_DISTANCE_M),
    )


def was_used_before(photo: SurveyPhoto) -> bool:
    """Say whether an earlier survey came with exactly these bytes, from whomever and wherever."""
    same = SurveyPhoto.objects.filter(sha256=photo.sha256, pk__lt=photo.pk)
    return same.exclude(submission=photo.submission_id).exists()


def looks_used_before(photo: SurveyPhoto) -> bool:
    """Say whether an earlier survey, of whatever year, came with a picture that looks the same."""
    if not photo.look:
        return False
    earlier = SurveyPhoto.objects.filter(look_bands__overlap=photo.look_bands, pk__lt=photo.pk)
    looks = earlier.exclude(submission=photo.submission_id).values_list("look", flat=True)
    return any(bits_apart(photo.look, look) <= NEAR_BITS for look in looks[:LOOKED_AT])
