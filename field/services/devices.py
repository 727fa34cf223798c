"""Phones: signed in once, known by a token, seen, counted and revoked."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.roles import Action
from accounts.scoping import require
from common.errors import ForbiddenError
from common.text import tidy
from field.errors import DeviceUnknownError
from field.models import Device
from field.services.tokens import new_token, token_sha256

REMEMBER_S = 5.0
MOST_REMEMBERED = 10_000
_remembered: dict[str, tuple[float, Device | None]] = {}


@transaction.atomic
def sign_in(*, user: User, name: str) -> tuple[Device, str]:
    """Register a phone of a surveyor; returns it with the token that only the phone keeps."""
    require(user, Action.CAPTURE)
    token = new_token()
    device = Device.objects.create(
        user=user, name=tidy(name)[:150] or "?", token_sha256=token_sha256(token)
    )
    record(actor=user, verb="device_signed_in", target_kind="device", target_id=device.public_id)
    return device, token


def device_of(token: str) -> Device:
    """Return the phone of a token, with its user. Raises DeviceUnknownError.

    Remembered for REMEMBER_S in each process: a phone that sends sends often.
    """
    digest = token_sha256(token)
    until, device = _remembered.get(digest, (0.0, None))
    if device is not None and until > time.monotonic():
        return device
    device = _read(digest)
    if len(_remembered) > MOST_REMEMBERED:
        _remembered.clear()
    _remembered[digest] = (time.monotonic() + REMEMBER_S, device)
    return device


def _read(digest: str) -> Device:
    found = Device.objects.select_related("user").filter(
        token_sha256=digest, revoked_at__isnull=True, user__is_active=True
    )
    device = found.first()
    if device is None:
        raise DeviceUnknownError
    with suppress(ForbiddenError):  # a role that ended: what is still on the phone is held back
        device.scope = require(device.user, Action.CAPTURE)
    return device


def seen(
    device: Device,
    *,
    unsent_visits: int,
    unsent_files: int,
    app_version: str,
    phone_time: datetime | None,
) -> None:
    """Write down that a phone called, what it still holds, and how far its clock is off."""
    now = timezone.now()
    ahead = None if phone_time is None else round((phone_time - now).total_seconds())
    Device.objects.filter(pk=device.pk).update(
        last_seen_at=now,
        unsent_visits=unsent_visits,
        unsent_files=unsent_files,
        app_version=app_version[:40],
        clock_ahead_s=None if ahead is None else max(-(2**31), min(2**31 - 1, ahead)),
        updated_at=now,
    )


@transaction.atomic
def revoke(*, device: Device, actor: User) -> None:
    """Lock a phone out; what it holds stays on it until somebody signs in there again."""
    device.revoked_at = timezone.now()
    device.save(update_fields=["revoked_at", "updated_at"])
    _remembered.pop(device.token_sha256, None)  # the other processes forget within REMEMBER_S
    record(actor=actor, verb="device_revoked", target_kind="device", target_id=device.public_id)
