"""The surveyor's and the reviewer's pages, as a browser asks for them."""

import json
import uuid

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from common.layers import registered
from hazards.models import HazardPhoto, WaterHazard
from hazards.services.assessment import assess
from surveys.models import Submission
from surveys.services.review import return_submission
from tests.factories.accounts import MembershipFactory, user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    SEEN_AT,
    SubmissionFactory,
    SurveyPhotoFactory,
    photo_bytes,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]

JSON = {"headers": {"accept": "application/json"}}


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


def form(hazard=None, **changes):
    """What the capture page sends; a change of None leaves the field out."""
    at = hazard.location if hazard else None
    values = {
        "client_uuid": str(uuid.uuid4()),
        "hazard": hazard.code if hazard else "",
        "new_kind": "" if hazard else "pond",
        "sign_state": "missing",
        "barrier_state": "missing",
        "depth_class": "gt_2",
        "lat": str(at.y if at else 11.75),
        "lon": str(at.x if at else 106.55),
        "accuracy_m": "8.5",
        "captured_at": SEEN_AT.isoformat(),
        "photo_site": upload(),
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def text_of(answer) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", "replace")


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
    assert phone.get(nearby, {"lat": f"{at.y + 0.01}", "lon": f"{at.x}"}).json()["hazards"] == []


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


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_return_and_reject_without_a_reason_show_the_page_again(desk, unit, decision):
    decide = reverse("surveys:decide", args=[SubmissionFactory(unit=unit).public_id])

    refused = desk.post(decide, {"decision": decision})
    taken = desk.post(decide, {"decision": decision, "reason": "Ảnh mờ"})

    assert refused.status_code == 422
    assert "Write the reason" in text_of(refused)
    assert taken.status_code == 302


def test_a_second_decision_is_told_and_changes_nothing(desk, unit):
    visit = SubmissionFactory(unit=unit, state="rejected")

    answer = desk.post(reverse("surveys:decide", args=[visit.public_id]), {"decision": "accept"})

    assert answer.status_code == 409
    assert "cannot become" in text_of(answer)
    assert WaterHazard.objects.count() == 0


def test_after_a_decision_the_next_survey_opens(desk, unit):
    first, second = SubmissionFactory(unit=unit), SubmissionFactory(unit=unit)

    answer = desk.post(
        reverse("surveys:decide", args=[first.public_id]),
        {"decision": "reject", "reason": "Trùng"},
    )

    assert answer.url == reverse("surveys:review", args=[second.public_id])


def test_the_desk_says_what_does_not_fit(desk, unit, hazard):
    visit = SubmissionFactory(unit=unit, hazard=hazard, sign_state="present")
    SurveyPhotoFactory(submission=visit, flags=["far_from_fix", "used_before", "no_position"])
    SurveyPhotoFactory(submission=visit, state="failed", problem="damaged", image_name="")

    page = text_of(desk.get(reverse("surveys:review", args=[visit.public_id])))

    assert "over 100 m from where the phone was" in page
    assert "The same photo was sent with an earlier survey" in page
    assert "The file is damaged or cut short" in page
    assert 'data-key="a"' in page


def test_a_new_place_may_be_filed_under_a_known_one(desk, unit, hazard):
    visit = SubmissionFactory(unit=unit)  # at the same spot

    page = text_of(desk.get(reverse("surveys:review", args=[visit.public_id])))
    desk.post(
        reverse("surveys:decide", args=[visit.public_id]),
        {"decision": "accept", "file_under": hazard.code},
    )

    assert f'<option value="{hazard.code}">' in page
    visit.refresh_from_db()
    assert visit.hazard == hazard
    assert WaterHazard.objects.count() == 1


def test_nobody_is_offered_a_decision_about_his_own_survey(desk, reviewer, unit):
    MembershipFactory(user=reviewer, role=Role.SURVEYOR, unit=unit)
    visit = SubmissionFactory(unit=unit, surveyor=reviewer)

    page = text_of(desk.get(reverse("surveys:review", args=[visit.public_id])))

    assert "You sent this survey yourself" in page
    assert 'id="decide"' not in page


def test_the_queue_is_old_first_filtered_and_counted(desk, unit, django_assert_max_num_queries):
    old, new = SubmissionFactory(unit=unit, new_name="Cũ"), SubmissionFactory(unit=unit)
    SubmissionFactory(unit=unit, state="accepted", new_name="Xong")
    Submission.objects.filter(pk=old.pk).update(received_at=SEEN_AT)
    queue = reverse("surveys:queue")

    with django_assert_max_num_queries(14):
        page = desk.get(queue)

    assert list(page.context["page"]) == [old, new]
    assert {code: n for code, _, n in page.context["states"]}["accepted"] == 1
    assert list(desk.get(queue, {"waiting_days": "1"}).context["page"]) == [old]
    assert "Xong" in text_of(desk.get(queue, {"state": "accepted"}))
    assert "No survey in this state" in text_of(desk.get(queue, {"state": "returned"}))


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
    }
    names = {pattern.name for pattern in get_resolver("surveys.urls").url_patterns}
    return {name: reverse(f"surveys:{name}", args=ids.get(name, [])) for name in names}


OF_ONE_RECORD = {"receipt", "review", "decide", "original", "photo"}


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
        if name == "decide":
            answers = [client.post(url, {"decision": "accept"})]
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
        answer = client.post(url) if name == "decide" else client.get(url)
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
