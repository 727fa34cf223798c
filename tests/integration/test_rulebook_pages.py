"""The rulebook, and a draft: tried out by administrators, signed at the top only."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from hazards.models import ComplianceRule, HazardAssessment
from hazards.services.assessment import assess
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory, RuleFactory, SafeguardObservationFactory
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune():
    return UnitFactory(name="Một", place=0, tree_left=11)


@pytest.fixture
def elsewhere():
    return UnitFactory(name="Hai", place=1, tree_left=22)


@pytest.fixture
def top(commune):
    """A province's administrator: his unit stands at the top of the tree."""
    user = user_with_role(Role.ADMINISTRATOR, commune)
    type(commune).objects.filter(pk=commune.pk).update(depth=0)
    return user


@pytest.fixture
def pond(commune):
    pond = HazardFactory(unit=commune, depth_class="0_5_to_1")
    SafeguardObservationFactory(hazard=pond, state="missing")
    assess()
    return pond


def half_a_metre(**values) -> dict:
    deep = ComplianceRule.objects.get(rule_code="deep-water")
    given = {
        "rule_code": "deep-water",
        "title_vi": deep.title_vi,
        "title_en": deep.title_en,
        "kinds": deep.kinds,
        "duties": deep.duties,
        "min_depth_m": "0.5",
        "sign_months": 6,
        "barrier_months": 12,
        "cover_months": 12,
        "valid_from": timezone.localdate().isoformat(),
        "action": "rehearse",
    }
    return given | values


def post(client, user, **values):
    client.force_login(user)
    return client.post(reverse("hazards:rule_draft"), half_a_metre(**values))


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.PLANNER, Role.REVIEWER])
def test_everybody_reads_the_rules_and_counts_only_his_own_hazards(
    role, commune, elsewhere, pond, client
):
    HazardFactory.create_batch(4, unit=elsewhere)
    RuleFactory(rule_code="old-pools", valid_to=timezone.localdate() - timedelta(days=9))
    RuleFactory(
        rule_code="new-pools", kinds=["pool"], valid_from=timezone.localdate() + timedelta(days=9)
    )
    assess()
    client.force_login(user_with_role(role, commune))

    rows = client.get(reverse("hazards:rulebook")).context["rows"]

    judged = {row.rule.rule_code: (row.state, row.judged) for row in rows}
    assert judged["deep-water"] == ("in_force", 1)
    assert judged["new-pools"] == ("coming", 0)
    assert judged["old-pools"] == ("past", 0)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.PLANNER, Role.SURVEYOR])
def test_only_administrators_draft(role, commune, client):
    assert post(client, user_with_role(role, commune)).status_code == 403


def test_a_draft_begins_with_the_rule_as_it_stands(top, client):
    client.force_login(top)

    page = client.get(reverse("hazards:rule_draft"), {"rule": "deep-water"})

    assert page.context["form"]["min_depth_m"].value() == 1
    assert client.get(reverse("hazards:rule_draft"), {"rule": "nothing"}).status_code == 404


def test_trying_out_shows_the_change_and_writes_nothing(top, pond, client):
    rules = list(ComplianceRule.objects.values())

    page = post(client, top)

    assert page.context["found"].changes == {("out_of_scope", "noncompliant"): 1}
    assert re.search(r'name="confirmed" value="1"', page.content.decode())
    assert list(ComplianceRule.objects.values()) == rules
    assert HazardAssessment.objects.get(hazard=pond).verdict == "out_of_scope"


def test_signing_what_was_confirmed_changes_the_verdict_and_is_audited(top, pond, client):
    page = post(client, top, action="sign", confirmed="1")

    assert page.status_code == 302
    assert HazardAssessment.objects.get(hazard=pond).verdict == "noncompliant"
    entry = AuditEntry.objects.get(verb="add_rule")
    assert entry.actor == top


@pytest.mark.parametrize("confirmed", ["", "7"])
def test_signing_without_the_right_number_is_refused(confirmed, top, pond, client):
    page = post(client, top, action="sign", confirmed=confirmed)

    assert page.status_code == 422
    assert HazardAssessment.objects.get(hazard=pond).verdict == "out_of_scope"


def test_the_administrator_of_a_commune_tries_out_but_does_not_sign(commune, pond, client):
    type(commune).objects.filter(pk=commune.pk).update(depth=1)
    user = user_with_role(Role.ADMINISTRATOR, commune)

    tried = post(client, user)
    signed = post(client, user, action="sign", confirmed="1")

    assert tried.context["found"].changed == 1
    assert b'name="confirmed"' not in tried.content
    assert signed.status_code == 403
    assert not AuditEntry.objects.filter(verb="add_rule").exists()


def test_a_draft_counts_only_the_drafters_own_hazards(elsewhere, pond, client):
    page = post(client, user_with_role(Role.ADMINISTRATOR, elsewhere))

    assert (page.context["found"].changed, page.context["found"].total) == (0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": "2020-01-01"},
        {"kinds": []},
        {"sign_months": 0},
        {"kinds": ["well"], "rule_code": "wells-again"},
    ],
)
def test_a_draft_that_cannot_be_is_sent_back_with_words(wrong, top, client):
    page = post(client, top, **wrong)

    assert page.status_code == 422
    assert page.context["form"].errors
    assert page.context["found"] is None


def test_a_rule_is_ended_on_the_page_at_the_top_only(client, top, commune, pond):
    rule = ComplianceRule.objects.get(rule_code="deep-water")
    address = reverse("hazards:rule_end", args=[rule.public_id])
    today = timezone.localdate()

    client.force_login(user_with_role(Role.INSPECTOR, commune))
    assert client.post(address, {"valid_to": today}).status_code == 403
    client.force_login(top)
    assert address in client.get(reverse("hazards:rulebook")).text
    for wrong in ("", "soon", (today - timedelta(days=1)).isoformat()):
        client.post(address, {"valid_to": wrong})
        rule.refresh_from_db()
        assert rule.valid_to is None
    client.post(address, {"valid_to": today.isoformat()})

    rule.refresh_from_db()
    assert rule.valid_to == today
    assert HazardAssessment.objects.get(hazard=pond).verdict == "out_of_scope"
    assert AuditEntry.objects.filter(verb="end_rule", actor=top).count() == 1
