"""The set-based verdicts are those of the Python rulebook: on the table, and on random hazards.

SAFESHORE_AGREEMENT_HAZARDS=10000 makes the long run; the ordinary one takes 2,000.
"""

import os
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from common.codes import make_code
from hazards.compliance.evaluate import evaluate
from hazards.models import (
    AccessPlace,
    ComplianceRule,
    DepthObservation,
    HazardAssessment,
    Safeguard,
    SafeguardObservation,
    Waiver,
    WaterHazard,
)
from hazards.services.assessment import assess, assessments_on
from hazards.services.facts import all_rules, facts_of_hazards
from hazards.taxonomy import AccessPlaceKind, DepthClass, HazardKind, Lifecycle
from tests.factories.accounts import UserFactory
from tests.factories.hazards import RuleFactory
from tests.factories.places import UnitFactory
from tests.rules_cases import CASES, day, rules

pytestmark = pytest.mark.django_db
HOW_MANY = int(os.environ.get("SAFESHORE_AGREEMENT_HAZARDS", "2000"))
BEGIN = date(2024, 1, 1)
POINT = Point(106.55, 11.75, srid=4326)


def hazard_row(number, unit, **values):
    defaults = {"kind": "pond", "geometry": POINT, "location": POINT, "position_method": "map"}
    return WaterHazard(unit=unit, code=make_code(5_000_000 + number), **(defaults | values))


def columns(row: HazardAssessment) -> dict:
    return {
        "verdict": row.verdict,
        "sign": row.sign,
        "barrier": row.barrier,
        "cover": row.cover,
        "changes_on": row.changes_on,
        "depth_class": row.depth_class,
        "depth_m": None if row.depth_m is None else float(row.depth_m),
        "last_observed_on": row.last_observed_on,
        "rule": row.rule_id,
    }


def rulebook_columns(findings) -> dict:
    return {
        "verdict": findings.verdict,
        **{duty: findings.state(duty) for duty in ("sign", "barrier", "cover")},
        "changes_on": findings.changes_on,
        "depth_class": findings.depth.depth_class,
        "depth_m": findings.depth.depth.depth_m if findings.depth.depth else None,
        "last_observed_on": findings.last_observed_on,
        "rule": findings.rule.id if findings.rule else None,
    }


def test_the_shipped_rules_are_those_of_the_table():
    shipped = {rule.code: rule for rule in all_rules()}

    for rule in rules():
        stored = shipped.pop(rule.code)
        assert (stored.kinds, stored.duties, stored.min_depth_m, stored.valid_months) == (
            rule.kinds,
            rule.duties,
            rule.min_depth_m,
            rule.valid_months,
        )
    assert not shipped


def test_the_table_of_cases_in_the_database():
    unit, user = UnitFactory(), UserFactory()
    hazards = WaterHazard.objects.bulk_create(
        hazard_row(
            number,
            unit,
            kind=case["hazard"]["kind"],
            lifecycle=case["hazard"]["lifecycle"],
            depth_class=case["hazard"]["depth_class"],
            max_depth_m=case["hazard"]["depth_m"],
            registered_on=case["hazard"]["registered_on"],
        )
        for number, case in enumerate(CASES)
    )
    for hazard, case in zip(hazards, CASES, strict=True):
        store_case(hazard, case, user)

    for hazard, case in zip(hazards, CASES, strict=True):
        [row] = assessments_on(day(case["on"]), hazard_ids=[hazard.pk])
        found = columns(row)
        found["changes_on"] = found["changes_on"] and found["changes_on"].isoformat()
        assert {name: found[name] for name in case["expect"]} == case["expect"], case["name"]


SAFEGUARD_OF = {"sign": "sign_warning", "barrier": "fence", "cover": "cover_grille"}


