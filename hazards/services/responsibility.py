"""Which body answers for a hazard, as what, from when and until when.

``WaterHazard.responsible_body`` follows from these rows: the body that leads today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from common.sqlfile import execute, run
from common.text import tidy
from hazards.errors import (
    DateOrderError,
    ReasonMissingError,
    ResponsibilityEndedError,
    ResponsibilityOverlapError,
    UnknownWordError,
)
from hazards.models import Responsibility, ResponsibleBody, WaterHazard
from hazards.taxonomy import ResponsibleRole

SQL = Path(__file__).parent.parent / "sql" / "responsibility.sql"
CATCH_UP_DAYS = 3660  # the nightly work may have stood still; only what is out of step is written


def responsible_on(hazard_ids: Iterable[int], day: date) -> dict[int, int]:
    """Return {hazard id: id of the body that leads on ``day``}; hazards without one are left out.

    One statement, however many hazards.
    """
    rows = run(SQL, "responsible_on", hazard_ids=list(hazard_ids), day=day)
    return {row["hazard_id"]: row["body_id"] for row in rows}


@transaction.atomic
def name_body(
    *,
    hazard: WaterHazard,
    body: ResponsibleBody,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
    document_no: str = "",
    note: str = "",
    actor: User | None,
) -> Responsibility:
    """Say that ``body`` answers for the hazard from ``valid_from`` up to, not on, ``valid_to``.

    Refuses a second body of the same role on the same day.
    """
    if role not in ResponsibleRole.values:
        raise UnknownWordError(field="role", value=role, allowed=", ".join(ResponsibleRole.values))
    if valid_to is not None and valid_to <= valid_from:
        raise DateOrderError(start=valid_from, end=valid_to)
    _lock(hazard)
    _refuse_overlap(hazard, role, valid_from, valid_to)
    named = Responsibility.objects.create(
        hazard=hazard,
        body=body,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        document_no=tidy(document_no),
        note=tidy(note),
    )
    _audit("name_responsible", named, actor)
    _derive_one(hazard)
    return named


@transaction.atomic
def end_responsibility(
    *, named: Responsibility, valid_to: date, actor: User | None, reason: str
) -> Responsibility:
    """End a responsibility: ``valid_to`` is the first day on which the body no longer answers."""
    if not tidy(reason):
        raise ReasonMissingError
    _lock(named.hazard)
    named.refresh_from_db(fields=["valid_from", "valid_to"])
    if valid_to <= named.valid_from:
        raise DateOrderError(start=named.valid_from, end=valid_to)
    if named.valid_to is not None and named.valid_to <= timezone.localdate():
        raise ResponsibilityEndedError(body=named.body, hazard=named.hazard, end=named.valid_to)
    if named.valid_to is not None and valid_to > named.valid_to:
        _refuse_overlap(named.hazard, named.role, named.valid_to, valid_to)
    named.valid_to = valid_to
    named.save(update_fields=["valid_to", "updated_at"])
    _audit("end_responsible", named, actor, reason=tidy(reason))
    _derive_one(named.hazard)
    return named


@transaction.atomic
def replace_body(
    *,
    named: Responsibility,
    body: ResponsibleBody,
    on: date,
    document_no: str = "",
    actor: User | None,
    reason: str,
) -> Responsibility:
    """Let another body take over the same role on the day ``on``."""
    end_responsibility(named=named, valid_to=on, actor=actor, reason=reason)
    return name_body(
        hazard=named.hazard,
        body=body,
        role=named.role,
        valid_from=on,
        document_no=document_no,
        actor=actor,
    )


@transaction.atomic
def end_contractor(*, hazard: WaterHazard, handover_on: date, actor: User | None) -> int:
    """End what the contractor answers for on the day of handover; returns 1 or 0."""
    _lock(hazard)
    rows = Responsibility.objects.filter(
        hazard=hazard, role=ResponsibleRole.CONTRACTOR, valid_from__lt=handover_on
    )
    named = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=handover_on)).first()
    if named is None:
        return 0
    named.valid_to = handover_on
    named.save(update_fields=["valid_to", "updated_at"])
    _audit("end_responsible", named, actor, reason="handover")
    _derive_one(hazard)
    return 1


@transaction.atomic
def follow_column(hazard_ids: Iterable[int], *, day: date | None = None) -> None:
    """Write rows for hazards whose column of the body was just given, by an import or a form.

    What led until then ends on ``day`` (today unless given); the new body takes over its role, or
    is the operator. Statements over the set, not one a hazard.
    """
    asked = {"hazard_ids": list(hazard_ids), "day": day or timezone.localdate()}
    if not asked["hazard_ids"]:
        return
    ended = run(SQL, "end_overtaken", **asked)
    ids, roles = [row["hazard_id"] for row in ended], [str(row["role"]) for row in ended]
    execute(SQL, "name_from_column", ended_ids=ids, ended_roles=roles, **asked)


@transaction.atomic
def follow_days(until: date | None = None) -> int:
    """Bring the column in step where a responsibility began or ended lately; returns how many."""
    day = until or timezone.localdate()
    turning = run(SQL, "hazards_turning", after=day - timedelta(days=CATCH_UP_DAYS), until=day)
    ids = [row["hazard_id"] for row in turning]
    return execute(SQL, "derive_bodies", hazard_ids=ids, day=day)


def _lock(hazard: WaterHazard) -> None:
    """Let one at a time change who answers for a hazard: the check for overlap needs it."""
    WaterHazard.objects.select_for_update(of=("self",)).only("pk").get(pk=hazard.pk)


def _refuse_overlap(hazard: WaterHazard, role: str, start: date, end: date | None) -> None:
    rows = Responsibility.objects.filter(hazard=hazard, role=role)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start))
    if end is not None:
        rows = rows.filter(valid_from__lt=end)
    other = rows.select_related("body").order_by("valid_from").first()
    if other is not None:
        raise ResponsibilityOverlapError(
            body=other.body,
            hazard=hazard,
            role=other.get_role_display(),
            start=other.valid_from,
        )


def _derive_one(hazard: WaterHazard) -> None:
    execute(SQL, "derive_bodies", hazard_ids=[hazard.pk], day=timezone.localdate())
    hazard.refresh_from_db(fields=["responsible_body", "updated_at"])


def _audit(verb: str, named: Responsibility, actor: User | None, **facts: str) -> None:
    record(
        actor=actor,
        verb=verb,
        target_kind="hazard",
        target_id=named.hazard.public_id,
        responsibility=str(named.public_id),
        body=str(named.body.public_id),
        role=named.role,
        valid_from=named.valid_from.isoformat(),
        valid_to=named.valid_to.isoformat() if named.valid_to else "",
        document_no=named.document_no,
        **facts,
    )
