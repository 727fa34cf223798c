"""Documents of a hazard: kept exactly as they came, told by their bytes, taken back, never lost."""

from __future__ import annotations

import zipfile
from datetime import date

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from common.keptfiles import keep_file
from common.text import tidy
from hazards.errors_files import (
    AttachmentKindError,
    AttachmentTooLargeError,
    AttachmentTwiceError,
)
from hazards.models import HazardAttachment, WaterHazard

STORAGE = "attachments"
PDF = "application/pdf"
# What an Office file holds first tells which it is; its name counts for nothing.
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
}
SUFFIXES = {
    PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", **dict(_OFFICE.values()),
}  # fmt: skip


@transaction.atomic
def add_attachment(
    *,
    hazard: WaterHazard,
    file: File,
    kind: str,
    title: str,
    actor: User,
    dated_on: date | None = None,
) -> HazardAttachment:
    """Keep a PDF, DOCX, XLSX, JPEG or PNG with a hazard; refuses others by their content."""
    limit = settings.ATTACHMENT_MAX_BYTES
    if file.size > limit:
        raise AttachmentTooLargeError(size_mb=file.size / 1e6, limit_mb=limit / 1e6)
    media_type = media_type_of(file)
    kept = keep_file(file, storage_name=STORAGE)
    if HazardAttachment.objects.filter(hazard=hazard, sha256=kept.sha256).exists():
        raise AttachmentTwiceError(name=file.name, code=hazard.code)
    attachment = HazardAttachment.objects.create(
        hazard=hazard,
        kind=kind,
        title=tidy(title) or tidy(str(file.name))[:200],
        dated_on=dated_on,
        media_type=media_type,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        stored_name=kept.name,
        added_by=actor,
    )
    _audit("add_attachment", attachment, actor)
    return attachment


@transaction.atomic
def withdraw_attachment(*, attachment: HazardAttachment, actor: User) -> None:
    """Take a document off the record; its bytes and the history of it stay."""
    attachment.withdrawn_at = timezone.now()
    attachment.save(update_fields=["withdrawn_at", "updated_at"])
    _audit("withdraw_attachment", attachment, actor)


def media_type_of(file: File) -> str:
    """Return what a file is by its bytes. Raises AttachmentKindError."""
    file.seek(0)
    head = file.read(64)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"PK\x03\x04") and (found := _office_type(file)):
        return found
    raise AttachmentKindError(name=file.name)


def _office_type(file: File) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""  # no Office file, or one with macros
    kinds = (kind for start, (kind, _end) in _OFFICE.items() if _holds(names, start))
    return next(kinds, "")


def _holds(names: list[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _audit(verb: str, attachment: HazardAttachment, actor: User) -> None:
    record(
        actor=actor, verb=verb, target_kind="hazard", target_id=attachment.hazard.public_id,
        attachment=str(attachment.public_id), title=attachment.title, sha256=attachment.sha256,
    )  # fmt: skip
