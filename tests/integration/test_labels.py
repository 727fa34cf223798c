"""Labels for signs: the right code, the right address, only waters of one's own area."""

from __future__ import annotations

import re

import pytest
import segno
from django.urls import reverse

from accounts.roles import Role
from hazards.services.assessment import assess
from hazards.views import labels
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ponds(client):
    here, there = UnitFactory(place=0), UnitFactory(place=1)
    found = [HazardFactory(unit=here, name="Ao <b>Sen</b>"), HazardFactory(unit=here, kind="well")]
    HazardFactory(unit=there, name="Ao xã bên")
    assess()
    client.force_login(user_with_role(Role.SURVEYOR, here))
    return found


def squares(page):
    return re.findall(r'class="qrline"[^>]* d="([^"]+)"', page)


def test_a_label_shows_code_name_and_the_square_of_its_short_address(client, ponds):
    page = client.get(reverse("hazards:label", args=[ponds[0].code])).content.decode()

    address = f"http://testserver/h/{ponds[0].code}/"
    expected = segno.make(address, error="q", micro=False).svg_inline(border=2, omitsize=True)
    assert squares(page) == squares(expected) != []
    assert f'aria-label="{ponds[0].code}"' in page
    assert "Ao &lt;b&gt;Sen&lt;/b&gt;" in page


def test_the_short_address_leads_to_the_record_for_who_may_see_it(client, ponds):
    answer = client.get(f"/h/{ponds[0].code}/")
    assert answer.url == reverse("hazards:record", args=[ponds[0].code])

    client.force_login(user_with_role(Role.SURVEYOR, UnitFactory(place=2)))
    assert client.get(f"/h/{ponds[0].code}/").status_code == 404


def test_a_sheet_holds_the_filtered_list_of_the_own_area_and_says_when_it_is_cut(
    client, ponds, monkeypatch
):
    page = client.get(reverse("hazards:labels")).content.decode()
    assert len(squares(page)) == 2
    assert "Ao xã bên" not in page
    assert (
        len(squares(client.get(reverse("hazards:labels"), {"kind": "well"}).content.decode())) == 1
    )

    monkeypatch.setattr(labels, "MOST_LABELS", 1)
    cut = client.get(reverse("hazards:labels"), headers={"accept-language": "en"}).content.decode()
    assert len(squares(cut)) == 1
    assert 'role="alert"' in cut
