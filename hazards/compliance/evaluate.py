"""Facts and rules on a day -> the verdict and its reasons. The order is docs/compliance-rules.md.

The same decision stands as one statement in hazards/sql/assessment.sql; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from hazards.compliance.evidence import judge_duty, latest_depth, speaks
from hazards.compliance.facts import DepthFacts, HazardFacts, ObservationFacts, PlaceFacts
from hazards.compliance.findings import (
    DepthFinding,
    DutyFinding,
    Fact,
    Findings,
    PlaceFinding,
    Reason,
)
from hazards.compliance.places import seen_at, seen_of_whole
from hazards.compliance.reasons import depth_reason, nearness_reason, place_reasons
from hazards.compliance.rules import Rule, rule_for
from hazards.compliance.words import (
    COMPLIANT,
    DEPTH_UNKNOWN,
    DUTIES,
    EVIDENCE_EXPIRED,
    LIFECYCLES_WITH_WATER,
    MET,
    NONCOMPLIANT,
    NOT_REQUIRED,
    NOT_SURVEYED,
    OUT_OF_SCOPE,
    PARTLY,
    UNKNOWN,
    UNMET,
    WAIVED,
    WORST_FIRST,
    WORST_STATE_FIRST,
)


def evaluate(facts: HazardFacts, rules: Sequence[Rule], on: date) -> Findings:
    """Return the verdict on one hazard on a day, with every fact that it rests on.

    What was observed after ``on`` does not exist. Unknown is never safe: no verdict becomes
    compliant, or leaves the scope, because something is not known. Where people reach the water at
    access places known on that day, each is judged, and the worst is the verdict.
    """
    has_water = facts.lifecycle in LIFECYCLES_WITH_WATER
    speaking = rule_for(facts, rules, on)
    rule = speaking if has_water else None
    depth = _judge_depth(facts, rule, on)
    spots = _spots(facts, speaking, on)
    places = [_judge_place(place, seen, rule, depth, on) for place, seen in spots if rule]
    verdict, reasons = _decide(facts, rule, depth, places, on)
    if verdict == OUT_OF_SCOPE:
        places = []
    weighed = [one for _place, seen in spots for one in seen]
    return Findings(
        verdict=verdict,
        on=on,
        duties={duty: _worst_duty(duty, places) for duty in DUTIES},
        depth=depth,
        reasons=tuple(reasons),
        changes_on=_changes_on(facts, rules, places, weighed, on) if has_water else None,
        rule=rule,
        last_observed_on=_last_look(facts, weighed, on),
        places=tuple(one for one in places if one.place is not None),
    )


def _spots(
    facts: HazardFacts, rule: Rule | None, on: date
) -> list[tuple[PlaceFacts | None, list[ObservationFacts]]]:
    """Return each place to be judged with what speaks there; the whole hazard where it has none."""
    places = [place for place in facts.places if place.in_force(on)]
    if not places:
        return [(None, seen_of_whole(facts.observations))]
    return [(place, seen_at(place, facts.observations, rule, on)) for place in places]


def _judge_place(
    place: PlaceFacts | None,
    seen: list[ObservationFacts],
    rule: Rule,
    depth: DepthFinding,
    on: date,
) -> PlaceFinding:
    duties = {duty: judge_duty(duty, seen, rule, on) for duty in DUTIES if duty in rule.duties}
    verdict = _verdict_of(rule, depth, [duty.state for duty in duties.values()])
    return PlaceFinding(place, verdict, duties)


def _worst_duty(duty: str, places: Iterable[PlaceFinding]) -> DutyFinding:
    """Return the worst finding of all places; of equal ones the one that runs out first."""
    found = [place.duties[duty] for place in places if duty in place.duties]
    return min(
        found,
        key=lambda one: (WORST_STATE_FIRST.index(one.state), one.valid_until or date.max),
        default=DutyFinding(duty, NOT_REQUIRED),
    )


def _judge_depth(facts: HazardFacts, rule: Rule | None, on: date) -> DepthFinding:
    depth = latest_depth(facts.depths, facts.own_depth, on)
    at_most_m = depth.at_most_m if depth else None
    if rule is None or rule.min_depth_m is None or at_most_m is None:
        return DepthFinding(depth, None)
    return DepthFinding(depth, at_most_m > rule.min_depth_m)


def _decide(
    facts: HazardFacts,
    rule: Rule | None,
    depth: DepthFinding,
    places: list[PlaceFinding],
    on: date,
) -> tuple[str, list[Reason]]:
    if facts.lifecycle not in LIFECYCLES_WITH_WATER:
        return OUT_OF_SCOPE, [Reason("lifecycle_without_water", {"lifecycle": facts.lifecycle})]
    if rule is None:
        return OUT_OF_SCOPE, [Reason("no_rule", {"kind": facts.kind})]
    reasons = [Reason("rule", {"rule": rule.code, "valid_from": rule.valid_from})]
    if rule.asks_for_nearness:
        reasons.append(nearness_reason(rule, facts))
    waiver = next((one for one in facts.waivers if one.valid_from <= on < one.valid_to), None)
    if waiver is not None:
        said: dict[str, Fact] = {"until": waiver.valid_to, "reason": waiver.reason}
        return WAIVED, [*reasons, Reason("waived", said), *place_reasons(places)]
    reasons.append(depth_reason(depth, rule))
    if depth.is_deep is False:
        return OUT_OF_SCOPE, reasons
    reasons += place_reasons(places)
    return min((place.verdict for place in places), key=WORST_FIRST.index), reasons


def _verdict_of(rule: Rule, depth: DepthFinding, states: list[str]) -> str:
    if all(state == UNKNOWN for state in states):
        return NOT_SURVEYED
    if rule.min_depth_m is not None and depth.is_deep is None:
        return DEPTH_UNKNOWN
    if all(state == MET for state in states):
        return COMPLIANT
    if UNMET in states:
        return PARTLY if MET in states else NONCOMPLIANT
    return NOT_SURVEYED if UNKNOWN in states else EVIDENCE_EXPIRED


def _last_look(facts: HazardFacts, weighed: list[ObservationFacts], on: date) -> date | None:
    looks = [seen.observed_on for seen in weighed if speaks(seen, on)]
    depths = [
        seen.observed_on
        for seen in facts.depths
        if seen.observed_on <= on and seen.at_most_m is not None
    ]
    return max([*looks, *depths], default=None)


def _changes_on(
    facts: HazardFacts,
    rules: Iterable[Rule],
    places: list[PlaceFinding],
    weighed: list[ObservationFacts],
    on: date,
) -> date | None:
    """Return the first later day on which something the verdict rests on begins or ends."""
    days: list[date | None] = []
    for rule in rules:
        if facts.kind in rule.kinds:
            days += [rule.valid_from, rule.valid_to]
    for waiver in facts.waivers:
        days += [waiver.valid_from, waiver.valid_to]
    if places:  # in scope
        duties = [duty for place in places for duty in place.duties.values()]
        days += [duty.valid_until for duty in duties if duty.state == MET]
        required = {duty.duty for duty in duties}
        days += [seen.removed_on for seen in weighed if seen.duty in required and speaks(seen, on)]
        for place in facts.places:
            days += [place.known_from, place.known_to]
    days.append(_own_depth_begins(facts.own_depth))
    return min((day for day in days if day is not None and day > on), default=None)


def _own_depth_begins(own: DepthFacts | None) -> date | None:
    return own.observed_on if own else None
