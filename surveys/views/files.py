"""Photos and voice notes of surveys: copies for who may see them, originals for reviewers."""

import uuid

from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import NotFoundError
from hazards.photo_copies import open_copy
from surveys.access import photo_original, photo_to_look_at, voice_to_hear


@require_safe
@allowed(Action.VIEW)
def photo(request: HttpRequest, public_id: uuid.UUID, size: str) -> HttpResponseBase:
    """Serve the upright copy, ``size`` being "image", "medium" or "thumbnail"."""
    found = photo_to_look_at(request.user, public_id)  # type: ignore[arg-type]
    file, media_type = open_copy(found.image_name, size, request.headers.get("Accept", ""))
    response = FileResponse(file, content_type=media_type)
    response["Cache-Control"] = "private, max-age=3600"
    response["Vary"] = "Accept"
    return response


@require_safe
@allowed(Action.REVIEW)
def original(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Hand out the bytes as they came: as a file to keep, never as something to open here."""
    found = photo_original(request.user, public_id)  # type: ignore[arg-type]
    try:
        file = storages["originals"].open(found.original_name)
    except FileNotFoundError:
        raise NotFoundError from None
    record(
        actor=request.user,  # type: ignore[arg-type]
        verb="view_original_photo",
        target_kind="survey_photo",
        target_id=found.public_id,
        sha256=found.sha256,
    )
    response = FileResponse(
        file,
        as_attachment=True,
        filename=found.filename,
        content_type="application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@allowed(Action.VIEW)
def voice(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Play spoken words; bytes that are no sound are handed out as a file to keep."""
    found = voice_to_hear(request.user, public_id)  # type: ignore[arg-type]
    try:
        file = storages["originals"].open(found.original_name)
    except FileNotFoundError:
        raise NotFoundError from None
    response = FileResponse(
        file,
        as_attachment=not found.media_type,
        filename=found.filename,
        content_type=found.media_type or "application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    return response
