"""Two days compared: each kind of change is counted once, in its commune and in all."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from hazards.models import WaterHazard
from hazards.selectors.compared import ABSENT, compare_days
from hazards.selectors.reader import office_reader
from hazards.services.assessment import assess
from tests.factories.hazard_scenes import days_ago, make_scene, observe
from tests.factories.hazards import HazardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """Five days ago: bare, other noncompliant; fence, sign partly; good compliant; unseen."""
    scene = make_scene()
    observe(scene.hazards["bare"], 1, sign="present", barrier="present")  # repaired
    observe(scene.hazards["good"], 1, sign="missing", barrier="present")  # relapsed
    observe(scene.hazards["unseen"], 1, sign="missing", barrier="missing")  # newly found
    new = HazardFactory(unit=scene.unit_b, registered_on=days_ago(2))
    observe(new, 1, sign="missing", barrier="missing")  # newly found, and new
    assess()
    return scene


def test_each_kind_of_change_is_counted(scene):
    found = compare_days(office_reader(), unit=None, start=days_ago(5), end=days_ago(0))

    a, b = found.communes
    assert (a.before, a.now, a.gaps_before, a.gaps_now) == (5, 5, 3, 4)
    assert (a.found, a.repaired, a.relapsed, a.left) == (1, 1, 1, 0)
    assert (b.before, b.now, b.found, b.repaired) == (1, 2, 1, 0)
    assert (found.total.before, found.total.found) == (6, 2)
    assert found.flows["noncompliant", "compliant"] == 1
    assert found.flows[ABSENT, "noncompliant"] == 1
    assert sum(found.flows.values()) == 7


def test_a_filled_pond_has_left_and_is_not_repaired(scene):
    WaterHazard.objects.filter(pk=scene.hazards["other"].pk).update(lifecycle="filled")

    found = compare_days(office_reader(), unit=scene.unit_b, start=days_ago(5), end=days_ago(0))

    assert (found.total.left, found.total.repaired, found.total.now) == (1, 0, 1)


def test_page_and_files_say_the_same(scene, client):
    client.force_login(scene.inspector)
    asked = {"from": days_ago(5).isoformat(), "to": timezone.localdate().isoformat()}
    page = client.get(reverse("hazards:compare"), asked)
    sheet = client.get(reverse("hazards:compare"), asked | {"format": "xlsx"})
    table = client.get(reverse("hazards:compare"), asked | {"format": "csv"})

    assert page.context["found"].total.repaired == 1
    assert "1/3" in page.content.decode()
    book = openpyxl.load_workbook(BytesIO(sheet.content)).active
    assert [cell.value for cell in book[4]][1:] == [5, 5, 3, 4, 1, 1, 1, 0]
    assert table.content.decode().splitlines()[1].endswith(",5,5,3,4,1,1,1,0")
