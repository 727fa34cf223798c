"""The sealed file of what a phone could not send: opened by an administrator with its password."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.audit import record
from accounts.models import User
from common.errors import DomainError
from field.errors import HeldBackError, SealedFileError
from field.models import Device
from field.services.devices import sign_in
from field.services.uploads import append, offset_of
from field.services.visits import take_visit

MAGIC = b"SAFESHORE1"
ROUNDS = 310_000
_SALT, _IV = 16, 12


@dataclass
class Opened:
    """What became of a sealed file: visits taken in or found again, photos, what was held back."""

    visits: int = 0
    photos: int = 0
    problems: list[str] = field(default_factory=list)


def open_sealed(data: bytes, *, password: str) -> dict[str, Any]:
    """Return {"visits": [{id, body}], "photos": [{sha256, size, data, ...}]}.

    Raises SealedFileError for another kind of file, a wrong password or changed bytes.
    """
    head = len(MAGIC) + _SALT + _IV
    if not data.startswith(MAGIC) or len(data) <= head + 16:
        raise SealedFileError
    salt, iv = data[len(MAGIC) : len(MAGIC) + _SALT], data[len(MAGIC) + _SALT : head]
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS, 32)
    try:
        plain = AESGCM(key).decrypt(iv, data[head:], None)
        found: dict[str, Any] = json.loads(plain)
    except (InvalidTag, ValueError):
        raise SealedFileError from None
    return found


def take_in(*, data: bytes, password: str, surveyor: User, actor: User) -> Opened:
    """Send all of a sealed file through the door as its surveyor, with the ids of the phone."""
    told = open_sealed(data, password=password)
    device, _token = sign_in(user=surveyor, name="sealed file")
    opened = Opened()
    for photo in told.get("photos", []):
        _take_photo(photo, surveyor, opened)
    for visit in told.get("visits", []):
        _take_visit(visit, device, opened)
    record(
        actor=actor, verb="take_in_sealed", target_kind="device", target_id=device.public_id,
        visits=opened.visits, photos=opened.photos,
    )  # fmt: skip
    return opened


def _take_photo(photo: dict[str, Any], surveyor: User, opened: Opened) -> None:
    raw, sha256 = base64.b64decode(photo["data"]), str(photo["sha256"])
    try:
        here, whole = offset_of(surveyor, sha256)
        if not whole:
            append(
                user=surveyor, sha256=sha256, size_bytes=len(raw), offset=here,
                body=io.BytesIO(raw[here:]),
            )  # fmt: skip
        opened.photos += 1
    except DomainError as error:
        opened.problems.append(str(error))


def _take_visit(visit: dict[str, Any], device: Device, opened: Opened) -> None:
    try:
        take_visit(
            device=device, client_uuid=uuid.UUID(visit["id"]), raw=str(visit["body"]).encode()
        )
        opened.visits += 1
    except HeldBackError as held:
        opened.problems.append(str(held))
