"""The administration changes the registry through the services only, and shows the rest."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import AuditEntry
from hazards.models import ComplianceRule, HazardAssessment, ResponsibleBody, Waiver
from hazards.services.assessment import assess
from tests.factories.accounts import UserFactory
from tests.factories.hazards import (
    AssessmentFactory,
    DepthObservationFactory,
    HazardFactory,
    ResponsibleBodyFactory,
    SafeguardFactory,
    SafeguardObservationFactory,
    WaiverFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


FACTORIES = {
    "waterhazard": HazardFactory,
    "responsiblebody": ResponsibleBodyFactory,
    "safeguard": SafeguardFactory,
    "safeguardobservation": SafeguardObservationFactory,
    "depthobservation": DepthObservationFactory,
    "hazardassessment": AssessmentFactory,
    "waiver": WaiverFactory,
    "compliancerule": lambda: ComplianceRule.objects.first(),
}


@pytest.mark.parametrize("name", FACTORIES)
def test_every_list_and_record_opens_and_nothing_can_be_deleted(office, name):
    row = FACTORIES[name]()

    assert office.get(reverse(f"admin:hazards_{name}_changelist")).status_code == 200
    assert office.get(reverse(f"admin:hazards_{name}_change", args=[row.pk])).status_code == 200
    assert office.get(reverse(f"admin:hazards_{name}_delete", args=[row.pk])).status_code == 403


def test_every_table_of_the_registry_but_photos_is_there():
    names = {
        model._meta.model_name
        for model in admin.site._registry
        if model._meta.app_label == "hazards"
    }
    assert set(FACTORIES) <= names


def test_a_change_of_kind_is_judged_and_audited(office):
    pond = HazardFactory()
    assess()
    page = reverse("admin:hazards_waterhazard_change", args=[pond.pk])
    given = {"name": "Giếng cũ", "kind": "well", "lifecycle": "in_use", "hamlet": "", "note": ""}

    assert office.post(page, given).status_code == 302

    pond.refresh_from_db()
    assert (pond.kind, pond.name_plain) == ("well", "gieng cu")
    assert HazardAssessment.objects.get().cover == "unknown"
    assert AuditEntry.objects.get(verb="update_hazards").facts["reason"] == "admin"


def test_legacy_text_comes_back_to_the_form(office):
    pond = HazardFactory()
    page = reverse("admin:hazards_waterhazard_change", args=[pond.pk])
    answer = office.post(page, {"name": "®Ëp DÇu TiÕng", "kind": "pond", "lifecycle": "in_use"})

    assert "old encoding" in answer.content.decode()


RULE = {
    "rule_code": "deep-water",
    "title_vi": "Nơi nước sâu",
    "title_en": "Deep water",
    "kinds": ["pond", "lake"],
    "duties": ["sign", "barrier"],
    "min_depth_m": "1.5",
    "sign_valid_months": 6,
    "barrier_valid_months": 12,
    "cover_valid_months": 12,
    "valid_from": "2026-01-01",
}


def test_a_rule_added_here_ends_the_version_before(office):
    assert office.post(reverse("admin:hazards_compliancerule_add"), RULE).status_code == 302

    first, second = ComplianceRule.objects.filter(rule_code="deep-water")
    assert (first.valid_to, second.valid_to) == (date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rule_code": "other"}, "would both apply"),
        ({"valid_from": "2020-01-01"}, "already has a version"),
        ({"sign_valid_months": 0}, "1 to 120 months"),
    ],
)
def test_a_rule_that_cannot_be_comes_back_to_the_form(office, values, words):
    answer = office.post(reverse("admin:hazards_compliancerule_add"), RULE | values)

    assert words in answer.content.decode()
    assert ComplianceRule.objects.count() == 3


def test_a_rule_is_ended_here_and_not_rewritten(office):
    rule = ComplianceRule.objects.get(rule_code="well-tank-cover")
    page = reverse("admin:hazards_compliancerule_change", args=[rule.pk])
    assert "day after" in office.post(page, {"valid_to": "2020-01-01"}).content.decode()
    assert office.post(page, {"valid_to": "2026-01-01", "title_en": "x"}).status_code == 302

    rule.refresh_from_db()
    assert (rule.valid_to, rule.title_en) == (
        date(2026, 1, 1),
        "Wells, tanks and pits must have a safe cover",
    )


def test_waivers_and_bodies_are_written_here(office):
    pond = HazardFactory()
    given = {
        "hazard": pond.pk,
        "reason": "Đang san lấp",
        "document_no": "12/QĐ",
        "valid_from": "2026-01-01",
        "valid_to": "2026-06-01",
    }
    page = reverse("admin:hazards_waiver_add")
    wrong = office.post(page, given | {"valid_to": "2025-06-01"})
    assert "must come after" in wrong.content.decode()
    assert office.post(page, given).status_code == 302

    waiver = Waiver.objects.get()
    page = reverse("admin:hazards_waiver_change", args=[waiver.pk])
    assert office.post(page, {"valid_to": "2026-03-01"}).status_code == 302
    waiver.refresh_from_db()
    assert waiver.valid_to == date(2026, 3, 1)

    body = {"name": "Công ty Thủy nông", "kind": "company", "contact": ""}
    assert office.post(reverse("admin:hazards_responsiblebody_add"), body).status_code == 302
    assert ResponsibleBody.objects.get().name_plain == "cong ty thuy nong"


def test_the_admin_says_whose_it_is_in_the_language_of_who_works_there(admin_client, admin_user):
    admin_user.language = "vi"
    admin_user.save()

    page = admin_client.get("/admin/").content.decode()

    assert "Bờ An Toàn: quản trị" in page
    assert "Tất cả các bảng" in page
    assert "Django" not in page
