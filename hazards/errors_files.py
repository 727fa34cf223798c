"""What is refused of documents, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class AttachmentKindError(DomainError):
    code = "hazards.attachment_kind"
    status = 415
    template = _(
        "{name} is no PDF, DOCX, XLSX, JPEG or PNG (told by its content, not its name), or holds "
        "macros. Save it as PDF and add that."
    )


class AttachmentTooLargeError(DomainError):
    code = "hazards.attachment_large"
    status = 413
    template = _(
        "The file has {size_mb:.1f} MB; at most {limit_mb:.0f} MB can be added. Make it smaller, "
        "for instance by scanning at 150 dpi."
    )


class AttachmentTwiceError(DomainError):
    code = "hazards.attachment_twice"
    status = 409
    template = _("{name} is at {code} already.")
