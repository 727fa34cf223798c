"""The verdict on one hazard as a list shows it, and the part of a filter that it decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from hazards.models.assessment import DutyState
from hazards.selectors.filters import UNSEEN_VERDICTS, HazardFilter
from hazards.taxonomy import DepthClass, Verdict

_NOT_SEEN = (DutyState.UNKNOWN, DutyState.EXPIRED)


@dataclass(frozen=True)
class HazardState:
    """What the evidence says of a hazard on a day. The default: nobody has looked."""

    verdict: str = Verdict.NOT_SURVEYED
    sign: str = DutyState.UNKNOWN
    barrier: str = DutyState.UNKNOWN
    cover: str = DutyState.NOT_REQUIRED
    depth_class: str = DepthClass.UNKNOWN
    depth_m: Decimal | None = None
    last_observed_on: date | None = None


NOBODY_LOOKED = HazardState()


def state_of(assessment: Any) -> HazardState:
    """Read a stored or a computed assessment; None is a hazard that nobody has looked at."""
    if assessment is None:
        return NOBODY_LOOKED
    return HazardState(
        verdict=str(assessment.verdict),
        sign=str(assessment.sign),
        barrier=str(assessment.barrier),
        cover=str(assessment.cover),
        depth_class=str(assessment.depth_class),
        depth_m=assessment.depth_m,
        last_observed_on=assessment.last_observed_on,
    )


def stored_state_condition(wanted: HazardFilter) -> Q:
    """Return the filter's condition on stored verdicts, the verdict itself left out."""
    condition = Q()
    if wanted.duties:
        missing = Q()
        for duty in wanted.duties:
            missing |= Q(**{f"assessment__{duty}": DutyState.UNMET})
            missing |= Q(
                **{f"assessment__{duty}__in": _NOT_SEEN, "assessment__verdict__in": UNSEEN_VERDICTS}
            )
        condition &= missing
    if wanted.last_look_before is not None:
        condition &= Q(assessment__last_observed_on__lte=wanted.last_look_before) | Q(
            assessment__last_observed_on__isnull=True
        )
    return condition


def state_fits(state: HazardState, wanted: HazardFilter) -> bool:
    """Say the same as ``stored_state_condition``, of a state worked out for another day."""
    if wanted.duties and not any(_is_missing(state, duty) for duty in wanted.duties):
        return False
    if wanted.last_look_before is None or state.last_observed_on is None:
        return True
    return state.last_observed_on <= wanted.last_look_before


def _is_missing(state: HazardState, duty: str) -> bool:
    found = getattr(state, duty)
    return found == DutyState.UNMET or (found in _NOT_SEEN and state.verdict in UNSEEN_VERDICTS)
