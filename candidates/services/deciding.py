"""Confirm a candidate, which makes a hazard, or reject it with a reason; take that back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from candidates.errors import (
    DecidedAlreadyError,
    NoUnitError,
    ReasonUnknownError,
    StillRegisteredError,
)
from candidates.models import Candidate
from candidates.words import CandidateState, RejectReason
from common.text import tidy
from hazards.models import WaterHazard
from hazards.services.inventory import NewHazard, register_hazard
from hazards.taxonomy import PositionMethod


@transaction.atomic
def confirm(*, candidate: Candidate, actor: User, kind: str = "", name: str = "") -> WaterHazard:
    """Put the water into the register and return it; nobody has looked at it yet, so it is not
    surveyed. ``kind`` and ``name`` overrule what the source says.
    """
    candidate = _open(candidate)
    if candidate.unit_id is None:
        raise NoUnitError
    hazard = register_hazard(
        new=NewHazard(
            kind=kind or candidate.kind,
            name=name or candidate.name,
            geometry=candidate.geometry,
            unit=candidate.unit,
            position_method=PositionMethod.IMPORT,
            source=f"candidate-{candidate.origin}",
            source_id=candidate.source_key,
            source_facts={"candidate": str(candidate.public_id)},
        ),
        actor=actor,
    )
    candidate.hazard = hazard
    _decide(candidate, CandidateState.CONFIRMED, actor)
    return hazard


@transaction.atomic
def reject(
    *, candidates: Iterable[Candidate], reason: str, actor: User, note: str = ""
) -> list[Candidate]:
    """Say of each that it is no hazard, and why; the next load does not raise it again."""
    if reason not in RejectReason.values:
        raise ReasonUnknownError(reason=reason, allowed=", ".join(RejectReason.values))
    done = []
    for given in candidates:
        candidate = _open(given)
        candidate.reason, candidate.note = reason, tidy(note)
        _decide(candidate, CandidateState.REJECTED, actor)
        done.append(candidate)
    return done


@transaction.atomic
def reopen(*, candidate: Candidate, actor: User) -> Candidate:
    """Take a rejection back. A confirmed one is a hazard of the register, which stays."""
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if candidate.hazard is not None:
        raise StillRegisteredError(code=candidate.hazard.code)
    candidate.reason, candidate.note = "", ""
    _decide(candidate, CandidateState.NEW, actor)
    return candidate


def _open(candidate: Candidate) -> Candidate:
    fresh = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if fresh.state != CandidateState.NEW:
        raise DecidedAlreadyError(state=fresh.get_state_display())
    return fresh


def _decide(candidate: Candidate, state: CandidateState, actor: User) -> None:
    candidate.state = state
    candidate.decided_by = actor if state != CandidateState.NEW else None
    candidate.decided_at = timezone.now() if state != CandidateState.NEW else None
    candidate.save()
    record(
        actor=actor,
        verb=f"candidate_{state.value}",
        target_kind="candidate",
        target_id=candidate.public_id,
        reason=candidate.reason,
        hazard=candidate.hazard.code if candidate.hazard else "",
    )
