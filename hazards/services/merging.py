"""Two records of one water become one, and can become two again."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from common.text import tidy
from hazards.errors import MergeNotPossibleError, MergeUndoneError
from hazards.models import HazardMerge, PairDecision, WaterHazard
from hazards.services.assessment import reassess
from hazards.taxonomy import NOT_LISTED, Lifecycle

# Rows that hang on a hazard but are made from it, or say something of the pair itself. The shapes
# of the merged record are its own: the survivor keeps its shape.
NOT_MOVED = frozenset(
    {"hazardassessment", "hazardmerge", "pairdecision", "hazardshape", "hazardunit"}
)
GONE = NOT_LISTED


def followers() -> list[Any]:
    """Return every column of every table that says to which hazard a row belongs."""
    found = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            is_ours = isinstance(field, models.ForeignKey) and field.related_model is WaterHazard
            if is_ours and field.model is model and model._meta.model_name not in NOT_MOVED:
                found.append(field)
    return found


@transaction.atomic
def merge(
    *, survivor: WaterHazard, merged: WaterHazard, actor: User, reason: str = ""
) -> HazardMerge:
    """Let ``merged`` go into ``survivor``: observations, safeguards, photos and the like follow.

    The survivor keeps its code, shape and facts. Nothing is deleted: the merged record stays,
    marked as a duplicate, and its code leads to the survivor. Where both say different things of
    one day, the worse counts, as everywhere.
    """
    rows = WaterHazard.objects.select_for_update().filter(pk__in=[survivor.pk, merged.pk])
    locked = {row.pk: row for row in rows.order_by("pk")}
    if len(locked) != 2:
        raise MergeNotPossibleError(code=merged.code)
    survivor, merged = locked[survivor.pk], locked[merged.pk]
    for row in (survivor, merged):
        if row.lifecycle in GONE:
            raise MergeNotPossibleError(code=row.code)
    moved: dict[str, list[int]] = {}
    for field in followers():
        keys = list(
            field.model._base_manager.filter(**{field.name: merged}).values_list("pk", flat=True)
        )
        if keys:
            moved[f"{field.model._meta.label}.{field.name}"] = keys
            field.model._base_manager.filter(pk__in=keys).update(**{field.name: survivor})
    done = HazardMerge.objects.create(
        survivor=survivor, merged=merged, lifecycle_before=merged.lifecycle, moved=moved,
        reason=tidy(reason), merged_by=actor,
    )  # fmt: skip
    merged.lifecycle = Lifecycle.DUPLICATE
    merged.save(update_fields=["lifecycle", "updated_at"])
    _tell("merge_hazards", done, actor)
    reassess([survivor.pk, merged.pk])
    return done


@transaction.atomic
def undo_merge(*, merge: HazardMerge, actor: User) -> None:
    """Make two of one again: the rows that came with the merged record go back to it.

    What was written down since stays with the survivor, which is where people saw it.
    """
    merge = HazardMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise MergeUndoneError(code=merge.merged.code)
    fields = {f"{field.model._meta.label}.{field.name}": field for field in followers()}
    for label, keys in merge.moved.items():
        field = fields[label]
        still = {"pk__in": keys, field.name: merge.survivor}
        field.model._base_manager.filter(**still).update(**{field.name: merge.merged})
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at", "updated_at"])
    merged = merge.merged
    merged.lifecycle = merge.lifecycle_before
    merged.save(update_fields=["lifecycle", "updated_at"])
    _tell("undo_merge", merge, actor)
    reassess([merge.survivor_id, merge.merged_id])


@transaction.atomic
def keep_apart(*, one: WaterHazard, other: WaterHazard, actor: User) -> PairDecision:
    """Say that the two are two waters; the pair does not come up again."""
    first, second = sorted([one, other], key=lambda hazard: hazard.pk)
    decided, is_new = PairDecision.objects.get_or_create(
        first=first, second=second, defaults={"decided_by": actor}
    )
    if is_new:
        facts = {"codes": [first.code, second.code]}
        record(actor=actor, verb="keep_hazards_apart", target_kind="hazard",
               target_id=first.public_id, **facts)  # fmt: skip
    return decided


def current(hazard: WaterHazard) -> WaterHazard:
    """Return the hazard that stands for ``hazard`` now: itself, or what it was merged into."""
    seen = {hazard.pk}
    while True:
        step = HazardMerge.objects.filter(merged=hazard, undone_at__isnull=True).first()
        if step is None or step.survivor_id in seen:
            return hazard
        hazard = step.survivor
        seen.add(hazard.pk)


def _tell(verb: str, merge: HazardMerge, actor: User) -> None:
    facts: dict[str, Any] = {
        "survivor": merge.survivor.code,
        "merged": merge.merged.code,
        "rows": {label: len(keys) for label, keys in merge.moved.items()},
    }
    record(actor=actor, verb=verb, target_kind="hazard", target_id=merge.survivor.public_id,
           **facts)  # fmt: skip
