"""Nobody gets anything of another commune, or of a colleague, on any address of the app."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from common.layers import registered
from hazards.services.assessment import assess
from surveys.models import Submission
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    JSON,
    SubmissionFactory,
    SurveyPhotoFactory,
    VoiceNoteFactory,
    form,
    photo_bytes,
    text_of,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def surveyor(unit):
    return user_with_role(Role.SURVEYOR, unit)


@pytest.fixture
def reviewer(unit):
    return user_with_role(Role.REVIEWER, unit)


@pytest.fixture
def phone(client, surveyor):
    client.force_login(surveyor)
    return client


@pytest.fixture
def desk(reviewer):
    office = Client()
    office.force_login(reviewer)
    return office


def test_copies_for_the_surveyor_originals_for_reviewers(phone, desk, unit):
    data = photo_bytes()
    phone.post(reverse("surveys:capture"), form(photo_site=upload(data)), **JSON)
    call_command("process_photos", verbosity=0)
    photo = Submission.objects.get().photos.get()
    original = reverse("surveys:original", args=[photo.public_id])

    for client in (phone, desk):
        answer = client.get(reverse("surveys:photo", args=[photo.public_id, "image"]))
        assert answer["Content-Type"] == "image/jpeg"
        assert b"Exif" not in b"".join(answer.streaming_content)
    assert phone.get(original).status_code == 403
    answer = desk.get(original)
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert AuditEntry.objects.filter(verb="view_original_photo").count() == 1
    assert phone.get(reverse("surveys:photo", args=[photo.public_id, "huge"])).status_code == 404


def addresses(visit, photo) -> dict[str, str]:
    """Every address of the app, filled with things of one commune."""
    ids = {
        "receipt": [visit.public_id],
        "review": [visit.public_id],
        "decide": [visit.public_id],
        "original": [photo.public_id],
        "photo": [photo.public_id, "image"],
        "voice": [VoiceNoteFactory(submission=visit).public_id],
    }
    names = {pattern.name for pattern in get_resolver("surveys.urls").url_patterns}
    return {name: reverse(f"surveys:{name}", args=ids.get(name, [])) for name in names}


OF_ONE_RECORD = {"receipt", "review", "decide", "decide_many", "original", "photo", "voice"}
DECIDING = {"decide", "decide_many"}  # take a POST


@pytest.mark.parametrize("role", [Role.SURVEYOR, Role.REVIEWER, Role.ADMINISTRATOR])
def test_another_commune_gets_nothing_on_any_address(client, role):
    here, there = UnitFactory(place=0), UnitFactory(place=1)
    hazard = HazardFactory(unit=here, name="Ao Kín", name_plain="ao kin")
    assess([hazard.pk])
    visit = SubmissionFactory(unit=here, hazard=hazard)
    photo = SurveyPhotoFactory(submission=visit)
    client.force_login(user_with_role(role, there))
    marks = (hazard.code, hazard.name, str(visit.public_id), str(photo.public_id))
    asked = [
        {"lat": f"{hazard.location.y}", "lon": f"{hazard.location.x}"},
        {"unit": str(here.pk)},
        {"q": "Kín"},
    ]

    for name, url in addresses(visit, photo).items():
        answers = [client.get(url, query) for query in asked]
        if name in DECIDING:
            said = {"decision": "accept", "survey": [str(visit.public_id)]}
            answers = [client.post(url, said)]
        for answer in answers:
            allowed = {403, 404} if name in OF_ONE_RECORD else {200, 400, 403}
            assert answer.status_code in allowed, name
            told = text_of(answer).replace(url, "")  # the language switch repeats what was asked
            assert not [mark for mark in marks if mark in told], name
    for query in ({"hazard": hazard.code}, {"mend": str(visit.public_id)}):
        assert client.get(reverse("surveys:capture"), query).status_code in {403, 404}
    visit.refresh_from_db()
    assert visit.state == "received"


def test_signed_out_visitors_are_sent_to_the_door(client, unit):
    visit = SubmissionFactory(unit=unit)
    photo = SurveyPhotoFactory(submission=visit)

    for name, url in addresses(visit, photo).items():
        answer = client.post(url) if name in DECIDING else client.get(url)
        assert answer.status_code == 302, name
        assert answer.url.startswith(reverse("accounts:login")), name


def test_a_surveyor_sees_no_survey_of_a_colleague(phone, unit):
    visit = SubmissionFactory(unit=unit)
    photo = SurveyPhotoFactory(submission=visit)

    assert phone.get(reverse("surveys:receipt", args=[visit.public_id])).status_code == 404
    assert phone.get(reverse("surveys:photo", args=[photo.public_id, "image"])).status_code == 404
    assert str(visit.public_id) not in text_of(phone.get(reverse("surveys:sent")))


def test_only_reviewers_get_the_layer_of_waiting_surveys(surveyor, reviewer, unit):
    visit = SubmissionFactory(unit=unit)
    SubmissionFactory(unit=unit, state="accepted")
    layer = registered()["surveys_waiting"]

    assert list(layer.queryset(reviewer)) == [visit]
    assert list(layer.queryset(surveyor)) == []
