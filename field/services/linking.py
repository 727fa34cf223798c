"""Join photos and voice notes that arrived with the visits that name them, whichever came first."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from field.models import ArrivedFile, ExpectedFile
from surveys.services.answers import VOICE
from surveys.services.late_photos import add_stored_photo, add_voice_note


@transaction.atomic
def link_arrived(file: ArrivedFile) -> int:
    """Give a file to every visit of its user that waits for it; returns how many there were."""
    waiting = ExpectedFile.objects.select_for_update(of=("self",)).filter(
        sha256=file.sha256, received_at__isnull=True, visit__submission__surveyor=file.user_id
    )
    rows = list(waiting.select_related("visit__submission").order_by("pk"))
    for row in rows:
        _add(file, row)
        row.received_at = timezone.now()
        row.save(update_fields=["received_at", "updated_at"])
    return len(rows)


def _add(file: ArrivedFile, row: ExpectedFile) -> None:
    common: dict[str, Any] = {
        "submission": row.visit.submission,
        "sha256": file.sha256,
        "stored_name": file.stored_name,
        "size_bytes": file.size_bytes,
        "filename": row.filename,
    }
    if row.subject == VOICE:
        add_voice_note(**common)
    else:
        add_stored_photo(media_type=file.media_type, subject=row.subject, **common)
