"""Metadata that cameras write, right and wrong."""

import io
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from surveys.photos.exif import read_facts
from surveys.photos.facts import PhotoFacts

GPS = ExifTags.GPS
LAT = (IFDRational(11), IFDRational(30), IFDRational(36))  # 11.51 degrees
LON = (IFDRational(106), IFDRational(45), IFDRational(0))  # 106.75 degrees


def photo(gps=None, details=None, orientation=None) -> Image.Image:
    exif = Image.Exif()
    if orientation is not None:
        exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    exif.get_ifd(ExifTags.IFD.Exif).update(details or {})
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG", exif=exif)
    return Image.open(io.BytesIO(out.getvalue()))


def place(**changes):
    gps = {
        GPS.GPSLatitudeRef: "N",
        GPS.GPSLatitude: LAT,
        GPS.GPSLongitudeRef: "E",
        GPS.GPSLongitude: LON,
    }
    return gps | {GPS[name]: value for name, value in changes.items()}


def test_position_is_read_in_degrees():
    facts = read_facts(photo(place()))

    assert (facts.lat, facts.lon) == pytest.approx((11.51, 106.75))
    assert facts.reasons == ()


def test_south_and_west_are_negative():
    facts = read_facts(photo(place(GPSLatitudeRef="S", GPSLongitudeRef="W")))

    assert (facts.lat, facts.lon) == pytest.approx((-11.51, -106.75))


ZERO = (IFDRational(0), IFDRational(0), IFDRational(0))
NO_SECONDS = (IFDRational(11), IFDRational(30), IFDRational(0, 0))
FAR_NORTH = (IFDRational(91), IFDRational(0), IFDRational(0))


@pytest.mark.parametrize(
    ("gps", "reason"),
    [
        ({}, "no_position_in_photo"),
        (place(GPSLatitude=NO_SECONDS), "position_not_a_number"),
        (place(GPSLatitude=ZERO, GPSLongitude=ZERO), "position_zero_zero"),
        (place(GPSLatitude=FAR_NORTH), "position_out_of_range"),
    ],
)
def test_an_unusable_position_is_none_with_a_reason(gps, reason):
    facts = read_facts(photo(gps))

    assert (facts.lat, facts.lon) == (None, None)
    assert reason in facts.reasons


def test_altitude_below_the_sea_is_negative_and_nan_is_none():
    low = read_facts(photo(place(GPSAltitudeRef=b"\x01", GPSAltitude=IFDRational(5))))
    bad = read_facts(photo(place(GPSAltitude=IFDRational(0, 0))))

    assert low.altitude_m == -5.0
    assert bad.altitude_m is None


@pytest.mark.parametrize(("written", "read"), [(0, 0.0), (359.5, 359.5), (361, None)])
def test_direction_is_degrees_from_north(written, read):
    assert read_facts(photo(place(GPSImgDirection=written))).direction_deg == read


EXIF = ExifTags.Base
CAMERA_TIME = datetime.fromisoformat("2026-11-20T07:08:09")  # no zone, as cameras write


@pytest.mark.parametrize(
    ("details", "taken_at", "reasons"),
    [
        ({}, None, ()),
        ({EXIF.DateTimeOriginal: "2026:11:20 07:08:09"}, CAMERA_TIME, ()),
        (
            {EXIF.DateTimeOriginal: "2026:11:20 07:08:09", EXIF.OffsetTimeOriginal: "+07:00"},
            datetime(2026, 11, 20, 7, 8, 9, tzinfo=timezone(timedelta(hours=7))),
            (),
        ),
        (
            {EXIF.DateTimeOriginal: "2026:11:20 07:08:09", EXIF.OffsetTimeOriginal: "Z"},
            datetime(2026, 11, 20, 7, 8, 9, tzinfo=UTC),
            (),
        ),
        (
            {EXIF.DateTimeOriginal: "2026:11:20 07:08:09", EXIF.OffsetTimeOriginal: "+99:00"},
            CAMERA_TIME,
            (),
        ),
        ({EXIF.DateTimeOriginal: "    :  :     :  :  "}, None, ("time_unreadable",)),
        ({EXIF.DateTimeOriginal: "0000:00:00 00:00:00"}, None, ("time_unreadable",)),
        ({EXIF.DateTimeOriginal: "1970:01:01 00:00:00"}, None, ("time_unreadable",)),
    ],
)
def test_time_of_the_shutter(details, taken_at, reasons):
    facts = read_facts(photo(place(), details))

    assert facts.taken_at == taken_at
    assert facts.reasons == reasons


@pytest.mark.parametrize(
    ("written", "read", "reasons"),
    [
        (1, 1, ()),
        (6, 6, ()),
        (8, 8, ()),
        (0, 1, ("orientation_unknown",)),
        (9, 1, ("orientation_unknown",)),
    ],
)
def test_orientation_is_one_to_eight(written, read, reasons):
    facts = read_facts(photo(place(), orientation=written))

    assert (facts.orientation, facts.reasons) == (read, reasons)


def test_facts_survive_the_way_out_of_the_worker():
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    facts = PhotoFacts(11.5, 106.7, 80.0, moment, 6, 90.0, ("orientation_unknown",))

    assert PhotoFacts.from_json(facts.as_json()) == facts
    assert not math.isnan(facts.as_json()["lat"])
