"""What phones send: every send answered, every byte once, nothing doubled, nothing thrown away."""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections import Counter

import pytest
from django.conf import settings
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from field.models import (
    ArrivedFile,
    Device,
    FieldVisit,
    Quarantined,
    TrainingVisit,
    VisitVariant,
)
from field.services.devices import revoke, sign_in
from field.services.uploads import part_path
from field.services.visits import receipt_code
from hazards.services.assessment import assess
from surveys.models import Submission, SurveyPhoto
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import photo_bytes

pytestmark = pytest.mark.django_db
HERE = {"lat": 11.75, "lon": 106.55, "accuracy_m": 8}


class Phone:
    """Speaks to the door as the app does."""

    def __init__(self, user):
        self.user = user
        self.device, token = sign_in(user=user, name="Điện thoại thử")
        self.headers = {"authorization": f"Device {token}", "accept-language": "en"}

    def body(self, photos=(), **more):
        files = [
            {"sha256": hashlib.sha256(p).hexdigest(), "size": len(p), "subject": "site",
             "name": "IMG.jpg"} for p in photos
        ]  # fmt: skip
        said = {"new_kind": "pond", "sign_state": "missing", "captured_at": "2026-11-20T08:00:00Z"}
        return json.dumps(said | HERE | {"files": files} | more).encode()

    def put(self, client_uuid, body, client=None):
        return (client or Client()).put(
            reverse("field:api_visit", args=[client_uuid]), body,
            content_type="application/json", headers=self.headers,
        )  # fmt: skip

    def patch(self, photo, offset=0, end=None, size=None, sha256=None):
        sha256 = sha256 or hashlib.sha256(photo).hexdigest()
        return Client().patch(
            reverse("field:api_file", args=[sha256]), photo[offset:end],
            content_type="application/offset+octet-stream",
            headers=self.headers
            | {"upload-offset": str(offset), "upload-length": str(size or len(photo))},
        )  # fmt: skip

    def head(self, photo):
        sha256 = hashlib.sha256(photo).hexdigest()
        return Client().head(reverse("field:api_file", args=[sha256]), headers=self.headers)


@pytest.fixture
def unit():
    return UnitFactory(place=0)


@pytest.fixture
def phone(unit):
    return Phone(user_with_role(Role.SURVEYOR, unit))


def test_a_visit_is_made_once_and_answered_each_time_with_the_same_receipt(phone):
    client_uuid, photo = uuid.uuid4(), photo_bytes()
    body = phone.body([photo])

    first, again = phone.put(client_uuid, body), phone.put(client_uuid, body)

    assert (first.status_code, again.status_code) == (201, 200)
    digest = hashlib.sha256(photo).hexdigest()
    expected = receipt_code(str(client_uuid), hashlib.sha256(body).hexdigest(), [digest])
    assert first.json()["receipt"] == again.json()["receipt"] == expected
    assert first.json()["missing"] == [digest]
    assert Submission.objects.count() == 1


def test_a_photo_goes_on_where_it_broke_off_and_joins_its_visit(phone):
    client_uuid, photo = uuid.uuid4(), photo_bytes()
    phone.put(client_uuid, phone.body([photo]))

    assert phone.patch(photo, 0, 1000)["Upload-Offset"] == "1000"
    assert phone.head(photo)["Upload-Offset"] == "1000"
    wrong = phone.patch(photo, 500)
    assert (wrong.status_code, wrong.json()["facts"]["offset"]) == (409, 1000)
    done = phone.patch(photo, 1000)

    assert (done.status_code, done["Upload-Complete"]) == (200, "1")
    kept = SurveyPhoto.objects.get()
    assert kept.submission.client_uuid == client_uuid
    assert kept.sha256 == hashlib.sha256(photo).hexdigest()
    assert phone.put(client_uuid, phone.body([photo])).json()["missing"] == []
    assert phone.head(photo)["Upload-Complete"] == "1"
    assert not part_path(phone.user, kept.sha256).exists()


