"""One record turns out to be two waters: what belongs to the second goes there with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from hazards.errors import NothingToMoveError
from hazards.models import (
    DepthObservation,
    HazardPhoto,
    Safeguard,
    SafeguardObservation,
    WaterHazard,
)
from hazards.services.assessment import reassess
from hazards.services.inventory import NewHazard, register_hazard

SPLIT_FROM = "split_from"  # the key of source_facts with the code of the record before


@transaction.atomic
def split_hazard(
    *,
    hazard: WaterHazard,
    new: NewHazard,
    safeguard_ids: Collection[int],
    observation_ids: Collection[int],
    depth_ids: Collection[int],
    photo_ids: Collection[int],
    actor: User | None,
    reason: str = "",
) -> WaterHazard:
    """Register ``new`` beside ``hazard`` and move the given rows of it there; return the new one.

    The record before keeps its code and all the rest. Safeguards take what was seen of them along
    and leave their access place. Rows of another hazard are refused with NothingToMoveError. Undone
    as one batch of the history, the rows go back and the new record is marked as an error.
    """
    made = register_hazard(new=new, actor=actor)
    made.source_facts = {**made.source_facts, SPLIT_FROM: hazard.code}
    made.save(update_fields=["source_facts", "updated_at"])
    seen = SafeguardObservation.objects.filter(hazard=hazard)
    of_safeguards = seen.filter(safeguard__in=safeguard_ids).values_list("pk", flat=True)
    moves: list[tuple[Any, Collection[int]]] = [
        (Safeguard, safeguard_ids),
        (SafeguardObservation, {*of_safeguards, *observation_ids}),
        (DepthObservation, depth_ids),
        (HazardPhoto, photo_ids),
    ]
    for model, ids in moves:
        _move(model, ids, hazard, made)
    record(
        actor=actor, verb="split_hazard", target_kind="hazard", target_id=hazard.public_id,
        code=hazard.code, new=made.code, reason=reason,
    )  # fmt: skip
    reassess([hazard.pk, made.pk])
    return made


def _move(model: Any, ids: Collection[int], source: WaterHazard, target: WaterHazard) -> None:
    if not ids:
        return
    rows = model._default_manager.filter(pk__in=ids, hazard=source)
    changes: dict[str, Any] = {"hazard": target}
    if model in (Safeguard, SafeguardObservation):
        changes["access_place"] = None
    if rows.update(**changes) != len(set(ids)):
        raise NothingToMoveError(code=source.code)
