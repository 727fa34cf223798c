"""From rows to the plain facts that the rulebook judges, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from hazards.compliance.facts import (
    DepthFacts,
    HazardFacts,
    ObservationFacts,
    PlaceFacts,
    WaiverFacts,
)
from hazards.compliance.rules import Rule
from hazards.models import (
    AccessPlace,
    ComplianceRule,
    DepthObservation,
    SafeguardObservation,
    Waiver,
    WaterHazard,
)
from hazards.taxonomy import DUTY_OF_SAFEGUARD


def facts_of_hazards(hazards: Iterable[WaterHazard]) -> dict[int, HazardFacts]:
    """Return {hazard id: facts}, in four queries however many hazards there are."""
    hazards = list(hazards)
    ids = [hazard.pk for hazard in hazards]
    observations, depths, waivers = _observations(ids), _depths(ids), _waivers(ids)
    places = _places(ids)
    return {
        hazard.pk: HazardFacts(
            kind=hazard.kind,
            lifecycle=hazard.lifecycle,
            nearest_house_m=hazard.nearest_house_m,
            nearest_school_m=hazard.nearest_school_m,
            own_depth=DepthFacts(
                observed_on=hazard.registered_on,
                depth_class=hazard.depth_class,
                depth_m=_metres(hazard.max_depth_m),
                method=hazard.depth_method,
            ),
            observations=tuple(observations[hazard.pk]),
            depths=tuple(depths[hazard.pk]),
            waivers=tuple(waivers[hazard.pk]),
            places=tuple(places[hazard.pk]),
        )
        for hazard in hazards
    }


def all_rules() -> list[Rule]:
    """Return every rule that is or was in force, as the rulebook reads it."""
    return [rule_of(row) for row in ComplianceRule.objects.all()]


def rule_of(row: ComplianceRule) -> Rule:
    return Rule(
        id=row.pk,
        code=row.rule_code,
        kinds=frozenset(row.kinds),
        duties=tuple(row.duties),
        min_depth_m=_metres(row.min_depth_m),
        lifecycles=frozenset(row.lifecycles),
        near_house_m=row.near_house_m,
        near_school_m=row.near_school_m,
        min_barrier_height_m=row.min_barrier_height_m,
        max_barrier_gap_mm=row.max_barrier_gap_mm,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        valid_months={
            "sign": row.sign_valid_months,
            "barrier": row.barrier_valid_months,
            "cover": row.cover_valid_months,
        },
    )


def _metres(value: object) -> float | None:
    return None if value is None else float(str(value))


def _observations(ids: list[int]) -> dict[int, list[ObservationFacts]]:
    found: dict[int, list[ObservationFacts]] = defaultdict(list)
    rows = SafeguardObservation.objects.filter(hazard__in=ids).select_related("safeguard")
    for row in rows.order_by("id"):
        safeguard = row.safeguard
        if safeguard is not None and DUTY_OF_SAFEGUARD.get(safeguard.kind) != row.duty:
            continue  # a boundary marker is no sign, whoever wrote it down as one
        if safeguard is not None and safeguard.withdrawn_at is not None:
            continue  # entered by mistake, with all that was seen of it
        place_id = safeguard.access_place_id if safeguard else row.access_place_id
        found[row.hazard_id].append(
            ObservationFacts(
                uuid=str(row.public_id),
                duty=row.duty,
                state=row.state,
                observed_on=row.observed_on,
                safeguard=str(safeguard.pk) if safeguard else None,
                removed_on=safeguard.removed_on if safeguard else None,
                place=None if place_id is None else str(place_id),
                height_m=row.height_m,
                widest_gap_mm=row.widest_gap_mm,
            )
        )
    return found


def _places(ids: list[int]) -> dict[int, list[PlaceFacts]]:
    found: dict[int, list[PlaceFacts]] = defaultdict(list)
    for row in AccessPlace.objects.filter(hazard__in=ids).order_by("id"):
        found[row.hazard_id].append(
            PlaceFacts(
                uuid=str(row.pk), label=row.label, known_from=row.known_from, known_to=row.known_to
            )
        )
    return found


def _depths(ids: list[int]) -> dict[int, list[DepthFacts]]:
    found: dict[int, list[DepthFacts]] = defaultdict(list)
    for row in DepthObservation.objects.filter(hazard__in=ids).order_by("id"):
        found[row.hazard_id].append(
            DepthFacts(
                uuid=str(row.public_id),
                observed_on=row.observed_on,
                depth_class=row.depth_class,
                depth_m=_metres(row.depth_m),
                method=row.method,
            )
        )
    return found


def _waivers(ids: list[int]) -> dict[int, list[WaiverFacts]]:
    found: dict[int, list[WaiverFacts]] = defaultdict(list)
    for row in Waiver.objects.filter(hazard__in=ids).order_by("valid_from", "id"):
        found[row.hazard_id].append(
            WaiverFacts(
                uuid=str(row.public_id),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                reason=row.reason,
            )
        )
    return found
