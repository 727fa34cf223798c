"""Stored verdicts keep up with time, rules and waivers, and tell who listens."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from json import loads

import pytest
from croniter import croniter
from django.core.management import CommandError, call_command
from django.utils import timezone

from hazards import errors, middleware, tasks
from hazards.models import ComplianceRule, HazardAssessment
from hazards.services import assessment
from hazards.services.assessment import (
    anything_due,
    assess,
    assess_once,
    assessments_on,
    refresh_due,
)
from hazards.services.bodies import find_or_create_body
from hazards.services.explanation import explain
from hazards.services.exposure_figures import store_children_near
from hazards.services.observations import record_safeguard_state
from hazards.services.rules import add_rule, end_rule
from hazards.services.waivers import end_waiver, grant_waiver
from hazards.signals import hazards_changed
from tests.factories.accounts import UserFactory
from tests.factories.hazards import (
    AssessmentFactory,
    HazardFactory,
    SafeguardObservationFactory,
    WaiverFactory,
)
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def well(today):
    """A well whose cover was seen in place a year and a day ago, judged as of that time."""
    hazard = HazardFactory(kind="well", depth_class="unknown")
    SafeguardObservationFactory(
        hazard=hazard, duty="cover", observed_on=today - timedelta(days=367)
    )
    AssessmentFactory(
        hazard=hazard, verdict="compliant", cover="met", changes_on=today - timedelta(days=1)
    )
    return hazard


def stored(hazard) -> str:
    return HazardAssessment.objects.get(hazard=hazard).verdict


def test_a_verdict_that_time_has_overtaken_is_worked_out_anew(well, today):
    assert anything_due()
    count = refresh_due()

    assert stored(well) == "expired"
    assert (count.by_verdict, count.changed) == ({"expired": 1}, [well.pk])
    assert not anything_due()
    assert refresh_due().total == 0


def test_the_first_page_of_a_day_never_shows_an_overtaken_verdict(
    well, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(assessment, "_fresh_on", None)
    seen = []
    page = middleware.FreshVerdictsMiddleware(lambda request: seen.append(stored(well)))

    page(None)
    with django_assert_num_queries(1):  # the page's own
        page(None)
    assert seen == ["expired", "expired"]


def test_the_next_day_is_looked_at_again(well, monkeypatch, today):
    monkeypatch.setattr(assessment, "_fresh_on", today - timedelta(days=1))

    assessment.ensure_fresh()
    assert stored(well) == "expired"


def test_the_nightly_task_runs_just_after_midnight_in_vietnam(well):
    noon = datetime(2026, 3, 1, 5, 0, tzinfo=UTC).timestamp()
    next_run = croniter(tasks.JUST_AFTER_MIDNIGHT).get_next(ret_type=float, start_time=noon)

    local = datetime.fromtimestamp(next_run, tz=timezone.get_default_timezone())
    assert (local.date(), local.hour, local.minute) == (date(2026, 3, 2), 0, 5)
    tasks.refresh_due_verdicts(timestamp=int(next_run))
    assert stored(well) == "expired"


def test_the_command_counts_by_unit_and_refreshes_what_is_due(well):
    HazardFactory(unit=well.unit)
    out = StringIO()
    call_command("assess_compliance", well.unit.code, "--due", "--json", stdout=out)

    [row] = loads(out.getvalue())
    assert (row["code"], row["hazards"]) == (well.unit.code, {"not_surveyed": 1, "expired": 1})
    assert (row["compliant"], row["in_scope"], row["total"]) == (0, 2, 2)


def test_the_command_on_another_day_stores_nothing(well, today):
    out = StringIO()
    call_command("assess_compliance", "--on", str(today - timedelta(days=300)), stdout=out)

    assert "compliant of those in scope: 1/1" in out.getvalue()
    assert HazardAssessment.objects.get().changes_on == today - timedelta(days=1)


def test_the_command_shows_a_dash_where_nothing_is_in_scope():
    HazardFactory(kind="pool")
    out = StringIO()
    call_command("assess_compliance", stdout=out)

    assert "compliant of those in scope: -;" in out.getvalue()


@pytest.mark.parametrize("arguments", [["99999"], ["--on", "2999-01-01"]])
def test_the_command_refuses_unknown_units_and_days_to_come(arguments):
    with pytest.raises(CommandError):
        call_command("assess_compliance", *arguments)


def test_a_day_before_registration_knows_nothing_of_the_hazard():
    pond = HazardFactory(registered_on=date(2025, 5, 1))

    assert assessments_on(date(2025, 4, 30)) == []
    assert [row.hazard_id for row in assessments_on(date(2025, 5, 1))] == [pond.pk]


def test_verdicts_of_a_day_for_one_unit_only():
    here, there = UnitFactory(), UnitFactory()
    pond = HazardFactory(unit=here)
    HazardFactory(unit=there)

    assert [row.hazard_id for row in assessments_on(date(2026, 1, 1), unit=here)] == [pond.pk]


def test_many_observations_in_one_block_are_judged_once(today, django_capture_on_commit_callbacks):
    pond, heard = HazardFactory(), []

    def listen(*, hazard_ids, **_more):
        heard.append(hazard_ids)

    hazards_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True), assess_once():
        for duty in ("sign", "barrier"):
            record_safeguard_state(
                hazard=pond, duty=duty, state="present", observed_on=today, source_kind="import"
            )
        assert not HazardAssessment.objects.exists()
    hazards_changed.disconnect(listen)

    assert stored(pond) == "compliant"
    assert heard == [[pond.pk]]


def test_a_block_that_fails_leaves_nothing_and_no_waiting_verdicts(today):
    pond = HazardFactory()

    def see_today_and_tomorrow():
        with assess_once():
            for days in (0, 1):
                record_safeguard_state(
                    hazard=pond,
                    duty="sign",
                    state="missing",
                    observed_on=today + timedelta(days=days),
                    source_kind="import",
                )

    with pytest.raises(errors.FutureDateError):
        see_today_and_tomorrow()
    assert not pond.safeguard_observations.exists()
    assess([pond.pk])
    assert stored(pond) == "not_surveyed"


# --- rules ----------------------------------------------------------------------------------------


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


# --- waivers, bodies, children --------------------------------------------------------------------


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
    assert store_children_near(figures={near.pk: 12.5, far.pk: None}, within_m=200) == 2
    assess()

    kept = HazardAssessment.objects.get(hazard=near)
    assert (kept.children_near, kept.children_near_m) == (12.5, 200)
    assert HazardAssessment.objects.get(hazard=far).children_near_m is None
    with pytest.raises(errors.ChildrenFigureError):
        store_children_near(figures={near.pk: float("nan")}, within_m=200)


# --- in words -------------------------------------------------------------------------------------


def test_the_reasons_say_rule_fact_observation_and_day(today):
    pond = HazardFactory()
    SafeguardObservationFactory(hazard=pond, observed_on=date(2026, 1, 15))
    gap = SafeguardObservationFactory(
        hazard=pond, duty="barrier", state="missing", observed_on=date(2026, 1, 15)
    )
    explanation = explain(pond, date(2026, 3, 1))

    assert explanation.verdict_label == "Partly compliant"
    assert explanation.rule.rule_code == "deep-water"
    assert explanation.texts[1:] == [
        "Depth: over 2 m, known since 01/01/2024. The rule asks for water deeper than 1 m.",
        "Warning sign: seen in place on 15/01/2026; this counts up to and including 14/07/2026.",
        "Barrier: “missing” on 15/01/2026. A gap counts until somebody has seen it mended.",
    ]
    assert explanation.sentences[3].observation == str(gap.public_id)
    assert "07/08/2023" in explanation.texts[0]


@pytest.mark.parametrize(
    ("hazard", "on", "words"),
    [
        ({"kind": "pool"}, date(2026, 3, 1), "swimming pool"),
        ({"lifecycle": "filled"}, date(2026, 3, 1), "no water to guard"),
        ({"depth_class": "unknown"}, date(2026, 3, 1), "depth is not known"),
        ({"depth_class": "unknown", "max_depth_m": "0.80"}, date(2026, 3, 1), "Depth: 0.8 m"),
        ({"kind": "well"}, date(2026, 3, 1), "whatever the depth"),
        ({}, date(2026, 3, 1), "Barrier: nobody has looked yet."),
    ],
)
def test_every_reason_has_its_words(hazard, on, words):
    assert words in " ".join(explain(HazardFactory(**hazard), on).texts)


def test_expired_and_waived_have_their_words():
    pond = HazardFactory()
    SafeguardObservationFactory(hazard=pond, observed_on=date(2024, 6, 1))
    WaiverFactory(hazard=pond)

    assert "up to and including 31/12/2025" in " ".join(explain(pond, date(2025, 6, 1)).texts)
    assert "It must be looked at again." in " ".join(explain(pond, date(2026, 6, 1)).texts)


def test_explaining_takes_a_fixed_number_of_queries(django_assert_num_queries):
    pond = HazardFactory()
    for _ in range(5):
        SafeguardObservationFactory(hazard=pond)

    with django_assert_num_queries(4):
        explain(pond, date(2026, 3, 1))
