"""Django's administration: every list opens, is searched and shows a row; nobody else gets in."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from tests.acceptance.two_communes import make_commune

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]


@pytest.fixture
def superuser(client):
    user = User.objects.create_superuser("trum", password="x")
    client.force_login(user)
    return user


def address(model, what, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def test_every_list_opens_is_searched_and_shows_a_row(client, superuser):
    make_commune("Ánh Dương", place=0, tree_left=11)
    shown = 0
    for model, site in admin.site._registry.items():
        assert client.get(address(model, "changelist")).status_code == 200, model
        if site.search_fields:
            found = client.get(address(model, "changelist"), {"q": "Ánh Dương"})
            assert found.status_code == 200, model
        row = model._default_manager.first()
        if row is not None:
            assert client.get(address(model, "change", row.pk)).status_code == 200, model
            shown += 1
    assert shown >= 12


def test_no_token_of_a_phone_is_shown(client, superuser):
    commune = make_commune("Ánh Dương", place=0, tree_left=11)
    page = client.get(address(type(commune.device), "change", commune.device.pk)).text
    assert commune.device.token_sha256 not in page


def test_nothing_that_services_write_can_be_added_or_deleted(client, superuser):
    commune = make_commune("Ánh Dương", place=0, tree_left=11)
    for row in (commune.submission, commune.device, commune.survey_photo, commune.voice):
        assert client.get(address(type(row), "add")).status_code == 403
        assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()
