"""Whether every photo that was acknowledged is still there, byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from django.core.files.storage import storages

from surveys.models import SurveyPhoto
from surveys.services.originals import ORIGINALS

_CHUNK_BYTES = 1024 * 1024


@dataclass
class FileAudit:
    """``missing`` and ``changed`` name photos by the hash they should have."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not self.missing and not self.changed


def audit_originals(*, newest: int | None = None) -> FileAudit:
    """Read and hash the originals of all photos, or of so many newest ones."""
    rows = SurveyPhoto.objects.order_by("-pk").values_list("sha256", "original_name")
    found, seen = FileAudit(), set()
    for sha256, name in rows[:newest] if newest else rows.iterator(chunk_size=2000):
        if sha256 in seen:
            continue
        seen.add(sha256)
        found.checked += 1
        digest = _hash_of(name)
        if digest is None:
            found.missing.append(sha256)
        elif digest != sha256:
            found.changed.append(sha256)
    return found


def _hash_of(name: str) -> str | None:
    digest = hashlib.sha256()
    try:
        with storages[ORIGINALS].open(name) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
