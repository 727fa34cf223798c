"""Compare what a photo says with where and when it was sent. Flags inform; they never refuse."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from geomath.distance import distance_m
from surveys.photos.exif import NO_POSITION
from surveys.photos.facts import PhotoFacts

Position = tuple[float, float]  # lat, lon in degrees

OLD_PHOTO_DAYS: Final = 7  # older than this at the visit: probably not taken there
CLOCK_SLACK: Final = timedelta(minutes=10)  # phones' clocks differ by minutes

# A box around the country with its islands, degrees (south, west, north, east). Coarse on purpose:
# the finer question, which unit a hazard lies in, is asked of the boundaries.
VIETNAM_BOX: Final = (6.0, 102.1, 23.5, 117.9)

FLAGS: Final = (
    "far_from_fix",
    "far_from_hazard",
    "old_photo",
    "future_clock",
    "no_position",
    "outside_vietnam",
    "used_before",
    "looks_used",
    "accuracy_zero",
    "name_lies",
    "no_time",
)


@dataclass(frozen=True)
class Limits:
    """Metres beyond which a photo is flagged."""

    fix_m: float = 100
    hazard_m: float = 200


@dataclass(frozen=True)
class Visit:
    """What a photo is compared with. ``zone`` is that of a camera which wrote no offset."""

    fix: Position
    accuracy_m: float | None
    captured_at: datetime
    received_at: datetime
    zone: tzinfo
    hazard: Position | None = None


def metres_between(one: Position, other: Position) -> float:
    """Return the geodesic distance in metres.

    >>> round(metres_between((21.0, 105.8), (21.0, 105.801)))
    104
    """
    return distance_m(one[1], one[0], other[1], other[0])


def position_of(facts: PhotoFacts) -> Position | None:
    if facts.lat is None or facts.lon is None:
        return None
    return facts.lat, facts.lon


def is_in_vietnam(position: Position) -> bool:
    south, west, north, east = VIETNAM_BOX
    return south <= position[0] <= north and west <= position[1] <= east


def taken_at(facts: PhotoFacts, zone: tzinfo) -> datetime | None:
    """Return the moment of the shutter; camera time without an offset is read in ``zone``."""
    if facts.taken_at is None or facts.taken_at.tzinfo is not None:
        return facts.taken_at
    return facts.taken_at.replace(tzinfo=zone)


def photo_flags(
    facts: PhotoFacts,
    visit: Visit,
    *,
    used_before: bool = False,
    looks_used: bool = False,
    name_lies: bool = False,
    limits: Limits = Limits(),
) -> list[str]:
    """Return the codes of what a reviewer should look at, in the order of ``FLAGS``."""
    found = {*_position_flags(facts, visit, limits), *_time_flags(facts, visit)}
    if used_before:
        found.add("used_before")
    elif looks_used:
        found.add("looks_used")
    if name_lies:
        found.add("name_lies")
    if visit.accuracy_m is not None and visit.accuracy_m <= 0:
        found.add("accuracy_zero")
    return [flag for flag in FLAGS if flag in found]


def _position_flags(facts: PhotoFacts, visit: Visit, limits: Limits) -> set[str]:
    position = position_of(facts)
    if position is None:
        return {"no_position"}
    found = set()
    if metres_between(position, visit.fix) > limits.fix_m:
        found.add("far_from_fix")
    if visit.hazard and metres_between(position, visit.hazard) > limits.hazard_m:
        found.add("far_from_hazard")
    if not is_in_vietnam(position):
        found.add("outside_vietnam")
    return found


def _time_flags(facts: PhotoFacts, visit: Visit) -> set[str]:
    moment = taken_at(facts, visit.zone)
    found = set()
    if moment is None:
        found.add("no_time")
    elif moment > visit.received_at + CLOCK_SLACK:
        found.add("future_clock")
    elif visit.captured_at - moment > timedelta(days=OLD_PHOTO_DAYS):
        found.add("old_photo")
    if visit.captured_at > visit.received_at + CLOCK_SLACK:
        found.add("future_clock")
    return found


__all__ = ["NO_POSITION", "Limits", "Visit", "photo_flags"]
