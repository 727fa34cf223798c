"""Write down what somebody saw of a hazard on a day. Observations are only ever added."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from common.text import tidy
from hazards.errors import (
    ContradictionError,
    FutureDateError,
    NoDutyError,
    OtherHazardError,
    SafeguardRemovedError,
    UnknownWordError,
)
from hazards.models import (
    AccessPlace,
    DepthObservation,
    Safeguard,
    SafeguardObservation,
    WaterHazard,
)
from hazards.services.assessment import reassess
from hazards.services.preparation import read_depth_m
from hazards.services.safeguards import check_place_of
from hazards.taxonomy import (
    DUTY_OF_SAFEGUARD,
    Condition,
    DepthClass,
    DepthMethod,
    Duty,
    ObservedState,
    class_of_depth,
)

# A safeguard in one of these conditions does not do its work, so it is not "present".
BROKEN = frozenset(
    {Condition.FALLEN, Condition.HIDDEN, Condition.WRONG_TEXT, Condition.GAP, Condition.COLLAPSED}
)


@transaction.atomic
def record_safeguard_state(
    *,
    hazard: WaterHazard,
    duty: str,
    state: str,
    observed_on: date,
    source_kind: str,
    safeguard: Safeguard | None = None,
    access_place: AccessPlace | None = None,
    condition: str = "",
    height_m: float | None = None,
    widest_gap_mm: float | None = None,
    coverage_share: float | None = None,
    observer: User | None = None,
    actor: User | None = None,
    source_uuid: uuid.UUID | None = None,
    is_synthetic: bool = False,
    note: str = "",
) -> SafeguardObservation:
    """Record the state of one safeguard, or of the whole duty when ``safeguard`` is None.

    A whole-duty statement is about all of them, at one ``access_place`` or at the whole hazard:
    "missing" means none anywhere, "present" that the duty is met all round. Metres, millimetres,
    0 to 1. ``actor`` is who writes it down, the observer when not given.
    """
    _check_word("duty", duty, Duty)
    _check_word("state", state, ObservedState)
    if condition:
        _check_word("condition", condition, Condition)
    _check_date(observed_on)
    _check_safeguard(hazard, safeguard, duty, observed_on)
    check_place_of(hazard, access_place)
    _check_state(state, condition, coverage_share)
    observation = SafeguardObservation.objects.create(
        hazard=hazard,
        safeguard=safeguard,
        access_place=None if safeguard else access_place,
        duty=duty,
        state=state,
        condition=condition,
        height_m=height_m,
        widest_gap_mm=widest_gap_mm,
        coverage_share=coverage_share,
        **_common(observed_on, source_kind, source_uuid, observer, is_synthetic, note),
    )
    _audit("record_safeguard_state", hazard, actor or observer, duty=duty, state=state,
           observation=observation)  # fmt: skip
    reassess([hazard.pk])
    return observation


@transaction.atomic
def record_depth(
    *,
    hazard: WaterHazard,
    observed_on: date,
    source_kind: str,
    depth_class: str = DepthClass.UNKNOWN,
    depth_m: Decimal | float | None = None,
    method: str = DepthMethod.UNKNOWN,
    observer: User | None = None,
    actor: User | None = None,
    source_uuid: uuid.UUID | None = None,
    is_synthetic: bool = False,
    note: str = "",
) -> DepthObservation:
    """Record a depth; metres decide over a class when both are given."""
    _check_word("depth_class", depth_class, DepthClass)
    _check_word("method", method, DepthMethod)
    _check_date(observed_on)
    metres = None if depth_m is None else read_depth_m(depth_m)
    observation = DepthObservation.objects.create(
        hazard=hazard,
        depth_class=depth_class if metres is None else class_of_depth(metres),
        depth_m=metres,
        method=method,
        **_common(observed_on, source_kind, source_uuid, observer, is_synthetic, note),
    )
    _audit("record_depth", hazard, actor or observer, observation=observation)
    reassess([hazard.pk])
    return observation


def _common(
    observed_on: date,
    source_kind: str,
    source_uuid: uuid.UUID | None,
    observer: User | None,
    is_synthetic: bool,
    note: str,
) -> dict[str, Any]:
    return {
        "observed_on": observed_on,
        "source_kind": source_kind,
        "source_uuid": source_uuid,
        "observer": observer,
        "is_synthetic": is_synthetic,
        "note": tidy(note),
    }


def _check_word(field: str, value: str, words: Any) -> None:
    if value not in words.values:
        raise UnknownWordError(field=field, value=value, allowed=", ".join(words.values))


def _check_date(day: date) -> None:
    if day > timezone.localdate():
        raise FutureDateError(day=day)


def _check_safeguard(
    hazard: WaterHazard, safeguard: Safeguard | None, duty: str, observed_on: date
) -> None:
    if safeguard is None:
        return
    if safeguard.hazard_id != hazard.pk:
        raise OtherHazardError(safeguard=safeguard, hazard=hazard.code)
    if safeguard.removed_on and safeguard.removed_on <= observed_on:
        raise SafeguardRemovedError(safeguard=safeguard, day=safeguard.removed_on)
    if DUTY_OF_SAFEGUARD.get(safeguard.kind) != duty:
        raise NoDutyError(kind=safeguard.get_kind_display(), duty=Duty(duty).label)


def _check_state(state: str, condition: str, coverage_share: float | None) -> None:
    """Refuse "present" beside a finding that says otherwise: it would turn a gap green."""
    if state != ObservedState.PRESENT:
        return
    if condition in BROKEN:
        raise ContradictionError(
            state=ObservedState.PRESENT.label, finding=Condition(condition).label
        )
    if coverage_share is not None and coverage_share < 1:
        raise ContradictionError(state=ObservedState.PRESENT.label, finding=f"{coverage_share:.0%}")


def _audit(verb: str, hazard: WaterHazard, actor: User | None, **facts: Any) -> None:
    observation = facts.pop("observation", None)
    if observation is not None:
        facts |= {
            "observation": str(observation.public_id),
            "observed_on": observation.observed_on.isoformat(),
            "source_kind": observation.source_kind,
        }
    record(actor=actor, verb=verb, target_kind="hazard", target_id=hazard.public_id, **facts)
