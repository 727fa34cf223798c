"""Decisions that a hazard need not comply for a time, and their end."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from common.text import tidy
from hazards.errors import DateOrderError, ReasonMissingError
from hazards.models import Waiver, WaterHazard
from hazards.services.assessment import reassess


@transaction.atomic
def grant_waiver(
    *,
    hazard: WaterHazard,
    granted_by: User,
    reason: str,
    valid_from: date,
    valid_to: date,
    document_no: str = "",
) -> Waiver:
    """Waive a hazard from ``valid_from`` up to, not on, ``valid_to``; a reason is required."""
    if not tidy(reason):
        raise ReasonMissingError
    if valid_to <= valid_from:
        raise DateOrderError(start=valid_from, end=valid_to)
    waiver = Waiver.objects.create(
        hazard=hazard,
        granted_by=granted_by,
        reason=tidy(reason),
        document_no=tidy(document_no),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _audit("grant_waiver", waiver, granted_by, reason=waiver.reason)
    reassess([hazard.pk])
    return waiver


@transaction.atomic
def end_waiver(*, waiver: Waiver, valid_to: date, actor: User | None, reason: str) -> Waiver:
    """Give a waiver another last date, sooner or later than before; a reason is required."""
    if not tidy(reason):
        raise ReasonMissingError
    if valid_to <= waiver.valid_from:
        raise DateOrderError(start=waiver.valid_from, end=valid_to)
    before = waiver.valid_to
    waiver.valid_to = valid_to
    waiver.save(update_fields=["valid_to", "updated_at"])
    _audit("end_waiver", waiver, actor, reason=tidy(reason), before=before.isoformat())
    reassess([waiver.hazard_id])
    return waiver


def _audit(verb: str, waiver: Waiver, actor: User | None, **facts: str) -> None:
    record(
        actor=actor,
        verb=verb,
        target_kind="hazard",
        target_id=waiver.hazard.public_id,
        waiver=str(waiver.public_id),
        valid_from=waiver.valid_from.isoformat(),
        valid_to=waiver.valid_to.isoformat(),
        **facts,
    )
