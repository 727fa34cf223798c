"""What each unprotected water lacks on a day, beside its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hazards.models import HazardAssessment, SafeguardObservation
from hazards.models.assessment import DutyState
from hazards.services.responsibility import responsible_on
from hazards.taxonomy import UNPROTECTED, GapKind, ObservedState


def gap_kinds_on(on: date, assessments: Iterable[HazardAssessment]) -> dict[int, tuple[str, ...]]:
    """Return {hazard id: kinds of gap} of the unprotected among ``assessments`` of that day.

    Nobody having looked is a verdict of its own, no kind of gap. Damaged: a duty is not in place,
    and the last look at one of its safeguards, or at all of them, found damage.
    """
    unprotected = [judged for judged in assessments if judged.verdict in UNPROTECTED]
    damaged = _damaged(on)
    answered = responsible_on([judged.hazard_id for judged in unprotected], on)
    found = {}
    for judged in unprotected:
        unmet = [name for name in ("sign", "barrier", "cover") if _unmet(judged, name)]
        kinds = {
            GapKind.NO_SIGN: "sign" in unmet,
            GapKind.NO_BARRIER: bool({"barrier", "cover"} & set(unmet)),
            GapKind.DAMAGED: any((judged.hazard_id, name) in damaged for name in unmet),
            GapKind.NO_BODY: judged.hazard_id not in answered,
        }
        found[judged.hazard_id] = tuple(str(kind) for kind, holds in kinds.items() if holds)
    return found


def _unmet(judged: HazardAssessment, duty: str) -> bool:
    return bool(getattr(judged, duty) == DutyState.UNMET)


def _damaged(on: date) -> set[tuple[int, str]]:
    """Pairs (hazard id, duty) where the last look at a safeguard, or at all, found damage."""
    place = ("hazard_id", "duty", "safeguard_id", "access_place_id")
    seen = SafeguardObservation.objects.filter(observed_on__lte=on).exclude(
        state=ObservedState.NOT_CHECKED
    )
    ever = seen.filter(state=ObservedState.DAMAGED).values("hazard")
    last = seen.filter(hazard__in=ever).order_by(*place, "-observed_on", "-id").distinct(*place)
    rows = last.values_list("hazard_id", "duty", "state")
    return {(hazard, duty) for hazard, duty, state in rows if state == ObservedState.DAMAGED}
