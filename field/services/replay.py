"""Take in what was held back, once whatever stood in the way is mended."""

from __future__ import annotations

import hashlib
import uuid

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from field.errors import HeldBackError
from field.models import Quarantined
from field.services.visits import QUARANTINE, Receipt, take_visit


@transaction.atomic
def replay(*, held: Quarantined, actor: User) -> Receipt:
    """Send the kept bytes through the door again, as the same phone with the same id.

    Raises HeldBackError with the reason where they still cannot be taken.
    """
    with storages[QUARANTINE].open(held.stored_name) as file:
        raw = file.read()
    if hashlib.sha256(raw).hexdigest() != held.sha256:
        raise HeldBackError(why="the kept bytes are not the ones that came")
    client_uuid = uuid.UUID(held.path.rpartition("/")[2])
    receipt = take_visit(device=held.device, client_uuid=client_uuid, raw=raw)
    held.replayed_at = timezone.now()
    held.save(update_fields=["replayed_at", "updated_at"])
    record(actor=actor, verb="replay_held", target_kind="held", target_id=held.public_id)
    return receipt
