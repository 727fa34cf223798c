"""The one door: once only, in the right place, every byte kept."""

import hashlib
import os
import re
import threading
import uuid

import pytest
from django.contrib.gis.geos import Point
from django.core.files.storage import storages
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import AuditEntry
from accounts.roles import Role
from common.errors import ForbiddenError, NotFoundError
from common.sqlfile import queries
from surveys.errors import (
    ClientIdTakenError,
    EmptyPhotoError,
    NoPositionError,
    NothingReportedError,
    OutsideAreaError,
    OutsideUnitsError,
    PhotoTooBigError,
    TooManyPhotosError,
)
from surveys.models import Submission, SurveyPhoto
from surveys.services import intake
from surveys.services.answers import Answers
from surveys.services.intake import receive_submission
from tests.factories.accounts import user_with_role
from tests.factories.hazards import HazardFactory
from tests.factories.places import UnitFactory
from tests.factories.surveys import SEEN_AT, photo_bytes, sent_file

pytestmark = pytest.mark.django_db

GAPS = Answers(
    new_kind="pond", new_name="Ao  Bà Năm", sign_state="missing", barrier_state="missing"
)


@pytest.fixture
def unit(db):
    return UnitFactory(place=0)


@pytest.fixture
def surveyor(unit):
    return user_with_role(Role.SURVEYOR, unit)


def send(surveyor, unit, **changes):
    values = {
        "surveyor": surveyor,
        "client_uuid": uuid.uuid4(),
        "answers": GAPS,
        "position": unit.geometry.point_on_surface,
        "accuracy_m": 8.0,
        "captured_at": SEEN_AT,
        "files": [sent_file()],
    }
    return receive_submission(**(values | changes))


def test_a_new_place_is_filed_under_the_unit_it_lies_in(surveyor, unit):
    submission, made = send(surveyor, unit)

    assert made
    assert submission.unit == unit
    assert (submission.new_kind, submission.new_name) == ("pond", "Ao Bà Năm")
    assert submission.state == "received"
    assert submission.position_accuracy_m == 8.0
    assert AuditEntry.objects.filter(verb="send_submission", actor=surveyor).count() == 1


def test_a_known_hazard_is_filed_under_its_own_unit(surveyor, unit):
    hazard = HazardFactory(unit=unit)

    submission, _ = send(surveyor, unit, answers=Answers(hazard=hazard, sign_state="present"))

    assert submission.hazard == hazard
    assert (submission.unit, submission.new_kind) == (unit, "")


def test_bytes_are_kept_as_they_came_under_their_hash(surveyor, unit):
    data = photo_bytes()

    submission, _ = send(surveyor, unit, files=[sent_file(data, "Ảnh ao.jpg", "sign")])

    photo = submission.photos.get()
    digest = hashlib.sha256(data).hexdigest()
    assert photo.original_name == f"{digest[:2]}/{digest[2:4]}/{digest}"
    with storages["originals"].open(photo.original_name) as stored:
        assert stored.read() == data
    assert (photo.size_bytes, photo.media_type) == (len(data), "image/jpeg")
    assert (photo.subject, photo.filename, photo.state) == ("sign", "Ảnh ao.jpg", "waiting")


def test_a_stored_original_is_never_written_again(surveyor, unit):
    send(surveyor, unit)
    path = storages["originals"].path(SurveyPhoto.objects.get().original_name)
    before = (path, os.stat(path).st_mtime_ns, os.stat(path).st_ino)

    send(surveyor, unit)

    after = (path, os.stat(path).st_mtime_ns, os.stat(path).st_ino)
    assert after == before
    assert SurveyPhoto.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("a\x00b\n.jpg", "ab .jpg"),
        ("", "photo"),
        ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
    ],
)
def test_a_file_name_is_only_ever_a_word(name, kept, surveyor, unit):
    sent = sent_file()
    sent.file._name = name  # what a hostile client may send

    submission, _ = send(surveyor, unit, files=[sent])

    photo = submission.photos.get()
    assert photo.filename == kept
    assert photo.original_name.count("/") == 2
    assert ".." not in photo.original_name


def test_a_file_that_is_no_picture_is_stored_all_the_same(surveyor, unit):
    submission, _ = send(surveyor, unit, files=[sent_file(b"<svg onload=alert(1)>", "a.jpg")])

    assert submission.photos.get().media_type == ""


