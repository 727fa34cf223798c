"""Write down one look at a hazard from the office: several duties and the depth, all or none."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from hazards.models import AccessPlace, WaterHazard
from hazards.services.observations import record_depth, record_safeguard_state
from hazards.taxonomy import DepthClass, DepthMethod, Duty, ObservedState

OFFICE = "office"


@transaction.atomic
def record_office_visit(
    *,
    hazard: WaterHazard,
    actor: User,
    observed_on: date,
    states: Mapping[str, tuple[str, str]],
    depth_class: str = DepthClass.UNKNOWN,
    depth_m: Decimal | None = None,
    method: str = DepthMethod.UNKNOWN,
    note: str = "",
    access_place: AccessPlace | None = None,
    height_m: float | None = None,
    widest_gap_mm: float | None = None,
    coverage_share: float | None = None,
) -> int:
    """Record {duty: (state, condition)} and the depth; returns how many observations were added.

    The duties are those at the access place, or of the whole water; the measures are of its
    barrier: metres, millimetres, 0 to 1. What was not checked adds nothing. All of them share one
    source, so they show as one visit.
    """
    source: dict[str, Any] = {
        "source_kind": OFFICE,
        "source_uuid": uuid.uuid4(),
        "observer": actor,
        "note": note,
    }
    looked = {d: seen for d, seen in states.items() if seen[0] != ObservedState.NOT_CHECKED}
    measures: dict[str, Any] = {
        "height_m": height_m, "widest_gap_mm": widest_gap_mm, "coverage_share": coverage_share,
    }  # fmt: skip
    for duty, (state, condition) in looked.items():
        record_safeguard_state(
            hazard=hazard, duty=duty, state=state, condition=condition, observed_on=observed_on,
            access_place=access_place, **(measures if duty == Duty.BARRIER else {}), **source,
        )  # fmt: skip
    has_depth = depth_m is not None or depth_class != DepthClass.UNKNOWN
    if has_depth:
        record_depth(
            hazard=hazard, observed_on=observed_on, depth_class=depth_class, depth_m=depth_m,
            method=method, **source,
        )  # fmt: skip
    return len(looked) + has_depth
