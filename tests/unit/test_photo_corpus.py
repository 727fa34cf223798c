"""Real photos of many cameras: none crashes, and each says what the manifest says of it."""

import csv
import hashlib
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from surveys.photos import sniff
from surveys.photos.checks import is_in_vietnam, position_of
from surveys.photos.derive import Derived, derive
from tests.unit.test_photo_derive import APP1, APP2, COM, jpeg_markers

REFUSED = {"not_an_image", "damaged"}


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "photos" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(rows, shared_data, tmp_path_factory) -> dict[str, Derived]:
    """Each photo through the worker, once."""
    return {
        row["file"]: derive(shared_data / row["file"], tmp_path_factory.mktemp("made"))
        for row in rows
    }


def test_none_crashes_the_worker(made):
    assert {
        name for name, derived in made.items() if derived.problem not in {"", *REFUSED}
    } == set()


def test_positions_and_problems_are_those_of_the_manifest(rows, made):
    for row in rows:
        derived, name = made[row["file"]], row["file"]
        position = position_of(derived.facts)
        if row["expected"] == "refuse":
            assert derived.problem in REFUSED, name
            continue
        assert derived.problem == "", name
        if row["expected"] == "accept":
            expected = (float(row["exif_lat"]), float(row["exif_lon"]))
            assert position == pytest.approx(expected, abs=1e-6), name
            assert not is_in_vietnam(expected), name
        else:
            assert position is None, name
            assert any("position" in why for why in derived.facts.reasons), name


def test_altitude_time_and_orientation_are_those_of_the_manifest(rows, made):
    for row in rows:
        facts, name = made[row["file"]].facts, row["file"]
        if row["expected"] == "refuse":
            continue
        if row["exif_alt_m"]:
            assert facts.altitude_m == pytest.approx(float(row["exif_alt_m"]), abs=0.01), name
        if row["orientation"]:
            assert facts.orientation == int(row["orientation"]), name
        if row["datetime_original"][:4].strip().isdigit() and facts.taken_at:
            written = facts.taken_at.strftime("%Y:%m:%d %H:%M:%S")
            assert written == row["datetime_original"], name
            assert bool(facts.taken_at.tzinfo) == bool(row["offset_time_original"]), name


def test_types_are_told_by_the_bytes(rows, shared_data):
    for row in rows:
        data = (shared_data / row["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        if row["expected"] != "refuse":
            found = sniff.media_type(data[: sniff.HEAD_BYTES])
            assert found == row["mime"].replace("heif", "heic"), row["file"]


@pytest.mark.parametrize("turned", [3, 6, 8])
def test_turned_photos_are_shown_upright(turned, made):
    """The corpus has one landscape in four orientations."""
    folder = "photos/ianare/orientation"
    with (
        Image.open(made[f"{folder}/landscape_1.jpg"].thumbnail) as straight,
        Image.open(made[f"{folder}/landscape_{turned}.jpg"].thumbnail) as shown,
    ):
        assert shown.size == straight.size
        difference = ImageChops.difference(shown, straight).convert("L")
    assert ImageStat.Stat(difference).mean[0] < 25  # of 255; the shots differ in their caption


def test_no_copy_holds_metadata(made):
    for name, derived in made.items():
        for copy in filter(None, (derived.image, derived.thumbnail)):
            data = copy.read_bytes()
            assert not {APP1, APP2, COM} & set(jpeg_markers(data)), name
            assert b"Exif\x00\x00" not in data, name
            assert b"http://ns.adobe.com/xap" not in data, name