def test_a_photo_may_come_before_its_visit_and_serve_two(phone):
    photo = photo_bytes()
    phone.patch(photo)

    for _visit in range(2):
        assert phone.put(uuid.uuid4(), phone.body([photo])).json()["missing"] == []

    assert ArrivedFile.objects.count() == 1
    assert SurveyPhoto.objects.count() == 2


def test_other_words_under_the_same_id_are_kept_beside_the_first(phone):
    client_uuid = uuid.uuid4()
    phone.put(client_uuid, phone.body())
    other = phone.body(sign_state="present")

    for _send in range(2):
        answer = phone.put(client_uuid, other)
        assert answer.status_code == 200
        assert answer.json()["body_sha256"] == hashlib.sha256(other).hexdigest()

    assert Submission.objects.get().sign_state == "missing"
    assert VisitVariant.objects.get().body["sign_state"] == "present"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"lat": 11.75',
        b'{"lat": NaN, "lon": 106.55, "new_kind": "pond"}',
        b'{"lat": "11.75", "lon": 106.55, "new_kind": "pond"}',
        b'{"lat": 11.75, "lon": 106.55, "new_kind": "sea"}',
        b'{"lat": 11.75, "lon": 106.55, "new_kind": "pond", "note": 7}',
        b'{"lat": 11.75, "lon": 106.55, "new_kind": "pond", "files": [{"sha256": "../x"}]}',
        b'{"lat": 11.75, "lon": 106.55, "hazard": "AT-0000000-0"}',
        b'{"lat": 0, "lon": 0, "new_kind": "pond"}',
        b'{"lat": 16.0, "lon": 108.0, "new_kind": "pond"}',
    ],
)
def test_what_cannot_be_taken_is_kept_byte_for_byte_and_the_phone_told_so(phone, raw):
    client_uuid = uuid.uuid4()

    for _send in range(2):
        answer = phone.put(client_uuid, raw)
        assert (answer.status_code, answer.json()["held"]) == (202, True)
        assert answer.json()["body_sha256"] == hashlib.sha256(raw).hexdigest()

    held = Quarantined.objects.get()
    assert held.sha256 == hashlib.sha256(raw).hexdigest()
    assert held.reason
    assert not Submission.objects.exists()


def test_what_was_held_back_is_taken_in_once_its_reason_is_gone(phone, unit, client):
    code = "AT-9000123-4"
    body = phone.body(hazard=code)
    phone.put(uuid.uuid4(), body)
    held = Quarantined.objects.get()
    HazardFactory(unit=unit, code=code)
    assess()
    client.force_login(user_with_role(Role.REVIEWER, unit))
    assert held.device.user.display_name() in client.get(reverse("field:devices")).content.decode()

    client.post(reverse("field:replay", args=[held.public_id]))

    held.refresh_from_db()
    assert held.replayed_at
    assert Submission.objects.get().hazard.code == code


def test_a_file_that_is_another_than_announced_starts_anew(phone):
    photo = photo_bytes()
    lie = hashlib.sha256(b"other").hexdigest()

    answer = phone.patch(photo, sha256=lie)

    assert answer.status_code == 460
    assert not part_path(phone.user, lie).exists()
    assert not ArrivedFile.objects.exists()


@pytest.mark.parametrize("size", [0, settings.PHOTO_MAX_BYTES + 1, 10**15])
def test_a_size_that_no_photo_has_is_refused_before_a_byte(phone, size):
    assert phone.patch(b"x", size=size or "0").status_code == 413


def test_a_stranger_and_a_locked_phone_get_nothing(phone, unit):
    reviewer = user_with_role(Role.REVIEWER, unit)
    revoke(device=phone.device, actor=reviewer)
    for headers in (phone.headers, {"authorization": "Device x"}, {}):
        for view in ("field:api_pack", "field:api_visits"):
            assert Client().get(reverse(view), headers=headers).status_code == 401
    assert phone.put(uuid.uuid4(), phone.body()).status_code == 401
    assert not Submission.objects.exists()
    assert not Quarantined.objects.exists()


