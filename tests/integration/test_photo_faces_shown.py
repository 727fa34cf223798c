"""The register shows photos without faces, and none that nobody could look at."""

import hashlib
import uuid
from dataclasses import replace

import pytest
from django.core.management import call_command

from accounts.roles import Role
from hazards.models import HazardPhoto
from surveys.models import SurveyPhoto
from surveys.photos.derive import Derived
from surveys.photos.facts import PhotoFacts
from surveys.services import photos as service
from surveys.services.answers import Answers
from surveys.services.intake import receive_submission
from surveys.services.photos import process_photo, wait_again
from surveys.services.review import accept_submission
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import (
    SEEN_AT,
    SubmissionFactory,
    SurveyPhotoFactory,
    photo_bytes,
    sent_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def hazard(unit):
    return HazardFactory(unit=unit)


@pytest.fixture
def reviewer(unit):
    return user_with_role(Role.REVIEWER, unit)


@pytest.fixture
def sent(unit, hazard):
    surveyor = user_with_role(Role.SURVEYOR, unit)

    def one(data: bytes) -> SurveyPhoto:
        submission, _ = receive_submission(
            surveyor=surveyor, client_uuid=uuid.uuid4(), answers=Answers(hazard=hazard),
            position=hazard.geometry, files=[sent_file(data, "IMG.jpg")], accuracy_m=6.0,
            captured_at=SEEN_AT,
        )  # fmt: skip
        return submission.photos.get()

    return one


def test_the_register_shows_photos_without_faces_and_none_that_nobody_looked_at(
    unit, hazard, reviewer
):
    visit = SubmissionFactory(hazard=hazard, unit=unit)
    crowd = SurveyPhotoFactory(submission=visit, subject="site", faces_n=3)
    SurveyPhotoFactory(submission=visit, subject="sign", faces_n=None)

    accept_submission(reviewer=reviewer, public_id=visit.public_id)

    shown = HazardPhoto.objects.get(hazard=hazard)
    assert shown.original_sha256 == crowd.sha256
    assert shown.image_name == "ab/blurred-image.jpg"
    assert shown.thumbnail_name == "ab/blurred-thumbnail.jpg"


def accepted_in_the_register(photo, image_name="old/image.jpg"):
    """The register's photo as it was published before anybody looked for faces."""
    return HazardPhoto.objects.create(
        hazard=photo.submission.hazard, taken_on=SEEN_AT.date(), image_name=image_name,
        original_sha256=photo.sha256, source_kind="submission",
        source_uuid=photo.submission.public_id,
    )  # fmt: skip


def test_photos_of_before_are_looked_at_and_the_register_follows(sent, capsys, monkeypatch):
    colours = ((9, 9, 9), (80, 9, 9), (9, 80, 9))
    plain, crowd, dark = (sent(photo_bytes(colour=colour)) for colour in colours)
    for photo in (plain, crowd, dark):
        process_photo(photo_id=photo.pk)
    SurveyPhoto.objects.update(faces_n=None)
    shown = [accepted_in_the_register(photo) for photo in (plain, crowd, dark)]
    told = {plain.sha256: 0, crowd.sha256: 2, dark.sha256: None}
    real = service.derive

    def looked(original, folder):
        sha256 = hashlib.sha256(original.read_bytes()).hexdigest()
        return replace(real(original, folder), faces=told[sha256])

    monkeypatch.setattr(service, "derive", looked)
    call_command("process_photos", "--faces", "--lang=en")

    assert "Looked at for faces: 2; with something like a face: 1" in capsys.readouterr().out
    names = [HazardPhoto.with_withdrawn.get(pk=one.pk).image_name for one in shown]
    assert names[0].endswith("/image.jpg")
    assert not names[0].startswith("old/")
    assert names[1].endswith("/blurred-image.jpg")
    assert list(HazardPhoto.objects.values_list("pk", flat=True).order_by("pk")) == [
        shown[0].pk, shown[1].pk,
    ]  # fmt: skip


def test_a_look_that_was_cut_off_and_done_later_reaches_the_register_all_the_same(
    sent, monkeypatch
):
    photo = sent(photo_bytes())
    process_photo(photo_id=photo.pk)
    shown = accepted_in_the_register(photo)
    wait_again(photo_id=photo.pk)  # here the machine stopped
    real = service.derive
    monkeypatch.setattr(service, "derive", lambda *given: replace(real(*given), faces=1))

    call_command("process_photos", "--lang=en")

    shown.refresh_from_db()
    assert shown.image_name.endswith("/blurred-image.jpg")


def test_a_problem_of_the_moment_takes_no_photo_out_of_the_register(sent, monkeypatch):
    photo = sent(photo_bytes())
    process_photo(photo_id=photo.pk)
    accepted_in_the_register(photo)
    SurveyPhoto.objects.update(faces_n=None)
    real, tries = service.derive, []

    def slow_once(*given):
        tries.append(1)
        return real(*given) if len(tries) > 1 else Derived(PhotoFacts(), problem="timeout")

    monkeypatch.setattr(service, "derive", slow_once)
    call_command("process_photos", "--faces", "--lang=en")

    assert len(tries) == 2
    assert HazardPhoto.objects.get().image_name.endswith("/image.jpg")
