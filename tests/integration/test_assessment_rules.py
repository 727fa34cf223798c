"""Rules, waivers, bodies and figures change verdicts at once, or are refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hazards import errors
from hazards.models import ComplianceRule, HazardAssessment
from hazards.services.assessment import assess
from hazards.services.bodies import find_or_create_body
from hazards.services.exposure_figures import ChildrenFigures, store_children_near
from hazards.services.rules import add_rule, end_rule
from hazards.services.waivers import end_waiver, grant_waiver
from tests.factories.accounts import UserFactory
from tests.factories.hazards import HazardFactory, WaiverFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def stored(hazard) -> str:
    return HazardAssessment.objects.get(hazard=hazard).verdict


def new_rule(**values):
    given = {
        "rule_code": "pools",
        "title_vi": "Bể bơi phải có rào chắn",
        "title_en": "Pools must have a barrier",
        "kinds": ["pool"],
        "duties": ["barrier"],
        "valid_from": date(2025, 1, 1),
        "actor": None,
    }
    return add_rule(**(given | values))


def test_a_rule_brings_its_kinds_into_scope_at_once():
    pool = HazardFactory(kind="pool")
    assess()
    assert stored(pool) == "out_of_scope"
    new_rule()
    assert stored(pool) == "not_surveyed"


def test_a_new_version_ends_the_one_before_on_its_first_day():
    first = new_rule()
    second = new_rule(valid_from=date(2025, 7, 1), duties=["barrier", "sign"])

    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (date(2025, 7, 1), None)


def test_a_version_before_the_newest_is_refused():
    new_rule()
    with pytest.raises(errors.RuleOrderError, match="01/01/2025"):
        new_rule(valid_from=date(2024, 1, 1))


def test_two_rules_for_one_kind_on_one_day_are_refused_by_name():
    before = ComplianceRule.objects.count()
    with pytest.raises(errors.RulesOverlapError) as refusal:
        new_rule(kinds=["pool", "pond"])

    assert "deep-water" in str(refusal.value)
    assert "pools" in str(refusal.value)
    assert ComplianceRule.objects.count() == before


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"kinds": []}, errors.RuleEmptyError),
        ({"duties": []}, errors.RuleEmptyError),
        ({"kinds": ["volcano"]}, errors.UnknownWordError),
        ({"duties": ["moat"]}, errors.UnknownWordError),
        ({"valid_months": {"barrier": 0}}, errors.RuleMonthsError),
        ({"valid_to": date(2025, 1, 1)}, errors.DateOrderError),
    ],
)
def test_a_rule_that_cannot_be_is_refused(values, error):
    with pytest.raises(error):
        new_rule(**values)


def test_a_rule_that_ends_leaves_its_hazards_out_of_scope(today):
    pond = HazardFactory()
    assess()
    rule = ComplianceRule.objects.get(rule_code="deep-water")
    end_rule(rule=rule, valid_to=today, actor=None)

    assert stored(pond) == "out_of_scope"


def test_a_waiver_holds_until_the_day_before_its_last_date(today):
    pond = HazardFactory()
    waiver = grant_waiver(
        hazard=pond,
        granted_by=UserFactory(),
        reason="Đang san lấp",
        valid_from=today - timedelta(days=5),
        valid_to=today + timedelta(days=5),
    )
    assert stored(pond) == "waived"
    assert HazardAssessment.objects.get().changes_on == today + timedelta(days=5)
    end_waiver(waiver=waiver, valid_to=today, actor=None, reason="Đã dừng san lấp")
    assert stored(pond) == "not_surveyed"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": " "}, errors.ReasonMissingError),
        ({"valid_to": date(2025, 1, 1)}, errors.DateOrderError),
    ],
)
def test_a_waiver_without_reason_or_end_is_refused(values, error):
    given = {
        "hazard": HazardFactory(),
        "granted_by": UserFactory(),
        "reason": "x",
        "valid_from": date(2025, 1, 1),
        "valid_to": date(2025, 6, 1),
    }
    with pytest.raises(error):
        grant_waiver(**(given | values))
    with pytest.raises(error):
        end_waiver(
            waiver=WaiverFactory(),
            actor=None,
            reason=values.get("reason", "x"),
            valid_to=values.get("valid_to", date(2025, 6, 1)),
        )


def test_a_body_is_found_again_by_its_name_without_marks_in_its_unit():
    unit = UnitFactory()
    first = find_or_create_body(name="Hợp tác xã  Thống Nhất", kind="cooperative", unit=unit)

    assert find_or_create_body(name="hop tac xa thong nhat", unit=unit) == first
    assert find_or_create_body(name="Hợp tác xã Thống Nhất", unit=UnitFactory()) != first
    with pytest.raises(errors.UnknownWordError):
        find_or_create_body(name="x", kind="club")
    with pytest.raises(errors.NameMissingError):
        find_or_create_body(name=" ")


def test_children_near_are_kept_beside_the_verdict_and_survive_it():
    near, far = HazardFactory(), HazardFactory()
    assess()
    figures = {near.pk: ChildrenFigures(12.5, 2.0, 7.0, 1.5), far.pk: None}
    assert store_children_near(figures=figures, within_m=200) == 2
    assess()

    kept = HazardAssessment.objects.get(hazard=near)
    assert (kept.children_near, kept.children_near_m) == (12.5, 200)
    told = kept.children_only_here, kept.children_equal_share, kept.children_mean_others
    assert told == (2.0, 7.0, 1.5)
    assert HazardAssessment.objects.get(hazard=far).children_near_m is None
    with pytest.raises(errors.ChildrenFigureError):
        store_children_near(figures={near.pk: ChildrenFigures(float("nan"))}, within_m=200)


def test_a_narrower_rule_may_stand_beside_a_wider_one_but_not_beside_its_like():
    wide = ComplianceRule.objects.get(rule_code="deep-water")
    near = {
        "rule_code": "near-schools",
        "title_vi": "Gần trường học",
        "title_en": "Near schools",
        "kinds": wide.kinds,
        "duties": ["sign", "barrier"],
        "near_school_m": 200,
        "valid_from": date(2026, 1, 1),
    }
    add_rule(actor=None, **near)

    with pytest.raises(errors.RulesOverlapError):
        add_rule(actor=None, **(near | {"rule_code": "again", "near_house_m": 50}))
    works = near | {"rule_code": "works", "near_school_m": None}
    with pytest.raises(errors.RulesOverlapError):  # one condition each, and a hazard may meet both
        add_rule(actor=None, **(works | {"lifecycles": ["under_construction"]}))
    add_rule(actor=None, **(near | {"rule_code": "both", "lifecycles": ["under_construction"]}))


def test_a_rule_asks_for_sensible_distances_and_states_with_water():
    values = {
        "rule_code": "x", "title_vi": "x", "title_en": "x", "kinds": ["pool"],
        "duties": ["sign"], "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    for wrong in (0, 10_001):
        with pytest.raises(errors.RuleDistanceError):
            add_rule(actor=None, **values, near_house_m=wrong)
    with pytest.raises(errors.UnknownWordError):
        add_rule(actor=None, **values, lifecycles=["filled"])
