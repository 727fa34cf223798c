"""Rules narrowed to states and places: which one a hazard is under; unknown distances."""

from datetime import date

import pytest

from hazards.compliance.evaluate import evaluate
from hazards.compliance.facts import HazardFacts
from hazards.compliance.rules import Rule, rule_for

DAY = date(2026, 3, 1)


def rule(code, **values):
    usual = {"kinds": frozenset({"pond"}), "duties": ("sign",), "valid_from": date(2025, 1, 1)}
    return Rule(code=code, **(usual | values))


def pond(**values):
    return HazardFacts(**({"kind": "pond", "lifecycle": "in_use"} | values))


WIDE = rule("wide", valid_from=date(2025, 6, 1))
NEAR = rule("near", duties=("sign", "barrier"), near_house_m=50, near_school_m=200)
WORKS = rule("works", duties=("barrier",), lifecycles=frozenset({"under_construction"}))


@pytest.mark.parametrize(
    ("house_m", "school_m", "code"),
    [
        (50, 900, "near"),  # the limit itself is near
        (51, 200, "near"),  # either is enough
        (51, 201, "wide"),
        (51, None, "near"),  # nobody has said how far the school is
        (None, None, "near"),
        (None, 900, "near"),
    ],
)
def test_unknown_distances_never_take_a_hazard_out_of_a_rule(house_m, school_m, code):
    facts = pond(nearest_house_m=house_m, nearest_school_m=school_m)

    assert rule_for(facts, [WIDE, NEAR], DAY).code == code


def test_the_narrowest_rule_counts_even_when_a_wider_one_is_newer():
    both = rule("both", lifecycles=frozenset({"under_construction"}), near_house_m=50)
    facts = pond(lifecycle="under_construction", nearest_house_m=10, nearest_school_m=999)

    assert rule_for(facts, [WIDE, NEAR, WORKS, both], DAY).code == "both"
    assert rule_for(facts, [WIDE, WORKS], DAY).code == "works"
    assert rule_for(pond(), [WORKS], DAY) is None  # in use: no longer under the rule for works


def test_the_verdict_says_that_a_distance_is_missing():
    reasons = evaluate(pond(), [NEAR], DAY).reasons

    assert [reason.code for reason in reasons[:2]] == ["rule", "nearness_unknown"]
    assert reasons[1].facts["near_house_m"] == 50
    told = evaluate(pond(nearest_house_m=20), [NEAR], DAY).reasons[1]
    assert (told.code, told.facts["nearest_house_m"]) == ("near", 20)
