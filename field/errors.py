"""What the field door refuses. A phone keeps what was refused and shows the words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class DeviceUnknownError(DomainError):
    code = "field.device_unknown"
    status = 401
    template = _("This phone is not signed in any more. Sign in again; nothing on it is lost.")


class InvitationUsedError(DomainError):
    code = "field.invitation_used"
    status = 410
    template = _(
        "The square code has been used, is too old, or was replaced by a newer one. Ask your "
        "administrator for a new one."
    )


class OffsetError(DomainError):
    code = "field.offset"
    status = 409
    template = _("The upload goes on at byte {offset}, not at {given}.")


class FileHashError(DomainError):
    code = "field.file_hash"
    status = 460
    template = _(
        "The {size} bytes that arrived are not the photo that was announced (another checksum). It "
        "is sent again from the start."
    )


class FileSizeError(DomainError):
    code = "field.file_size"
    status = 413
    template = _("A file of {size_mb:.1f} MB was announced; it may have up to {limit_mb:.0f} MB.")


class CutShortError(DomainError):
    code = "field.cut_short"
    status = 400
    template = _("The line broke before the whole visit had come. It is sent again.")


class SealedFileError(DomainError):
    code = "field.sealed_file"
    status = 422
    template = _(
        "This is no sealed file of the field app, or the password is another. Nothing was taken in."
    )


class CampaignDatesError(DomainError):
    code = "field.campaign_dates"
    status = 422
    template = _("The last day {end:%d/%m/%Y} lies before the first, {start:%d/%m/%Y}.")


class NothingAssignedError(DomainError):
    code = "field.nothing_assigned"
    status = 422
    template = _(
        "No hazard in {unit} fits, or {surveyor} may not survey there. Choose another area or "
        "fewer verdicts."
    )


class StorageFullError(DomainError):
    code = "field.storage_full"
    status = 507
    template = _("The server has no room at the moment. The photo stays on the phone; try later.")


class HeldBackError(DomainError):
    """The bytes are safe on the server; an administrator looks at them."""

    code = "field.held_back"
    status = 202
    template = _("The server could not read this visit and has kept it for an administrator: {why}")
