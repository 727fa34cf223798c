"""Stored verdicts keep up with time, rules and waivers, and tell who listens."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from json import loads

import pytest
from croniter import croniter
from django.core.management import CommandError, call_command
from django.utils import timezone

from hazards import errors, middleware, tasks
from hazards.models import HazardAssessment
from hazards.services import assessment
from hazards.services.assessment import (
    anything_due,
    assess,
    assess_once,
    assessments_on,
    refresh_due,
)
from hazards.services.observations import record_safeguard_state
from hazards.signals import hazards_changed
from tests.factories.hazards import (
    AssessmentFactory,
    HazardFactory,
    SafeguardObservationFactory,
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
    call_command(
        "assess_compliance", "--on", str(today - timedelta(days=300)), "--lang=en", stdout=out
    )

    assert "compliant of those in scope: 1/1" in out.getvalue()
    assert HazardAssessment.objects.get().changes_on == today - timedelta(days=1)


def test_the_command_shows_a_dash_where_nothing_is_in_scope():
    HazardFactory(kind="pool")
    out = StringIO()
    call_command("assess_compliance", "--lang=en", stdout=out)

    assert "compliant of those in scope: -." in out.getvalue()


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
