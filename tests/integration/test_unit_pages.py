"""The page of a unit: its counts, what it came from and became; names of before find it."""

from datetime import date

import pytest
from django.urls import reverse

from hazards.services.assessment import assess
from places.models import UnitLineage, UnitName
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.hazards import HazardFactory
from tests.factories.places import BoundarySetFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    now = UnitFactory(full_name="Phường Lộc Ninh", code="25270")
    before = UnitFactory(
        boundary_set=BoundarySetFactory(name="old", is_current=False),
        full_name="Thị trấn Lộc Thạnh", code="25273", tree_left=9_000, geometry=None,
    )  # fmt: skip
    UnitLineage.objects.create(from_unit=before, to_unit=now, share_by_area=0.4)
    UnitName.objects.create(
        unit=now, name="Lộc Ninh", full_name="Xã Lộc Ninh", name_plain="xa loc ninh",
        valid_to=date(2026, 4, 30),
    )  # fmt: skip
    user = UserFactory()
    MembershipFactory(user=user, unit=now, role="planner")
    client.force_login(user)
    return now, before


def test_counts_names_and_lineage_stand_on_the_page(scene, client):
    now, before = scene
    HazardFactory(unit=now)
    HazardFactory(unit=UnitFactory())
    assess()

    answer = client.get(reverse("units:unit", args=[now.pk]))

    page = answer.context["page"]
    assert (page.total, page.counts["not_surveyed"], page.in_scope) == (1, 1, 1)
    body = answer.content.decode()
    for text in ("Thị trấn Lộc Thạnh", "Xã Lộc Ninh", "0/1", "40"):
        assert text in body
    earlier = client.get(reverse("units:unit", args=[before.pk]))
    assert [one.to_unit for one in earlier.context["page"].later] == [now]
    assert earlier.context["page"].counts == {}


def test_a_name_of_before_leads_to_the_unit_of_today(scene, client):
    now, before = scene
    UnitFactory(full_name="Xã Lộc Thạnh Khác")

    found = client.get(reverse("units:search"), {"q": "loc thanh"}).context["found"]
    assert found == [before]
    assert client.get(reverse("units:search"), {"q": "25270"}).context["found"] == [now]
    assert client.get(reverse("units:search")).context["found"] == []


def test_a_unit_of_others_is_not_there(scene, client):
    other = UnitFactory()
    for unit_id in (other.pk, 999_999_999):
        assert client.get(reverse("units:unit", args=[unit_id])).status_code == 404
