"""The rulebook on the table of hand-worked cases, and its words against the taxonomy."""

import pytest

from hazards import taxonomy
from hazards.compliance import words
from hazards.compliance.evaluate import evaluate
from hazards.models.assessment import DutyState
from tests.rules_cases import CASES, NAMES, day, facts_of, rules


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_table_of_cases(case):
    findings = evaluate(facts_of(case), rules(), day(case["on"]))

    assert {
        "verdict": findings.verdict,
        "sign": findings.state("sign"),
        "barrier": findings.state("barrier"),
        "cover": findings.state("cover"),
        "changes_on": findings.changes_on and findings.changes_on.isoformat(),
    } == case["expect"]


def test_findings_name_rule_fact_observation_and_date():
    case = next(c for c in CASES if c["name"].startswith("a sign alone"))
    findings = evaluate(facts_of(case), rules(), day(case["on"]))

    assert [reason.code for reason in findings.reasons] == [
        "rule",
        "deep",
        "duty_met",
        "duty_unmet",
    ]
    sign, barrier = findings.duties["sign"], findings.duties["barrier"]
    assert (sign.because.uuid, sign.valid_until.isoformat()) == ("o0", "2026-07-15")
    assert (barrier.because.state, barrier.because.observed_on.isoformat()) == (
        "missing",
        "2026-01-15",
    )
    assert findings.last_observed_on.isoformat() == "2026-01-15"


def test_the_words_are_those_of_the_taxonomy():
    assert set(words.DUTIES) == set(taxonomy.Duty.values)
    assert set(taxonomy.LIFECYCLES_WITH_WATER) == words.LIFECYCLES_WITH_WATER
    assert {*words.CLASS_AT_MOST_M, words.DEPTH_NOT_KNOWN} == set(taxonomy.DepthClass.values)
    assert set(DutyState.values) == {
        words.MET,
        words.UNMET,
        words.UNKNOWN,
        words.EXPIRED,
        words.NOT_REQUIRED,
    }
    assert set(taxonomy.Verdict.values) == {
        words.COMPLIANT,
        words.PARTLY,
        words.NONCOMPLIANT,
        words.NOT_SURVEYED,
        words.EVIDENCE_EXPIRED,
        words.DEPTH_UNKNOWN,
        words.WAIVED,
        words.OUT_OF_SCOPE,
    }
    ends = {end_m: str(name) for end_m, name in taxonomy.DEPTH_CLASS_ENDS_M}
    assert ends == {end: name for name, end in words.CLASS_AT_MOST_M.items() if end != float("inf")}
