"""The demo shows the whole product: every kind, every verdict, every role, photos and figures."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, User
from accounts.roles import Role
from hazards.models import HazardAssessment, HazardPhoto, WaterHazard
from hazards.taxonomy import HazardKind, Verdict
from maps.models import ExposureRun, UnitExposure
from places.models import AdminUnit
from surveys.models import Submission, SurveyPhoto

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Path:
    """Load the demo with its logins in a folder of the test; returns the file of logins."""
    settings.VAR_DIR = tmp_path
    call_command("load_demo")
    return tmp_path / "demo-logins.txt"


def test_the_demo_shows_everything_and_says_that_it_is_invented(demo: Path) -> None:
    assert (
        WaterHazard.objects.count() == WaterHazard.objects.filter(is_synthetic=True).count() == 301
    )
    assert set(WaterHazard.objects.values_list("kind", flat=True)) == set(HazardKind.values)
    assert set(HazardAssessment.objects.values_list("verdict", flat=True)) == set(Verdict.values)
    levels = list(AdminUnit.objects.values_list("level", flat=True))
    assert {level: levels.count(level) for level in set(levels)} == {
        "province": 1,
        "commune": 5,
        "hamlet": 21,
    }
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert set(Submission.objects.values_list("state", flat=True)) == {
        "received",
        "returned",
        "accepted",
    }


def _check_photos() -> None:
    """They went through the same door as a phone's."""
    photos = SurveyPhoto.objects.all()

    assert photos.count() == 34
    assert {photo.state for photo in photos} == {"done"}
    assert all(photo.exif_position and photo.exif_taken_at for photo in photos)
    assert HazardPhoto.objects.count() == Submission.objects.filter(state="accepted").count()


def _check_figures() -> None:
    run = ExposureRun.objects.get()
    province = UnitExposure.objects.get(run=run, unit__code="99", distance_m=200)

    assert run.state == "done"
    assert 40_000 < province.people_total < 45_000
    assert 0 < province.children_exposed < province.children_total < province.people_total


def test_each_login_opens_the_site_and_a_second_load_changes_nothing(demo: Path) -> None:
    logins = [line.split() for line in demo.read_text(encoding="utf-8").splitlines()[1:]]

    assert stat.S_IMODE(demo.stat().st_mode) == 0o600
    assert {role for role, *_ in logins} == set(Role.values)
    for _role, _unit, username, password in logins:
        client = Client()
        assert client.login(username=username, password=password), username
        assert client.get("/", follow=True).status_code == 200, username

    before = demo.read_text(encoding="utf-8")
    call_command("load_demo", "--if-empty")
    with pytest.raises(CommandError, match="units or hazards already"):
        call_command("load_demo")
    assert demo.read_text(encoding="utf-8") == before
    assert User.objects.count() == 7
