"""Acknowledged photos are read again: a lost one and a changed one are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from field.services.audit import audit_originals
from surveys.models import SurveyPhoto
from surveys.services.originals import store_original
from tests.factories.surveys import SubmissionFactory, SurveyPhotoFactory, photo_bytes, sent_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def photos():
    visit = SubmissionFactory()
    made = []
    for colour in ((1, 2, 3), (4, 5, 6), (7, 8, 9)):
        kept = store_original(sent_file(photo_bytes(colour=colour)).file)
        made.append(
            SurveyPhotoFactory(submission=visit, sha256=kept.sha256, original_name=kept.name)
        )
    return made


def path_of(photo):
    return Path(storages["originals"].path(photo.original_name))


def test_all_there_is_said_in_numbers(photos, capsys):
    call_command("check_photos")

    assert "3 photos read; 0 missing, 0 changed" in capsys.readouterr().out


def test_a_lost_and_a_changed_photo_are_named_and_the_command_fails(photos):
    lost, changed, _whole = photos
    path_of(lost).unlink()
    path_of(changed).chmod(0o640)
    path_of(changed).write_bytes(b"other")

    found = audit_originals()

    assert (found.missing, found.changed) == ([lost.sha256], [changed.sha256])
    with pytest.raises(CommandError, match="1 missing, 1 changed"):
        call_command("check_photos")
    assert audit_originals(newest=1).is_well
    assert SurveyPhoto.objects.count() == 3
