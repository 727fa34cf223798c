"""What each open water lacks: by its last looks and by who answers for it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hazards.services.assessment import assessments_on
from hazards.services.gap_kinds import gap_kinds_on
from hazards.services.responsibility import end_responsibility, name_body
from maps.models import UnitExposure
from tests.factories.exposure import SHARE, disk_share, run, two_communes
from tests.factories.hazards import ResponsibleBodyFactory, SafeguardObservationFactory
from tests.factories.maps import at_cell, make_hazard, observe

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def west(tmp_path):
    return two_communes(tmp_path)["west"]


def kinds(hazard, day=None):
    day = day or TODAY()
    return gap_kinds_on(day, assessments_on(day)).get(hazard.pk)


def answer_for(hazard, since=date(2025, 1, 1)):
    return name_body(
        hazard=hazard, body=ResponsibleBodyFactory(), role="operator", valid_from=since,
        valid_to=None, actor=None,
    )  # fmt: skip


def test_never_looked_at_is_no_missing_sign_and_a_safe_water_lacks_nothing(west):
    unseen, safe = make_hazard(west, at_cell(0, 0)), make_hazard(west, at_cell(0, 0))
    observe(safe, TODAY(), sign="present", barrier="present")

    assert kinds(unseen) == ("no_body",)
    assert kinds(safe) is None
    answer_for(unseen)
    assert kinds(unseen) == ()


def test_each_duty_is_its_own_gap_and_damage_is_named_until_it_is_mended(west):
    pond = make_hazard(west, at_cell(0, 0))
    answer_for(pond)
    observe(pond, TODAY() - timedelta(days=9), sign="damaged", barrier="missing")
    assert kinds(pond) == ("no_sign", "no_barrier", "damaged")

    observe(pond, TODAY() - timedelta(days=5), sign="present")
    assert kinds(pond) == ("no_barrier",)
    assert kinds(pond, TODAY() - timedelta(days=7)) == ("no_sign", "no_barrier", "damaged")

    SafeguardObservationFactory(
        hazard=pond, duty="barrier", state="not_checked", observed_on=TODAY()
    )
    assert kinds(pond) == ("no_barrier",)


def test_when_nobody_answers_any_more_it_is_a_gap_again(west):
    pond = make_hazard(west, at_cell(0, 0))
    named = answer_for(pond)
    assert kinds(pond) == ()
    end_responsibility(named=named, valid_to=TODAY(), actor=None, reason="đã giải thể")
    assert kinds(pond) == ("no_body",)
    assert kinds(pond, TODAY() - timedelta(days=1)) in (None, ())


def test_a_run_counts_the_children_near_each_kind_of_gap(west, capsys):
    north, south = make_hazard(west, at_cell(0, 0)), make_hazard(west, at_cell(1, 0))
    observe(north, TODAY(), sign="missing", barrier="present")
    observe(south, TODAY(), sign="present", barrier="damaged")
    answer_for(south)

    found = run(capsys, "--within", "300")

    kept = UnitExposure.objects.get(unit=west).near_by_gap
    near = {"north": 100 * SHARE * disk_share(0, 300), "south": 400 * SHARE * disk_share(1, 300)}
    assert kept == {
        "no_sign": pytest.approx(near["north"], rel=5e-3),
        "no_barrier": pytest.approx(near["south"], rel=5e-3),
        "damaged": pytest.approx(near["south"], rel=5e-3),
        "no_body": pytest.approx(near["north"], rel=5e-3),
    }
    groups = found["00001"]["children_exposed_by_group"]
    assert groups["no_sign"]["300"] == kept["no_sign"]
    whole = found["00001"]["children_exposed"]["300"]
    assert whole == pytest.approx(near["north"] + near["south"], rel=5e-3)