def store_case(hazard, case, user):
    safeguards: dict[str, Safeguard] = {}
    for seen in case["observations"]:
        name = seen.get("safeguard")
        if name and (name, seen["duty"]) not in safeguards:
            safeguards[name, seen["duty"]] = Safeguard.objects.create(
                hazard=hazard, kind=SAFEGUARD_OF[seen["duty"]], removed_on=seen.get("removed_on")
            )
        SafeguardObservation.objects.create(
            hazard=hazard,
            safeguard=safeguards.get((name, seen["duty"])),
            duty=seen["duty"],
            state=seen["state"],
            observed_on=seen["on"],
            source_kind="office",
        )
    for seen in case["depths"]:
        DepthObservation.objects.create(
            hazard=hazard,
            observed_on=seen["on"],
            depth_class=seen.get("depth_class", "unknown"),
            depth_m=seen.get("depth_m"),
            method="asked",
            source_kind="office",
        )
    for waiver in case["waivers"]:
        Waiver.objects.create(hazard=hazard, granted_by=user, reason="x", **waiver)


def some_day(rng: random.Random) -> date:
    return BEGIN + timedelta(days=rng.randrange(0, 900, 3))  # few days, so that many coincide


def build_register(how_many):
    """Return random hazards with all that may be known of them, under rules that change."""
    rng = random.Random(20260301)
    deep = ComplianceRule.objects.get(rule_code="deep-water")
    ComplianceRule.objects.filter(pk=deep.pk).update(valid_to=date(2025, 4, 1))
    RuleFactory(
        rule_code="deep-water",
        kinds=[kind for kind in deep.kinds if kind != "ditch"],
        duties=["sign", "barrier", "cover"],
        min_depth_m="1.50",
        sign_valid_months=3,
        min_barrier_height_m=1.2,
        max_barrier_gap_mm=90,
        valid_from=date(2025, 4, 1),
        valid_to=date(2026, 1, 1),
    )
    RuleFactory(rule_code="pools", valid_from=date(2025, 6, 1))
    RuleFactory(  # narrower rules go before the wide ones
        rule_code="deep-near-houses",
        kinds=["pond", "lake", "ditch"],
        duties=["barrier"],
        min_depth_m=None,
        near_house_m=50,
        near_school_m=100,
        max_barrier_gap_mm=100,
        valid_from=date(2025, 2, 1),
    )
    RuleFactory(
        rule_code="works",
        kinds=["pond", "canal"],
        duties=["sign", "barrier"],
        min_depth_m=None,
        lifecycles=["under_construction", "abandoned"],
        near_school_m=100,
        valid_from=date(2025, 5, 1),
        valid_to=date(2026, 2, 1),
    )
    unit, user = UnitFactory(), UserFactory()
    hazards = WaterHazard.objects.bulk_create(
        hazard_row(
            number,
            unit,
            kind=rng.choice(["pond", "pond", "lake", "ditch", *HazardKind.values]),
            lifecycle=rng.choice(["in_use"] * 8 + list(Lifecycle.values)),
            depth_class=rng.choice(DepthClass.values),
            max_depth_m=rng.choice([None, None, None, 0, 0.9, 1, 1.5, 1.51, 4]),
            registered_on=BEGIN - timedelta(days=30),
            nearest_house_m=rng.choice([None, 50, 51, 400]),
            nearest_school_m=rng.choice([None, 100, 101, 900]),
        )
        for number in range(how_many)
    )
    places = build_places(rng, hazards, unit)
    safeguards = Safeguard.objects.bulk_create(
        Safeguard(
            hazard=hazard,
            access_place=rng.choice([None, *places.get(hazard.pk, ())]),
            kind=rng.choice(["sign_warning", "fence", "fence", "cover_grille", "marker_boundary"]),
            removed_on=some_day(rng) if rng.random() < 0.2 else None,
        )
        for hazard in hazards
        for _ in range(rng.randrange(4))
    )
    rows = random_observations(rng, hazards, safeguards, places)
    SafeguardObservation.objects.bulk_create(rows)
    DepthObservation.objects.bulk_create(
        DepthObservation(
            hazard=hazard,
            observed_on=some_day(rng),
            depth_class=rng.choice(DepthClass.values),
            depth_m=rng.choice([None, None, 0.5, 1, 1.01, 1.5, 2.75]),
            method="asked",
            source_kind="office",
        )
        for hazard in hazards
        for _ in range(rng.choice([0, 0, 1, 2]))
    )
    starts = [(hazard, some_day(rng)) for hazard in hazards if rng.random() < 0.1]
    Waiver.objects.bulk_create(
        Waiver(
            hazard=hazard,
            granted_by=user,
            reason="x",
            valid_from=start,
            valid_to=start + timedelta(days=rng.randint(1, 200)),
        )
        for hazard, start in starts
    )
    return hazards


