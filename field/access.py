"""(user, id of an address) -> row; absent and forbidden are the same error."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from common.errors import NotFoundError
from field.models import Device, Quarantined
from field.selectors.sent import devices_in


def device_for(user: Any, public_id: UUID) -> Device:
    """Return a phone of the area that ``user`` reviews, or his own. Raises NotFoundError."""
    found = devices_in(user).filter(public_id=public_id).first()
    found = found or Device.objects.filter(user=user, public_id=public_id).first()
    if found is None:
        raise NotFoundError
    return found


def held_in(user: Any) -> QuerySet[Quarantined]:
    """Return what is held back of phones in the area that ``user`` reviews."""
    return Quarantined.objects.filter(device__in=devices_in(user)).select_related("device__user")


def held_for(user: Any, public_id: UUID) -> Quarantined:
    held = held_in(user).filter(public_id=public_id).first()
    if held is None:
        raise NotFoundError
    return held
