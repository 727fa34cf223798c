"""Photos of hazards: upright copies without metadata, to those who may see the hazard."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import NotFoundError
from hazards.access import photo_for

CACHE_SECONDS = 24 * 60 * 60  # a copy never changes; a day, since rights may
_FIELDS = {"full": "image_name", "thumb": "thumbnail_name"}


@require_safe
@allowed(Action.VIEW)
def photo(request: HttpRequest, public_id: UUID, size: str) -> HttpResponseBase:
    """Send one copy; ``size`` is full or thumb (the full one where no small copy was made)."""
    found = photo_for(request.user, public_id)
    if size not in _FIELDS:
        raise NotFoundError
    name = getattr(found, _FIELDS[size]) or found.image_name
    try:
        source = storages["derivatives"].open(name)
    except FileNotFoundError:
        raise NotFoundError from None
    response = FileResponse(source, content_type="image/jpeg", filename=f"{found.public_id}.jpg")
    response["Cache-Control"] = f"private, max-age={CACHE_SECONDS}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