def test_a_repeat_finds_the_first_and_brings_only_what_is_missing(surveyor, unit):
    again = uuid.uuid4()
    one, two = photo_bytes(colour=(1, 2, 3)), photo_bytes(colour=(200, 2, 3))
    first, made_first = send(surveyor, unit, client_uuid=again, files=[sent_file(one)])

    second, made_second = send(
        surveyor, unit, client_uuid=again, files=[sent_file(one), sent_file(two), sent_file(two)]
    )

    assert (made_first, made_second) == (True, False)
    assert second == first
    assert Submission.objects.count() == 1
    assert first.photos.count() == 2


def test_a_repeat_with_other_answers_keeps_the_first(surveyor, unit):
    again = uuid.uuid4()
    first, _ = send(surveyor, unit, client_uuid=again)

    send(surveyor, unit, client_uuid=again, answers=Answers(new_kind="well"))

    first.refresh_from_db()
    assert first.new_kind == "pond"


def test_every_column_of_a_survey_is_written():
    statement = queries(intake.SQL)["add_once"]
    columns = {column.strip() for column in re.search(r"\((.*?)\)", statement, re.S)[1].split(",")}
    assert columns == {field.column for field in Submission._meta.concrete_fields} - {"id"}


def test_an_id_of_somebody_else_is_refused(surveyor, unit):
    other = user_with_role(Role.SURVEYOR, unit)
    taken = send(other, unit)[0].client_uuid

    with pytest.raises(ClientIdTakenError):
        send(surveyor, unit, client_uuid=taken)
    assert SurveyPhoto.objects.count() == 1


def test_each_photo_is_put_in_the_queue_with_its_row(surveyor, unit):
    submission, _ = send(surveyor, unit)

    job = ProcrastinateJob.objects.get(task_name="surveys.process_photo")
    assert job.args == {"photo_id": submission.photos.get().pk}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"files": [sent_file(b"", "IMG_2.jpg")]}, EmptyPhotoError),
        ({"files": [sent_file()] * 21}, TooManyPhotosError),
        ({"answers": Answers(sign_state="missing")}, NothingReportedError),
        ({"position": Point(0, 0, srid=4326)}, NoPositionError),
        ({"position": Point(float("nan"), 11.0, srid=4326)}, NoPositionError),
        ({"position": Point(200.0, 11.0, srid=4326)}, NoPositionError),
    ],
)
def test_what_cannot_be_taken_leaves_nothing_behind(changes, error, surveyor, unit):
    with pytest.raises(error):
        send(surveyor, unit, **changes)

    assert Submission.objects.count() == 0
    assert SurveyPhoto.objects.count() == 0


def test_a_photo_over_the_limit_says_how_much(surveyor, unit, settings):
    settings.PHOTO_MAX_BYTES = 1024 * 1024

    with pytest.raises(PhotoTooBigError, match=r"IMG_9.jpg has 2.0 MB; at most 1 MB"):
        send(
            surveyor, unit, files=[sent_file(b"\xff\xd8\xff" + b"0" * 2 * 1024 * 1024, "IMG_9.jpg")]
        )


def test_a_position_outside_every_unit_says_how_far(surveyor, unit):
    north = Point(106.55, 11.9, srid=4326)  # 0.1 degree of latitude north of the unit: 11.06 km

    with pytest.raises(OutsideUnitsError, match=r"lies 11\.1 km outside"):
        send(surveyor, unit, position=north)


def test_a_position_in_another_unit_names_it(surveyor, unit):
    other = UnitFactory(place=1)

    with pytest.raises(OutsideAreaError, match=other.full_name):
        send(surveyor, unit, position=other.geometry.point_on_surface)


def test_a_hazard_of_another_unit_does_not_exist(surveyor, unit):
    hazard = HazardFactory(unit=UnitFactory(place=1))

    with pytest.raises(NotFoundError):
        send(surveyor, unit, answers=Answers(hazard=hazard))


def test_a_planner_may_not_send(unit):
    with pytest.raises(ForbiddenError):
        send(user_with_role(Role.PLANNER, unit), unit)


@pytest.mark.django_db(transaction=True)
def test_sixteen_equal_sends_at_once_give_one_row_and_sixteen_answers():
    unit = UnitFactory(place=0)
    surveyor = user_with_role(Role.SURVEYOR, unit)
    data, same = photo_bytes(), uuid.uuid4()
    answers, errors, gate = [], [], threading.Barrier(16)

    def one_send():
        try:
            gate.wait()
            answers.append(send(surveyor, unit, client_uuid=same, files=[sent_file(data)]))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one_send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert {submission.pk for submission, _ in answers} == {Submission.objects.get().pk}
    assert sorted(made for _, made in answers) == [False] * 15 + [True]
    assert SurveyPhoto.objects.count() == 1
    connection.close()
