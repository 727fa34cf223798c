"""What must hold of the rulebook for any facts at all."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hazards.compliance.evaluate import evaluate
from hazards.compliance.facts import DepthFacts, HazardFacts, ObservationFacts, WaiverFacts
from hazards.compliance.rules import Rule

START = date(2025, 1, 1)
days = st.integers(0, 700).map(lambda n: START + timedelta(days=n))
ids = st.integers(0, 10**6).map(str)
classes = st.sampled_from(["lt_0_5", "0_5_to_1", "1_to_2", "gt_2", "unknown"])
metres = st.none() | st.sampled_from([0.4, 1.0, 1.01, 1.5, 1.8, 3.0])
states = st.sampled_from(["present", "present", "partial", "damaged", "missing", "not_checked"])
duties = st.sampled_from(["sign", "barrier", "cover"])

observations = st.builds(
    ObservationFacts,
    uuid=ids,
    duty=duties,
    state=states,
    observed_on=days,
    safeguard=st.none() | st.sampled_from(["A", "B"]),
)
depths = st.builds(DepthFacts, observed_on=days, depth_class=classes, depth_m=metres, uuid=ids)


@st.composite
def waivers(draw):
    start = draw(days)
    end = start + timedelta(days=draw(st.integers(1, 300)))
    return WaiverFacts(valid_from=start, valid_to=end)


@st.composite
def rule_sets(draw):
    """One or two versions of one rule, the second beginning where the first ends, or later."""
    found = []
    begin = START - timedelta(days=draw(st.integers(0, 100)))
    for number in range(draw(st.integers(1, 2))):
        end = draw(st.none() | days)
        found.append(
            Rule(
                code=f"rule-{number}",
                kinds=frozenset({"pond"}),
                duties=draw(st.sampled_from([("sign",), ("sign", "barrier"), ("cover",)])),
                min_depth_m=draw(st.sampled_from([None, 0.5, 1.0, 1.7])),
                valid_from=begin,
                valid_to=end if end and end > begin else None,
                valid_months={
                    "sign": draw(st.integers(1, 8)),
                    "barrier": draw(st.integers(1, 14)),
                    "cover": 12,
                },
            )
        )
        if found[-1].valid_to is None:
            break
        begin = found[-1].valid_to + timedelta(days=draw(st.integers(0, 50)))
    return found


hazards = st.builds(
    HazardFacts,
    kind=st.sampled_from(["pond", "pond", "pond", "pool"]),
    lifecycle=st.sampled_from(["in_use", "in_use", "under_construction", "filled"]),
    own_depth=st.none() | depths,
    observations=st.lists(observations, max_size=8).map(tuple),
    depths=st.lists(depths, max_size=3).map(tuple),
    waivers=st.lists(waivers(), max_size=2).map(tuple),
)


def said(findings):
    states = [findings.state(duty) for duty in ("sign", "barrier", "cover")]
    return findings.verdict, states


@given(hazards, rule_sets(), days)
def test_nothing_changes_before_the_day_named(facts, rules, on):
    findings = evaluate(facts, rules, on)
    seen_by_now = replace(
        facts,
        observations=tuple(o for o in facts.observations if o.observed_on <= on),
        depths=tuple(d for d in facts.depths if d.observed_on <= on),
    )
    last = min(findings.changes_on or date.max, on + timedelta(days=900))
    span = (last - on).days
    for step in {1, span // 3, span // 2, span - 1}:
        if 0 < step < span:
            assert said(evaluate(seen_by_now, rules, on + timedelta(days=step))) == said(findings)


@given(hazards, rule_sets(), days, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(facts, rules, on, random):
    shuffled = [*facts.observations, *facts.observations]
    shuffled_depths = [*facts.depths, *facts.depths]
    random.shuffle(shuffled)
    random.shuffle(shuffled_depths)
    other = replace(facts, observations=tuple(shuffled), depths=tuple(shuffled_depths))

    assert said(evaluate(other, rules, on)) == said(evaluate(facts, rules, on))


@given(hazards, rule_sets(), days, observations, st.sampled_from(["missing", "damaged", "partial"]))
def test_a_gap_more_never_turns_a_verdict_green(facts, rules, on, seen, state):
    before = evaluate(facts, rules, on)
    worse = replace(facts, observations=(*facts.observations, replace(seen, state=state)))

    if before.verdict != "compliant":
        assert evaluate(worse, rules, on).verdict != "compliant"


@given(hazards, rule_sets(), days, observations)
def test_not_checked_says_nothing(facts, rules, on, seen):
    more = replace(facts, observations=(*facts.observations, replace(seen, state="not_checked")))

    assert evaluate(more, rules, on) == evaluate(facts, rules, on)


@given(hazards, rule_sets(), days)
def test_forgetting_the_depth_never_helps(facts, rules, on):
    before = evaluate(facts, rules, on)
    forgotten = evaluate(replace(facts, own_depth=None, depths=()), rules, on)

    if before.verdict != "compliant":
        assert forgotten.verdict != "compliant"
    if before.verdict != "out_of_scope":
        assert forgotten.verdict != "out_of_scope"


@given(hazards, rule_sets(), days, st.integers(0, 7))
def test_forgetting_that_something_was_in_place_never_helps(facts, rules, on, number):
    kept = [
        one for n, one in enumerate(facts.observations) if n != number or one.state != "present"
    ]
    before = evaluate(facts, rules, on)
    forgotten = evaluate(replace(facts, observations=tuple(kept)), rules, on)

    if before.verdict != "compliant":
        assert forgotten.verdict != "compliant"


@given(hazards, rule_sets(), days)
def test_compliant_means_every_duty_was_seen_met_and_the_depth_is_known(facts, rules, on):
    findings = evaluate(facts, rules, on)

    if findings.verdict == "compliant":
        required = [findings.duties[duty] for duty in findings.rule.duties]
        assert required
        for duty in required:
            assert duty.because.state == "present"
            assert duty.because.observed_on <= on < duty.valid_until
        assert findings.rule.min_depth_m is None or findings.depth.is_deep


@given(hazards, rule_sets(), days)
def test_what_is_seen_later_does_not_exist(facts, rules, on):
    known = replace(
        facts,
        observations=tuple(o for o in facts.observations if o.observed_on <= on),
        depths=tuple(d for d in facts.depths if d.observed_on <= on),
    )

    assert said(evaluate(known, rules, on)) == said(evaluate(facts, rules, on))