def build_places(rng, hazards, unit):
    """Return {hazard id: access places}; most hazards have none, some places end or are undone."""
    found = {}
    for hazard in hazards:
        for number in range(rng.choice([0, 0, 0, 1, 2, 3])):
            known_from = some_day(rng)
            ends = rng.random() < 0.3
            place = AccessPlace(
                hazard=hazard,
                kind=rng.choice(AccessPlaceKind.values),
                label=f"Bến {number}",
                geometry=POINT,
                unit=unit,
                known_from=known_from,
                known_to=known_from + timedelta(days=rng.randint(1, 400)) if ends else None,
                withdrawn_at=timezone.now() if rng.random() < 0.05 else None,
            )
            found.setdefault(hazard.pk, []).append(place)
    AccessPlace.objects.bulk_create([place for row in found.values() for place in row])
    return found


STATES = ["present"] * 5 + ["missing", "damaged", "partial", "not_checked"]


def random_observations(rng, hazards, safeguards, places):
    duty_of = {"sign_warning": "sign", "fence": "barrier", "cover_grille": "cover"}
    duties = ["sign", "barrier", "cover"]
    whole = [(hazard, None, rng.choice(duties), None) for hazard in hazards * 3]
    at_places = [
        (place.hazard, None, rng.choice(duties), place)
        for row in places.values()
        for place in row * 5
    ]
    pieces = [
        (safeguard.hazard, safeguard, duty_of.get(safeguard.kind, "sign"), None)
        for safeguard in safeguards * 2
    ]
    return [
        SafeguardObservation(
            hazard=hazard,
            safeguard=safeguard,
            access_place=place,
            duty=duty,
            state=rng.choice(STATES),
            height_m=rng.choice([None, None, 1.0, 1.2, 1.5]),
            widest_gap_mm=rng.choice([None, None, 80, 100, 101]),
            observed_on=some_day(rng),
            source_kind="office",
        )
        for hazard, safeguard, duty, place in whole + at_places + pieces
        if rng.random() < 0.8
    ]


DAYS = [date(2024, 2, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 12, 15), date(2026, 6, 1)]


def test_sets_and_rulebook_agree_on_random_hazards_and_days():
    register = build_register(HOW_MANY)
    facts = facts_of_hazards(register)
    rulebook = all_rules()
    verdicts: Counter[str] = Counter()
    at_places: Counter[str] = Counter()

    for on in DAYS:
        rows = assessments_on(on)
        assert len(rows) == len(register)
        for row in rows:
            findings = evaluate(facts[row.hazard_id], rulebook, on)
            expected = rulebook_columns(findings)
            at_places[row.verdict] += bool(findings.places)
            assert columns(row) == expected, (row.hazard_id, on)
            verdicts[row.verdict] += 1
    assert len(verdicts) == 8  # every verdict came up
    assert sum(count > 0 for count in at_places.values()) == 7  # all but out of scope, at places


def test_storing_keeps_the_same_verdicts_as_reading():
    register = build_register(200)
    count = assess()

    stored = {row.hazard_id: columns(row) for row in HazardAssessment.objects.all()}
    read = {row.hazard_id: columns(row) for row in assessments_on(count.on)}
    assert stored == read
    assert count.total == len(register) == len(count.changed)
    assert assess().changed == []
