"""A photo or a voice note whose bytes are stored already joins its survey."""

from __future__ import annotations

from django.core.files.storage import storages

from common.text import tidy
from surveys.models import Submission, SubmissionState, SurveyPhoto, VoiceNote
from surveys.photos.sniff import HEAD_BYTES
from surveys.photos.sound import sound_type
from surveys.services.originals import ORIGINALS
from surveys.tasks import defer_photo


def add_stored_photo(
    *,
    submission: Submission,
    sha256: str,
    stored_name: str,
    size_bytes: int,
    media_type: str,
    subject: str,
    filename: str,
) -> None:
    """Add a photo once and have it prepared by a worker; call inside a transaction."""
    late = submission.state in (SubmissionState.ACCEPTED, SubmissionState.REJECTED)
    photo, made = SurveyPhoto.objects.get_or_create(
        submission=submission,
        sha256=sha256,
        defaults={
            "subject": subject,
            "filename": tidy(filename) or "photo",
            "original_name": stored_name,
            "size_bytes": size_bytes,
            "media_type": media_type,
            "flags": ["late"] if late else [],
        },
    )
    if made:
        defer_photo(photo)


def add_voice_note(
    *, submission: Submission, sha256: str, stored_name: str, size_bytes: int, filename: str
) -> None:
    """Add spoken words once; call inside a transaction. They stay with the survey."""
    with storages[ORIGINALS].open(stored_name) as file:
        head = file.read(HEAD_BYTES)
    VoiceNote.objects.get_or_create(
        submission=submission,
        sha256=sha256,
        defaults={
            "filename": tidy(filename) or "voice",
            "original_name": stored_name,
            "size_bytes": size_bytes,
            "media_type": sound_type(head),
        },
    )
