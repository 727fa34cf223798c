"""Children near water month by month: the same way of counting on what was known of each day."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.roles import Action, Role
from accounts.scoping import require
from hazards.models import WaterHazard
from maps.models import ExposureRun
from maps.selectors.trend import is_worked_out, month_ends, months_lacking, trend
from maps.services.exposure import run_exposure
from maps.services.scene import RunRequest
from tests.factories.accounts import user_with_role
from tests.factories.exposure import SHARE, disk_share, two_communes
from tests.factories.maps import at_cell, make_hazard, observe

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def province(tmp_path):
    """A pond of West, known for a year, fenced in the middle of last month."""
    made = two_communes(tmp_path)
    today = timezone.localdate()
    pond = make_hazard(made["west"], at_cell(0, 0))
    made["east_pond"] = make_hazard(made["east"], at_cell(2, 2))
    made["fenced_on"] = month_ends(today)[0].replace(day=15)
    observe(pond, made["fenced_on"], sign="present", barrier="present")
    return made


def points_of(province, role_in="top", units=("top",), as_of=None):
    scope = require(user_with_role(Role.PLANNER, province[role_in]), Action.VIEW)
    return trend(
        scope=scope, units=[province[unit] for unit in units],
        as_of=as_of or timezone.localdate(), distance_m=300,
    )  # fmt: skip


def work_out(*days):
    for day in days:
        run_exposure(request=RunRequest(distances_m=(300,), as_of=day))


def test_month_ends_go_back_over_the_new_year_and_leap_days():
    assert month_ends(date(2028, 3, 31), 3) == [
        date(2028, 2, 29), date(2028, 1, 31), date(2027, 12, 31),
    ]  # fmt: skip


def test_the_figure_falls_in_the_month_in_which_the_fence_was_seen(province):
    last, before = month_ends(timezone.localdate(), 2)
    work_out(before, last)

    points = points_of(province).points

    west, east = SHARE * 100 * disk_share(0, 300), SHARE * 900 * disk_share(2, 300)
    assert [point.on for point in points] == [before, last]
    assert points[0].near == pytest.approx(west + east, rel=5e-3)
    assert points[1].near == pytest.approx(east, rel=5e-3)
    assert points[0].near_not_surveyed == points[0].near
    assert before not in months_lacking(as_of=timezone.localdate())
    assert len(months_lacking(as_of=timezone.localdate())) == 10


def test_of_one_month_the_last_day_and_of_one_day_the_newest_run_count(province):
    last = month_ends(timezone.localdate(), 1)[0]
    work_out(last - DAY, last, province["fenced_on"] - DAY)
    assert [point.on for point in points_of(province).points] == [last]
    WaterHazard.objects.filter(pk=province["east_pond"].pk).update(geometry=at_cell(40, 40))
    work_out(last)  # where the pond was drawn that day counts, not where it is drawn now
    assert points_of(province).points[0].near > 0
    today = timezone.localdate()
    assert not points_of(province).points[0].is_old
    observe(province["east_pond"], last, sign="present", barrier="present")  # written down late
    assert points_of(province).points[0].is_old
    assert last in months_lacking(as_of=today)
    assert not is_worked_out(last, [300])
    work_out(last)
    assert not points_of(province).points[0].is_old
    assert last not in months_lacking(as_of=today)
    observe(province["east_pond"], today, sign="missing")  # of today: the past stays as it is
    assert not points_of(province).points[0].is_old
    assert points_of(province).points[0].near == 0


def test_a_planner_of_one_commune_sees_that_commune_and_no_other(province):
    work_out(*month_ends(timezone.localdate(), 2))
    own = points_of(province, "west", ("west",)).points
    assert [round(point.near, 3) for point in own][1] == 0
    assert own[0].near == pytest.approx(SHARE * 100 * disk_share(0, 300), rel=5e-3)
    for units in (("east",), ("top",), ("west", "east")):
        assert points_of(province, "west", units).points == []
    assert points_of(province, "west", ()).points == []


def test_the_command_works_out_what_is_lacking_and_nothing_twice(province, capsys):
    call_command("run_exposure", "--within", "300", "--months", "2")
    assert ExposureRun.objects.count() == 3
    capsys.readouterr()
    call_command("run_exposure", "--within", "300", "--months", "3")
    assert capsys.readouterr().out.count("worked out before") == 2
    assert ExposureRun.objects.count() == 5
    call_command("run_exposure", "--within", "700", "--months", "1")  # another distance is lacking
    assert ExposureRun.objects.count() == 7


def test_the_overview_draws_the_months_and_offers_the_rest(province, client, settings):
    settings.EXPOSURE_DISTANCES_M = [300]
    work_out(*month_ends(timezone.localdate(), 2), None)
    client.force_login(user_with_role(Role.PLANNER, province["top"]))

    text = client.get(reverse("maps:overview")).content.decode()

    assert text.count('r="3.5"') == 3
    assert "Work out 10 past months" in text
    answer = client.post(reverse("maps:start_trend"))
    assert answer.status_code == 302
    jobs = ProcrastinateJob.objects.filter(task_name="maps.recompute")
    assert jobs.count() == 10
    assert {job.args["as_of"] for job in jobs} == {
        day.isoformat() for day in months_lacking(as_of=timezone.localdate())
    }
    client.post(reverse("maps:start_trend"))
    assert jobs.count() == 10

    client.force_login(user_with_role(Role.INSPECTOR, province["top"]))
    assert client.post(reverse("maps:start_trend")).status_code == 403
