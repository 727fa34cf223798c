"""What never became a file goes after its time, and nothing else does."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from common.keptfiles import INCOMING, keep_file
from field.tasks import remove_old_parts

DAY_S = 86_400


@pytest.fixture
def disk(settings, tmp_path):
    settings.UPLOAD_PARTS_DIR = tmp_path / "parts"
    return tmp_path


def aged(path: Path, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"the first half")
    then = time.time() - days * DAY_S
    os.utime(path, (then, then))
    return path


def test_pieces_of_a_photo_are_kept_for_30_days(disk):
    given_up = aged(disk / "parts" / "7" / "a.part", 30.1)
    may_go_on = aged(disk / "parts" / "7" / "b.part", 29.9)

    remove_old_parts(timestamp=0)

    assert (given_up.exists(), may_go_on.exists()) == (False, True)


@pytest.mark.parametrize("storage_name", ["originals", "quarantine"])
def test_what_a_killed_process_left_half_written_goes_after_a_day(disk, storage_name):
    kept = keep_file(ContentFile(b"whole"), storage_name=storage_name)
    root = Path(storages[storage_name].location)
    left, being_written = (aged(root / INCOMING / f"{n}.part", n) for n in (1.1, 0.9))
    os.utime(root / kept.name, (0, 0))  # however old

    remove_old_parts(timestamp=0)

    assert (left.exists(), being_written.exists()) == (False, True)
    assert (root / kept.name).read_bytes() == b"whole"
