"""One change to many hazards at once: shown before it is written, one batch that can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from common.text import tidy
from hazards.models import WaterHazard
from hazards.services.inventory import HazardChange, update_hazards

MOST = 5000  # hazards of one change; about 10 s


def locked(keys: Iterable[int]) -> list[WaterHazard]:
    """Return hazards with all their columns, held until the transaction ends."""
    rows = WaterHazard.objects.select_for_update(of=("self",)).select_related("responsible_body")
    return list(rows.filter(pk__in=list(keys)).order_by("pk"))


def planned_changes(
    hazards: Iterable[WaterHazard], *, field: str, value: Any
) -> list[tuple[WaterHazard, Any, Any]]:
    """Return (hazard, value now, value then) where they differ; nothing is written.

    A note is put after what stands there. A depth class is not put over metres that are known.
    """
    plan = []
    for hazard in hazards:
        if field == "depth_class" and hazard.max_depth_m is not None:
            continue
        now = getattr(hazard, field)
        then = value
        if field == "note":
            then = value if not now else now if value in now else f"{now}; {value}"
        if now != then:
            plan.append((hazard, now, then))
    return plan


def change_many(
    plan: list[tuple[WaterHazard, Any, Any]], *, field: str, actor: User, reason: str
) -> int:
    """Write what was planned; all of it or, at the first refusal, nothing. Returns how many."""
    changes = [HazardChange(hazard, {field: then}) for hazard, _now, then in plan]
    return update_hazards(changes=changes, actor=actor, batch="bulk", reason=tidy(reason))
