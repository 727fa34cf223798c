"""Facts and rules on a day -> the verdict and its reasons. The order is docs/compliance-rules.md.

The same decision stands as one statement in hazards/sql/assessment.sql; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from hazards.compliance.evidence import judge_duty, latest_depth, speaks
from hazards.compliance.facts import DepthFacts, HazardFacts
from hazards.compliance.findings import DepthFinding, DutyFinding, Fact, Findings, Reason
from hazards.compliance.rules import Rule, rule_for
from hazards.compliance.words import (
    COMPLIANT,
    DEPTH_UNKNOWN,
    DUTIES,
    EVIDENCE_EXPIRED,
    EXPIRED,
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
)


def evaluate(facts: HazardFacts, rules: Sequence[Rule], on: date) -> Findings:
    """Return the verdict on one hazard on a day, with every fact that it rests on.

    What was observed after ``on`` does not exist. Unknown is never safe: no verdict becomes
    compliant, or leaves the scope, because something is not known.
    """
    has_water = facts.lifecycle in LIFECYCLES_WITH_WATER
    rule = rule_for(facts, rules, on) if has_water else None
    depth = _judge_depth(facts, rule, on)
    duties = {
        duty: judge_duty(duty, facts.observations, rule, on)
        for duty in DUTIES
        if rule and duty in rule.duties
    }
    verdict, reasons = _decide(facts, rule, depth, duties, on)
    if verdict == OUT_OF_SCOPE:
        duties = {}
    return Findings(
        verdict=verdict,
        on=on,
        duties={duty: duties.get(duty, DutyFinding(duty, NOT_REQUIRED)) for duty in DUTIES},
        depth=depth,
        reasons=tuple(reasons),
        changes_on=_changes_on(facts, rules, duties, on) if has_water else None,
        rule=rule,
        last_observed_on=_last_look(facts, on),
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
    duties: dict[str, DutyFinding],
    on: date,
) -> tuple[str, list[Reason]]:
    if facts.lifecycle not in LIFECYCLES_WITH_WATER:
        return OUT_OF_SCOPE, [Reason("lifecycle_without_water", {"lifecycle": facts.lifecycle})]
    if rule is None:
        return OUT_OF_SCOPE, [Reason("no_rule", {"kind": facts.kind})]
    reasons = [Reason("rule", {"rule": rule.code, "valid_from": rule.valid_from})]
    if rule.asks_for_nearness:
        reasons.append(_nearness_reason(rule, facts))
    waiver = next((one for one in facts.waivers if one.valid_from <= on < one.valid_to), None)
    if waiver is not None:
        said: dict[str, Fact] = {"until": waiver.valid_to, "reason": waiver.reason}
        return WAIVED, [*reasons, Reason("waived", said), *_duty_reasons(duties)]
    reasons.append(_depth_reason(depth, rule))
    if depth.is_deep is False:
        return OUT_OF_SCOPE, reasons
    reasons += _duty_reasons(duties)
    return _verdict_of(rule, depth, [duty.state for duty in duties.values()]), reasons


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


def _depth_reason(finding: DepthFinding, rule: Rule) -> Reason:
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


def _nearness_reason(rule: Rule, facts: HazardFacts) -> Reason:
    return Reason(
        "near" if rule.is_near(facts) else "nearness_unknown",
        {
            "near_house_m": rule.near_house_m,
            "near_school_m": rule.near_school_m,
            "nearest_house_m": facts.nearest_house_m,
            "nearest_school_m": facts.nearest_school_m,
        },
    )


def _duty_reasons(duties: dict[str, DutyFinding]) -> list[Reason]:
    return [_duty_reason(finding) for finding in duties.values()]


def _duty_reason(finding: DutyFinding) -> Reason:
    facts: dict[str, Fact] = {"duty": finding.duty}
    if finding.because is not None:
        facts |= {
            "state": finding.because.state,
            "seen_on": finding.because.observed_on,
            "observation": finding.because.uuid,
        }
    if finding.state in (MET, EXPIRED):
        facts["valid_until"] = finding.valid_until
    return Reason(f"duty_{finding.state}", facts)


def _last_look(facts: HazardFacts, on: date) -> date | None:
    looks = [seen.observed_on for seen in facts.observations if speaks(seen, on)]
    depths = [
        seen.observed_on
        for seen in facts.depths
        if seen.observed_on <= on and seen.at_most_m is not None
    ]
    return max([*looks, *depths], default=None)


def _changes_on(
    facts: HazardFacts, rules: Iterable[Rule], duties: dict[str, DutyFinding], on: date
) -> date | None:
    """Return the first later day on which something the verdict rests on begins or ends."""
    days: list[date | None] = []
    for rule in rules:
        if facts.kind in rule.kinds:
            days += [rule.valid_from, rule.valid_to]
    for waiver in facts.waivers:
        days += [waiver.valid_from, waiver.valid_to]
    for duty in duties.values():
        days.append(duty.valid_until if duty.state == MET else None)
    days += [
        seen.removed_on
        for seen in facts.observations
        if seen.duty in duties and seen.observed_on <= on and speaks(seen, on)
    ]
    days.append(_own_depth_begins(facts.own_depth))
    return min((day for day in days if day is not None and day > on), default=None)


def _own_depth_begins(own: DepthFacts | None) -> date | None:
    return own.observed_on if own else None
