"""The steps of a decision as codes with their facts; words are made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from hazards.compliance.facts import HazardFacts, PlaceFacts
from hazards.compliance.findings import DepthFinding, DutyFinding, Fact, PlaceFinding, Reason
from hazards.compliance.rules import Rule
from hazards.compliance.words import EXPIRED, MET


def depth_reason(finding: DepthFinding, rule: Rule) -> Reason:
    if rule.min_depth_m is None:
        return Reason("any_depth")
    if finding.depth is None:
        return Reason("depth_unknown", {"min_depth_m": rule.min_depth_m})
    return Reason(
        "deep" if finding.is_deep else "shallow",
        {
            "min_depth_m": rule.min_depth_m,
            "depth_m": finding.depth.depth_m,
            "depth_class": finding.depth_class,
            "seen_on": finding.depth.observed_on,
        },
    )


def nearness_reason(rule: Rule, facts: HazardFacts) -> Reason:
    return Reason(
        "near" if rule.is_near(facts) else "nearness_unknown",
        {
            "near_house_m": rule.near_house_m,
            "near_school_m": rule.near_school_m,
            "nearest_house_m": facts.nearest_house_m,
            "nearest_school_m": facts.nearest_school_m,
        },
    )


def place_reasons(places: Sequence[PlaceFinding]) -> list[Reason]:
    """Say how each duty stands; at access places, which place lacks which duty."""
    reasons: list[Reason] = []
    named = [one for one in places if one.place is not None]
    if named:
        reasons.append(Reason("places", {"count": len(named)}))
    for one in places:
        open_duties = [duty for duty in one.duties.values() if duty.state != MET]
        if one.place is None:
            reasons += [_duty_reason(duty) for duty in one.duties.values()]
        elif open_duties:
            reasons += [_duty_reason(duty, one.place.label) for duty in open_duties]
        else:
            reasons.append(_place_in_order(one.place, list(one.duties.values())))
    return reasons


def _place_in_order(place: PlaceFacts, duties: list[DutyFinding]) -> Reason:
    until = min((duty.valid_until for duty in duties if duty.valid_until), default=None)
    return Reason("place_in_order", {"place": place.label, "valid_until": until})


def _duty_reason(finding: DutyFinding, place: str = "") -> Reason:
    facts: dict[str, Fact] = {"duty": finding.duty}
    if place:
        facts["place"] = place
    seen = finding.because
    if seen is not None:
        facts |= {
            "state": seen.state,
            "seen_on": seen.observed_on,
            "observation": seen.uuid,
        }
    if finding.state in (MET, EXPIRED):
        facts["valid_until"] = finding.valid_until
    if finding.shortfall and seen is not None:
        facts |= {
            "shortfall": finding.shortfall,
            "height_m": seen.height_m,
            "widest_gap_mm": seen.widest_gap_mm,
        }
    return Reason(f"duty_{finding.state}", facts)
