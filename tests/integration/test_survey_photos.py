"""From stored bytes to facts, flags and copies."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from accounts.roles import Role
from surveys.models import SurveyPhoto
from surveys.photos.derive import Derived
from surveys.photos.facts import PhotoFacts
from surveys.services import photos as service
from surveys.services.answers import Answers
from surveys.services.intake import receive_submission
from surveys.services.photos import TryAgainError, process_photo
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import SEEN_AT, photo_bytes, sent_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def sent(unit):
    """Send one photo, as bytes, of a hazard at the middle of the unit; return its row."""
    hazard = HazardFactory(unit=unit)
    surveyor = user_with_role(Role.SURVEYOR, unit)

    def one(data: bytes, name: str = "IMG.jpg", **changes) -> SurveyPhoto:
        submission, _ = receive_submission(
            surveyor=surveyor,
            client_uuid=uuid.uuid4(),
            answers=Answers(hazard=hazard),
            position=hazard.geometry,
            files=[sent_file(data, name)],
            **({"accuracy_m": 6.0, "captured_at": SEEN_AT} | changes),
        )
        return submission.photos.get()

    one.hazard = hazard
    return one


def test_facts_and_copies_of_an_honest_photo(sent):
    at = sent.hazard.location
    photo = process_photo(photo_id=sent(photo_bytes(lat=at.y, lon=at.x)).pk)

    assert (photo.state, photo.problem, photo.flags) == ("done", "", [])
    assert (photo.exif_position.x, photo.exif_position.y) == pytest.approx((at.x, at.y), abs=1e-6)
    assert photo.exif_taken_at == SEEN_AT
    assert photo.exif_direction_deg == 90.0
    assert (photo.width_px, photo.height_px, photo.orientation) == (640, 480, 1)
    with storages["derivatives"].open(photo.image_name) as copy:
        assert b"Exif" not in copy.read()
    assert storages["derivatives"].exists(photo.thumbnail_name)


def test_a_photo_is_prepared_once(sent):
    photo = sent(photo_bytes())
    process_photo(photo_id=photo.pk)

    assert process_photo(photo_id=photo.pk) is None
    assert process_photo(photo_id=photo.pk + 1000) is None


def test_flags_tell_what_does_not_fit(sent):
    at = sent.hazard.location
    # 0.01 degree of latitude is 1.1 km.
    far = photo_bytes(lat=at.y + 0.01, lon=at.x, taken_at=SEEN_AT - timedelta(days=8))

    photo = process_photo(photo_id=sent(far, "IMG.png", accuracy_m=0.0).pk)

    assert photo.flags == [
        "far_from_fix",
        "far_from_hazard",
        "old_photo",
        "accuracy_zero",
        "name_lies",
    ]


def test_a_photo_sent_before_is_told(sent):
    data = photo_bytes()
    first, second = sent(data), sent(data)

    assert "used_before" not in process_photo(photo_id=first.pk).flags
    assert "used_before" in process_photo(photo_id=second.pk).flags


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"<svg/>", "not_an_image"), (b"\xff\xd8\xff\xe0 broken", "damaged")],
)
def test_what_cannot_be_shown_says_why_and_keeps_its_bytes(data, problem, sent):
    photo = process_photo(photo_id=sent(data).pk)

    assert (photo.state, photo.problem, photo.image_name) == ("failed", problem, "")
    with storages["originals"].open(photo.original_name) as stored:
        assert stored.read() == data


def test_a_lost_original_is_told(sent):
    photo = sent(photo_bytes())
    storages["originals"].delete(photo.original_name)

    assert process_photo(photo_id=photo.pk).problem == "file_missing"


def test_a_problem_of_the_moment_is_tried_again_and_the_third_time_told(sent, monkeypatch):
    photo = sent(photo_bytes())
    tired = Derived(PhotoFacts(), problem="timeout")
    monkeypatch.setattr(service, "derive", lambda original, folder: tired)

    with pytest.raises(TryAgainError):
        process_photo(photo_id=photo.pk, last_try=False)
    photo.refresh_from_db()
    assert photo.state == "waiting"

    assert process_photo(photo_id=photo.pk, last_try=True).problem == "timeout"


def test_the_command_prepares_what_waits(sent, capsys):
    sent(photo_bytes())
    sent(b"no picture")

    call_command("process_photos", "--lang=en")

    assert "Photos prepared: 1; cannot be shown: 1; waiting before: 2." in capsys.readouterr().out
    assert not SurveyPhoto.objects.filter(state="waiting").exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_prepares_what_was_put_in_the_queue(tmp_path):
    from procrastinate.contrib.django import app

    unit = UnitFactory(place=0)
    receive_submission(
        surveyor=user_with_role(Role.SURVEYOR, unit),
        client_uuid=uuid.uuid4(),
        answers=Answers(new_kind="pond"),
        position=unit.geometry.point_on_surface,
        accuracy_m=5.0,
        captured_at=SEEN_AT,
        files=[sent_file()],
    )
    worker = app.with_connector(app.connector.get_worker_connector())
    with worker.open():
        worker.run_worker(wait=False, queues=["photos"], install_signal_handlers=False)

    assert SurveyPhoto.objects.get().state == "done"


def test_a_photo_that_was_made_smaller_and_sent_again_is_told(sent):
    scene = Image.effect_noise((64, 48), 90).resize((640, 480), Image.Resampling.BICUBIC)
    copies = []
    for size, quality in (((640, 480), 90), ((400, 300), 60)):
        packed = io.BytesIO()
        scene.convert("RGB").resize(size).save(packed, "JPEG", quality=quality)
        copies.append(sent(packed.getvalue()))
    first, again = copies

    assert "looks_used" not in process_photo(photo_id=first.pk).flags
    assert "looks_used" in process_photo(photo_id=again.pk).flags


def test_each_size_is_sent_as_webp_to_those_who_take_it(sent, client):
    photo = process_photo(photo_id=sent(photo_bytes(size=(2000, 1500))).pk)
    client.force_login(user_with_role(Role.REVIEWER, photo.submission.unit))

    for size, longest in (("image", 1600), ("medium", 800), ("thumbnail", 320)):
        url = reverse("surveys:photo", args=[photo.public_id, size])
        for accept, kind in (("image/avif,image/webp,*/*", "WEBP"), ("*/*", "JPEG")):
            response = client.get(url, headers={"accept": accept})
            with Image.open(io.BytesIO(b"".join(response.streaming_content))) as copy:
                assert (copy.format, max(copy.size)) == (kind, longest)
            assert response["Content-Type"] == f"image/{kind.lower()}"
            assert "Accept" in response["Vary"].split(", ")
    assert client.get(reverse("surveys:photo", args=[photo.public_id, "huge"])).status_code == 404


def test_photos_prepared_before_there_were_sizes_are_still_shown(sent, client):
    photo = process_photo(photo_id=sent(photo_bytes()).pk)
    folder = photo.image_name.rpartition("/")[0]
    for name in ("image.webp", "medium.webp", "medium.jpg"):
        storages["derivatives"].delete(f"{folder}/{name}")
    client.force_login(user_with_role(Role.REVIEWER, photo.submission.unit))

    url = reverse("surveys:photo", args=[photo.public_id, "medium"])
    response = client.get(url, headers={"accept": "image/webp"})

    assert response["Content-Type"] == "image/jpeg"
    assert b"".join(response.streaming_content)
