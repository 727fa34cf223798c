"""Photos of hazards: upright copies without metadata, to those who may see the hazard."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import NotFoundError
from hazards.access import photo_for
from hazards.photo_copies import IMAGE, MEDIUM, THUMBNAIL, open_copy

CACHE_SECONDS = 24 * 60 * 60  # a copy never changes; a day, since rights may
_SIZES = {"full": IMAGE, "medium": MEDIUM, "thumb": THUMBNAIL}


@require_safe
@allowed(Action.VIEW)
def photo(request: HttpRequest, public_id: UUID, size: str) -> HttpResponseBase:
    """Send one copy; ``size`` is full, medium or thumb (a larger one where it was not made)."""
    found = photo_for(request.user, public_id)
    if size not in _SIZES:
        raise NotFoundError
    accept = request.headers.get("Accept", "")
    source, media_type = open_copy(found.image_name, _SIZES[size], accept)
    filename = f"{found.public_id}.{media_type.rpartition('/')[2]}"
    response = FileResponse(source, content_type=media_type, filename=filename)
    response["Vary"] = "Accept"
    response["Cache-Control"] = f"private, max-age={CACHE_SECONDS}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
