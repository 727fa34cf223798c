"""The surveyor's pages, as a browser asks for them."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from hazards.models import HazardPhoto
from hazards.services.assessment import assess
from surveys.models import Submission
from surveys.services.review import return_submission
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    JSON,
    form,
    text_of,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def hazard(unit):
    made = HazardFactory(unit=unit, name="Ao nhà ông Sáu", name_plain="ao nha ong sau")
    assess([made.pk])
    return made


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


def test_the_whole_way_from_the_pond_to_the_register(phone, desk, hazard):
    sent = phone.post(reverse("surveys:capture"), form(hazard), **JSON)
    assert sent.status_code == 201
    assert "Received" in text_of(phone.get(sent.json()["url"]))
    call_command("process_photos", verbosity=0)

    visit = Submission.objects.get()
    review = reverse("surveys:review", args=[visit.public_id])
    assert review in text_of(desk.get(reverse("surveys:queue")))
    assert "nobody has looked" in text_of(desk.get(review))
    answer = desk.post(
        reverse("surveys:decide", args=[visit.public_id]), {"decision": "accept"}, follow=True
    )

    hazard.refresh_from_db()
    assert hazard.assessment.verdict == "noncompliant"
    assert f"{hazard.code} Ao nhà ông Sáu is now “Not compliant”." in text_of(answer)
    assert HazardPhoto.objects.filter(hazard=hazard).count() == 1


def test_a_second_tap_gets_the_same_receipt(phone, hazard):
    values = form(hazard)
    first = phone.post(reverse("surveys:capture"), values, **JSON)
    values["photo_site"].seek(0)

    second = phone.post(reverse("surveys:capture"), values, **JSON)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Submission.objects.get().photos.count() == 1


def test_a_page_without_scripts_sends_a_plain_form(phone, unit):
    values = form(lat="11,75", lon="106,55", captured_at="", accuracy_m="")

    answer = phone.post(reverse("surveys:capture"), values)

    visit = Submission.objects.get()
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("surveys:receipt", args=[visit.public_id]))
    assert (visit.unit, visit.position_accuracy_m) == (unit, None)
    assert (visit.position.y, visit.position.x) == (11.75, 106.55)


def test_a_refused_form_keeps_what_was_typed(phone):
    values = form(lat="", note="Cổng để mở", new_name="Ao Bà Năm", new_kind="well")

    page = phone.post(reverse("surveys:capture"), values)

    text = text_of(page)
    assert page.status_code == 400
    assert "The position is missing" in text
    assert "Cổng để mở" in text
    assert 'value="Ao Bà Năm"' in text
    assert values["client_uuid"] in text
    assert 'value="well" checked' in text
    assert "Choose the photos again" in text
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"photo_site": None}, 400, "No readable photo"),
        ({"photo_site": b"<html>"}, 400, "No readable photo"),
        ({"new_kind": None}, 400, "Choose what kind of place"),
        ({"lat": "north"}, 400, "Write degrees as a number"),
        ({"lat": "11.95"}, 422, "km outside the area"),
        ({"photo_sign": b""}, 422, "IMG_2.jpg is empty"),
        ({"client_uuid": "1"}, 400, "valid UUID"),
    ],
)
def test_a_program_is_told_what_is_wrong(phone, unit, changes, status, message):
    files = {k: upload(v, "IMG_2.jpg") for k, v in changes.items() if isinstance(v, bytes)}

    answer = phone.post(reverse("surveys:capture"), form(**(changes | files)), **JSON)

    assert answer.status_code == status
    assert message in json.dumps(answer.json(), ensure_ascii=False)
    assert Submission.objects.count() == 0


def test_a_file_that_is_no_picture_goes_along_with_one_that_is(phone, unit):
    values = form(photo_sign=upload(b"%PDF-1.7", "bien.jpg"))

    assert phone.post(reverse("surveys:capture"), values, **JSON).status_code == 201
    assert Submission.objects.get().photos.count() == 2


def test_a_body_beyond_every_limit_is_refused_unread(phone, unit, settings):
    settings.PHOTO_MAX_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    answer = phone.post(reverse("surveys:capture"), form(), **JSON)

    assert answer.status_code == 413
    assert "Send fewer photos" in answer.json()["message"]


def test_near_me_measures_the_way(phone, hazard):
    at = hazard.location  # 0.001 degree of latitude is 111 m

    page = phone.get(reverse("surveys:near_me"), {"lat": f"{at.y + 0.001}", "lon": f"{at.x}"})

    assert "Ao nhà ông Sáu" in text_of(page)
    assert "111 m" in text_of(page)
    assert "(1/1)" in text_of(page)


def test_near_me_works_without_a_position_and_finds_names(phone, hazard, unit):
    other = HazardFactory(unit=unit, name="Hồ Xa", name_plain="ho xa")
    assess([other.pk])

    found = text_of(phone.get(reverse("surveys:near_me"), {"q": "ông sáu"}))

    assert "Ao nhà ông Sáu" in found
    assert "Hồ Xa" not in found
    assert phone.get(reverse("surveys:near_me"), {"lat": "abc"}).status_code == 400


def test_a_new_place_near_a_known_one_is_told(phone, hazard):
    at, nearby = hazard.location, reverse("surveys:nearby")

    answer = phone.get(nearby, {"lat": f"{at.y + 0.0003}", "lon": f"{at.x}"})

    found = answer.json()["hazards"]
    assert [(row["code"], row["away_m"]) for row in found] == [(hazard.code, 33)]
    far = phone.get(nearby, {"lat": f"{at.y + 0.003}", "lon": f"{at.x}"}).json()
    assert (far["hazards"], [row["away_m"] for row in far["around"]]) == ([], [332])


def test_a_returned_survey_shows_its_reason_and_can_be_mended(phone, reviewer, unit):
    phone.post(reverse("surveys:capture"), form(note="Thấy từ xa"), **JSON)
    visit = Submission.objects.get()
    return_submission(reviewer=reviewer, public_id=visit.public_id, reason="Ảnh mờ quá")
    event = visit.review_events.get()

    assert "Ảnh mờ quá" in text_of(phone.get(reverse("surveys:sent")))
    page = text_of(phone.get(reverse("surveys:capture"), {"mend": str(visit.public_id)}))
    for word in ("Ảnh mờ quá", "Thấy từ xa", str(event.public_id), str(visit.client_uuid)):
        assert word in page

    again = form(
        client_uuid=str(visit.client_uuid),
        mends=str(event.public_id),
        sign_state="damaged",
        photo_site=None,  # the photos sent before are still there
    )
    assert phone.post(reverse("surveys:capture"), again, **JSON).status_code == 200
    visit.refresh_from_db()
    assert (visit.state, visit.sign_state) == ("received", "damaged")
