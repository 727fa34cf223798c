"""A square code signs one phone of a surveyor in: once, soon, and nobody but a plain surveyor."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from common.errors import NotFoundError
from field.errors import InvitationUsedError
from field.models import Invitation
from field.services.invitations import invitation_of, invite, surveyors_of, use
from tests.factories.accounts import MembershipFactory, user_with_role
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def administrator(unit):
    return user_with_role(Role.ADMINISTRATOR, unit)


@pytest.fixture
def surveyor(unit):
    return user_with_role(Role.SURVEYOR, unit)


def test_the_code_is_shown_scanned_confirmed_and_used_up(client, administrator, surveyor):
    client.force_login(administrator)
    shown = client.post(reverse("field:invite"), {"surveyor": surveyor.pk})
    assert shown.status_code == 200
    assert "<svg" in shown.text
    assert "no-store" in shown["Cache-Control"]
    _made, token = invite(user_id=surveyor.pk, made_by=administrator)
    assert token not in str(Invitation.objects.values_list())  # its hash alone is kept

    phone = Client()
    address = reverse("field:join", args=[token])
    assert surveyor.display_name() in phone.get(address).text
    assert "_auth_user_id" not in phone.session  # looking uses nothing up
    answer = phone.post(address)
    assert (answer.status_code, answer.url) == (302, reverse("field:app"))
    assert phone.session["_auth_user_id"] == str(surveyor.pk)
    assert phone.get(reverse("field:app")).status_code == 200

    again = Client().post(address)
    assert (again.status_code, Client().get(address).status_code) == (410, 410)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"phone_invited", "phone_joined"} <= verbs


def test_a_new_code_makes_the_old_one_void_and_time_does_too(administrator, surveyor):
    _first, old = invite(user_id=surveyor.pk, made_by=administrator)
    _second, new = invite(user_id=surveyor.pk, made_by=administrator)
    with pytest.raises(InvitationUsedError):
        invitation_of(old)
    assert invitation_of(new).user == surveyor
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationUsedError):
        use(new)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.REVIEWER, Role.ADMINISTRATOR])
def test_nobody_who_may_do_more_is_signed_in_so(unit, administrator, surveyor, role):
    MembershipFactory(user=surveyor, unit=unit, role=role)
    assert surveyor not in surveyors_of(administrator)
    with pytest.raises(NotFoundError):
        invite(user_id=surveyor.pk, made_by=administrator)


def test_nor_a_surveyor_of_elsewhere_nor_one_who_works_there_too(administrator, surveyor):
    other = UnitFactory()
    with pytest.raises(NotFoundError):
        invite(user_id=user_with_role(Role.SURVEYOR, other).pk, made_by=administrator)
    MembershipFactory(user=surveyor, unit=other, role=Role.SURVEYOR)
    assert list(surveyors_of(administrator)) == []


def test_a_role_given_after_the_code_was_made_voids_it(unit, administrator, surveyor):
    _made, token = invite(user_id=surveyor.pk, made_by=administrator)
    MembershipFactory(user=surveyor, unit=unit, role=Role.INSPECTOR)
    with pytest.raises(InvitationUsedError):
        use(token)


def test_an_administrator_whose_role_ended_signs_nobody_in(administrator, surveyor):
    _made, token = invite(user_id=surveyor.pk, made_by=administrator)
    Membership.objects.filter(user=administrator).delete()
    answer = Client().post(reverse("field:join", args=[token]))
    assert answer.status_code in {403, 410}


@pytest.mark.parametrize("role", [Role.SURVEYOR, Role.REVIEWER, Role.INSPECTOR, Role.PLANNER])
def test_only_administrators_may_invite(client, unit, surveyor, role):
    client.force_login(user_with_role(role, unit))
    assert client.post(reverse("field:invite"), {"surveyor": surveyor.pk}).status_code == 403
    assert not Invitation.objects.exists()
