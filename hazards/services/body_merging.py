"""Spellings of one body put together, and taken apart again."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from accounts.roles import Action
from accounts.scoping import scope_for
from common.errors import DomainError
from hazards.models import Responsibility, ResponsibleBody, WaterHazard
from history.context import acting
from history.services.undo import Wanted, undo


class BodyMergeError(DomainError):
    code = "hazards.body_merge"
    status = 409
    template = _("{name} cannot be merged with itself, or was merged before. Load the page anew.")


class BodyStandsForOthersError(DomainError):
    code = "hazards.body_stands_for_others"
    status = 409
    template = _(
        "{name} already stands for other spellings. Let it stay and put the other name under it, "
        "or take its spellings apart first."
    )


class BodyOutsideAreaError(DomainError):
    code = "hazards.body_outside_area"
    status = 409
    template = _(
        "{name} also answers for {count} hazards outside the area you work in. Ask somebody whose "
        "area holds them all."
    )


@transaction.atomic
def merge_bodies(
    *, survivor: ResponsibleBody, merged: ResponsibleBody, actor: User
) -> ResponsibleBody:
    """Give all that ``merged`` answers for to ``survivor``; its name stays as a spelling of it.

    Whoever writes that spelling from now on finds the survivor. ``actor`` must be able to edit
    every hazard of ``merged``. Raises BodyMergeError, BodyStandsForOthersError or
    BodyOutsideAreaError.
    """
    ids = sorted([survivor.pk, merged.pk])
    found = {
        body.pk: body for body in ResponsibleBody.objects.select_for_update().filter(pk__in=ids)
    }
    kept, gone = found.get(survivor.pk), found.get(merged.pk)
    if kept is None or gone is None or kept == gone or kept.merged_into_id or gone.merged_into_id:
        raise BodyMergeError(name=merged.name)
    if gone.spellings.exists():
        raise BodyStandsForOthersError(name=gone.name)
    _refuse_outside(gone, actor)
    batch, now = uuid.uuid4(), timezone.now()
    with acting(actor=actor, verb="merge_bodies", reason=gone.name, batch=batch):
        Responsibility.objects.filter(body=gone).update(body=kept, updated_at=now)
        WaterHazard.objects.filter(responsible_body=gone).update(
            responsible_body=kept, updated_at=now
        )
        gone.merged_into, gone.merge_batch = kept, batch
        gone.save(update_fields=["merged_into", "merge_batch", "updated_at"])
        record(
            actor=actor, verb="merge_bodies", target_kind="body", target_id=kept.public_id,
            merged=str(gone.public_id), name=gone.name,
        )  # fmt: skip
    return kept


@transaction.atomic
def unmerge_body(*, merged: ResponsibleBody, actor: User) -> None:
    """Make a spelling a body of its own again, with what it had and nobody changed since."""
    gone = ResponsibleBody.objects.select_for_update().get(pk=merged.pk)
    if gone.merged_into is None or gone.merge_batch is None:
        raise BodyMergeError(name=gone.name)
    _refuse_outside(gone.merged_into, actor)
    undo(wanted=Wanted(batch=gone.merge_batch), actor=actor, reason=gone.name)


def _refuse_outside(body: ResponsibleBody, actor: User) -> None:
    scope = scope_for(actor, Action.EDIT)
    named = Responsibility.objects.filter(body=body).values("hazard")  # in any role, also ended
    hazards = WaterHazard.objects.filter(Q(responsible_body=body) | Q(pk__in=named))
    outside = hazards.exclude(pk__in=hazards.in_scope(scope).values("pk")).count()
    if outside:
        raise BodyOutsideAreaError(name=body.name, count=outside)