def test_nobody_takes_the_id_or_reads_the_bytes_of_another(phone, unit):
    other, client_uuid, photo = (
        Phone(user_with_role(Role.SURVEYOR, unit)),
        uuid.uuid4(),
        photo_bytes(),
    )
    phone.put(client_uuid, phone.body([photo]))
    phone.patch(photo)

    assert other.put(client_uuid, other.body()).status_code == 202
    assert other.head(photo)["Upload-Complete"] == "0"
    assert Submission.objects.get().surveyor == phone.user


def test_the_pack_holds_the_own_area_and_says_when_nothing_changed(phone, unit):
    near, far = HazardFactory(unit=unit, name="Ao làng"), HazardFactory(unit=UnitFactory(place=1))
    assess()
    address = reverse("field:api_pack")

    pack = Client().get(address, headers=phone.headers)

    rows = [dict(zip(pack.json()["columns"], row, strict=True)) for row in pack.json()["hazards"]]
    assert [row["code"] for row in rows] == [near.code]
    assert rows[0]["missing"] == ["sign", "barrier"]
    assert far.code not in pack.content.decode()
    again = Client().get(address, headers=phone.headers | {"if-none-match": pack["ETag"]})
    assert again.status_code == 304


def test_a_roll_call_tells_what_is_on_the_phone_and_how_far_its_clock_is_off(phone, unit, client):
    body = json.dumps({"visits": 3, "files": 7, "version": "abc", "time": "2031-01-01T00:00:00Z"})
    Client().post(
        reverse("field:api_roll_call"), body, content_type="application/json", headers=phone.headers
    )

    device = Device.objects.get()
    assert (device.unsent_visits, device.unsent_files) == (3, 7)
    assert device.clock_ahead_s > 100_000_000
    client.force_login(user_with_role(Role.REVIEWER, UnitFactory(place=1)))
    assert device.name not in client.get(reverse("field:devices")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_128_identical_sends_at_once_make_one_visit_and_128_successes(phone):
    client_uuid, body = uuid.uuid4(), phone.body([photo_bytes()])
    answers: list[int] = []
    begin = threading.Barrier(16)

    def send():
        begin.wait()
        for _send in range(8):
            answers.append(phone.put(client_uuid, body).status_code)
        close_old_connections()
        from django.db import connection

        connection.close()

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counts = Counter(answers)
    assert counts[201] == 1
    assert counts[200] == 127
    assert (Submission.objects.count(), FieldVisit.objects.count()) == (1, 1)


def test_a_locked_phone_is_forgotten_by_other_processes_within_seconds(phone, unit, monkeypatch):
    address = reverse("field:api_visits")
    assert Client().get(address, headers=phone.headers).status_code == 200
    Device.objects.update(revoked_at="2026-01-01T00:00Z")  # as another process would

    monkeypatch.setattr("field.services.devices.time.monotonic", lambda: 1e12)

    assert Client().get(address, headers=phone.headers).status_code == 401


def test_a_training_visit_is_answered_as_in_earnest_and_is_no_survey(phone):
    client_uuid, photo = uuid.uuid4(), photo_bytes()
    body = phone.body([photo], training=True)
    first = phone.put(client_uuid, body)
    phone.patch(photo)
    again = phone.put(client_uuid, body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["state"], again.json()["missing"]) == ("training", [])
    assert TrainingVisit.objects.get().body["sign_state"] == "missing"
    assert not Submission.objects.exists()
    assert not SurveyPhoto.objects.exists()


def test_what_is_on_the_phone_of_somebody_whose_role_ended_is_held_back(phone):
    phone.user.memberships.all().delete()

    answer = phone.put(uuid.uuid4(), phone.body())

    assert (answer.status_code, answer.json()["held"]) == (202, True)
    assert Quarantined.objects.count() == 1


def test_a_repeat_is_a_success_also_when_the_visit_would_be_refused_by_now(phone, monkeypatch):
    client_uuid, body = uuid.uuid4(), phone.body()
    first = phone.put(client_uuid, body)
    phone.user.memberships.all().delete()
    monkeypatch.setattr("field.services.devices.time.monotonic", lambda: 1e12)  # forgotten

    again = phone.put(client_uuid, body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["receipt"] == first.json()["receipt"]
    assert not Quarantined.objects.exists()
