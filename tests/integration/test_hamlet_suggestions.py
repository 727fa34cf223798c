"""Names of hamlets are offered where they are known: those of the commune, and words in use."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from hazards.selectors.hamlets import NAMES_MAX, hamlets_of
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune():
    return UnitFactory(tree_left=10, tree_right=19)


@pytest.fixture
def hamlet(commune):
    return UnitFactory(
        parent=commune, level="hamlet", tree_left=11, tree_right=11, name="Ấp Suối Đá", place=1
    )


def test_units_come_first_and_a_name_written_without_marks_is_the_same(commune, hamlet):
    HazardFactory(unit=commune, hamlet="ap suoi da")
    HazardFactory(unit=commune, hamlet="Thôn 4")
    HazardFactory(unit=UnitFactory(place=2), hamlet="Thôn Xa")
    assert hamlets_of(commune) == ["Ấp Suối Đá", "Thôn 4"]
    assert hamlets_of(hamlet) == ["Ấp Suối Đá", "Thôn 4"]
    assert hamlets_of(None) == []


def test_too_many_are_not_offered(commune):
    for n in range(NAMES_MAX + 1):
        HazardFactory(unit=commune, hamlet=f"Thôn {n}")
    assert hamlets_of(commune) == []


def test_the_forms_offer_them_and_take_others(client, commune, hamlet):
    client.force_login(user_with_role(Role.INSPECTOR, commune))
    hazard = HazardFactory(unit=commune, hamlet="Thôn <4>")
    page = client.get(reverse("hazards:edit", args=[hazard.code])).text
    assert '<option value="Ấp Suối Đá">' in page
    assert "&lt;4&gt;" in page
    assert '<option value="Ấp Suối Đá">' in client.get(
        reverse("hazards:new"), {"unit": commune.pk}
    ).text  # fmt: skip
