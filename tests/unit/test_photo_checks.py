"""Flags: what a reviewer should look at. 0.001 degree of longitude at 21 N is 104 m."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from surveys.photos.checks import Visit, photo_flags
from surveys.photos.facts import PhotoFacts

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # 12:00 in Viet Nam
HANOI_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
HERE = (21.0, 105.8)


def visit(**changes) -> Visit:
    values = {
        "fix": HERE,
        "accuracy_m": 5.0,
        "captured_at": NOON,
        "received_at": NOON + timedelta(minutes=1),
        "zone": HANOI_TIME,
        "hazard": HERE,
    }
    return Visit(**(values | changes))


def facts(lat=21.0, lon=105.8, taken_at=NOON) -> PhotoFacts:
    return PhotoFacts(lat=lat, lon=lon, taken_at=taken_at)


@pytest.mark.parametrize(
    ("lon", "flags"),
    [
        (105.8, []),
        (105.8009, []),  # 94 m
        (105.801, ["far_from_fix"]),  # 104 m
        (105.8019, ["far_from_fix"]),  # 197 m
        (105.802, ["far_from_fix", "far_from_hazard"]),  # 208 m
        (99.0, ["far_from_fix", "far_from_hazard", "outside_vietnam"]),
    ],
)
def test_distances(lon, flags):
    assert photo_flags(facts(lon=lon), visit()) == flags


def test_a_new_hazard_has_no_place_to_be_far_from():
    assert photo_flags(facts(lon=105.803), visit(hazard=None)) == ["far_from_fix"]


def test_no_position_is_told():
    assert photo_flags(facts(lat=None, lon=None), visit()) == ["no_position"]


@pytest.mark.parametrize(
    ("before", "flags"),
    [
        (timedelta(days=7), []),
        (timedelta(days=7, minutes=1), ["old_photo"]),
        (timedelta(minutes=-9), []),  # clocks differ by minutes
        (timedelta(minutes=-12), ["future_clock"]),  # 11 minutes after it was received
    ],
)
def test_age(before, flags):
    assert photo_flags(facts(taken_at=NOON - before), visit()) == flags


def test_camera_time_without_offset_is_local_time():
    assert photo_flags(facts(taken_at=datetime.fromisoformat("2026-11-20T12:00:00")), visit()) == []


def test_a_phone_whose_clock_is_a_year_ahead_is_told():
    ahead = visit(captured_at=NOON + timedelta(days=365))

    assert photo_flags(facts(), ahead) == ["old_photo", "future_clock"]


def test_other_flags():
    found = photo_flags(
        facts(taken_at=None), visit(accuracy_m=0.0), used_before=True, name_lies=True
    )

    assert found == ["used_before", "accuracy_zero", "name_lies", "no_time"]
