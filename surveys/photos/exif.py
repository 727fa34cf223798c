"""Read position, time, orientation and direction out of a photo's metadata.

Cameras write nonsense: zero denominators, NaN, text where numbers belong, 0,0 for "no fix". Each
such value becomes None with a reason code; nothing here raises for bad metadata.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from PIL import ExifTags, Image

from surveys.photos.facts import PhotoFacts

GPS: Final = ExifTags.GPS
BASE: Final = ExifTags.Base
NO_POSITION: Final = "no_position_in_photo"
UNREADABLE_METADATA: Final = "metadata_unreadable"
_EARTHLY_M: Final = (-12_000, 12_000)  # deepest sea floor to above the highest summit
_FIRST_YEAR: Final = 1990  # before it there were no such cameras: an unset clock


def read_facts(image: Image.Image) -> PhotoFacts:
    """Return what the metadata of an opened image says; pixels are not decoded."""
    try:
        exif = image.getexif()
        gps = _directory(exif, ExifTags.IFD.GPSInfo)
        details = _directory(exif, ExifTags.IFD.Exif)
        top = dict(exif)
    except Exception:
        return PhotoFacts(reasons=(UNREADABLE_METADATA,))
    position, why_no_position = _position(gps)
    taken_at, why_no_time = _taken_at(details)
    orientation, why_turned = _orientation(top)
    return PhotoFacts(
        lat=position[0] if position else None,
        lon=position[1] if position else None,
        altitude_m=_altitude_m(gps),
        taken_at=taken_at,
        orientation=orientation,
        direction_deg=_direction_deg(gps),
        reasons=tuple(why for why in (why_no_position, why_no_time, why_turned) if why),
    )


def _directory(exif: Image.Exif, which: ExifTags.IFD) -> dict[int, Any]:
    found = exif.get_ifd(which)
    return dict(found) if isinstance(found, Mapping) else {}


def _number(value: Any) -> float | None:
    """Return a finite float, or None: for 0/0, text, bytes, nothing."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _degrees(value: Any) -> float | None:
    """Turn (degrees, minutes, seconds) into degrees; None unless each of the three is a number."""
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        return None
    parts = [_number(part) for part in value]
    if any(part is None for part in parts):
        return None
    degrees, minutes, seconds = (float(part or 0.0) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _sign(reference: Any, negative: str) -> int:
    if isinstance(reference, bytes):
        reference = reference.decode("ascii", "replace")
    return -1 if str(reference or "").strip("\x00 ").upper().startswith(negative) else 1


def _position(gps: dict[int, Any]) -> tuple[tuple[float, float] | None, str]:
    """Return ((lat, lon), "") or (None, reason)."""
    if GPS.GPSLatitude not in gps or GPS.GPSLongitude not in gps:
        return None, NO_POSITION
    lat, lon = _degrees(gps[GPS.GPSLatitude]), _degrees(gps[GPS.GPSLongitude])
    if lat is None or lon is None:
        return None, "position_not_a_number"
    lat *= _sign(gps.get(GPS.GPSLatitudeRef), "S")
    lon *= _sign(gps.get(GPS.GPSLongitudeRef), "W")
    if lat == 0 and lon == 0:
        return None, "position_zero_zero"
    if abs(lat) > 90 or abs(lon) > 180:
        return None, "position_out_of_range"
    return (lat, lon), ""


def _altitude_m(gps: dict[int, Any]) -> float | None:
    altitude = _number(gps.get(GPS.GPSAltitude))
    if altitude is None:
        return None
    reference = gps.get(GPS.GPSAltitudeRef, b"\x00")
    below = reference in (b"\x01", 1, "\x01")
    altitude = -altitude if below else altitude
    return altitude if _EARTHLY_M[0] <= altitude <= _EARTHLY_M[1] else None


def _direction_deg(gps: dict[int, Any]) -> float | None:
    direction = _number(gps.get(GPS.GPSImgDirection))
    return direction if direction is not None and 0 <= direction <= 360 else None


def _orientation(top: dict[int, Any]) -> tuple[int, str]:
    if BASE.Orientation not in top:
        return 1, ""
    value = _number(top[BASE.Orientation])
    if value is not None and value in range(1, 9):
        return int(value), ""
    return 1, "orientation_unknown"


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return str(value or "").strip("\x00 ")


def _taken_at(details: dict[int, Any]) -> tuple[datetime | None, str]:
    """Return when the shutter was pressed. The file's own date stamp is that of its last edit."""
    written = _text(details.get(BASE.DateTimeOriginal)) or _text(
        details.get(BASE.DateTimeDigitized)
    )
    if not written:
        return None, ""
    try:
        taken_at = datetime.strptime(written[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - no zone
    except ValueError:
        return None, "time_unreadable"
    if taken_at.year < _FIRST_YEAR:
        return None, "time_unreadable"
    zone = _offset(_text(details.get(BASE.OffsetTimeOriginal)))
    return (taken_at.replace(tzinfo=zone) if zone else taken_at), ""


def _offset(text: str) -> timezone | None:
    """Read "+07:00" or "Z"; None when it is neither.

    >>> _offset("-04:00")
    datetime.timezone(datetime.timedelta(days=-1, seconds=72000))
    """
    if text == "Z":
        return UTC
    try:
        sign = {"+": 1, "-": -1}[text[:1]]
        hours, minutes = (int(part) for part in text[1:].split(":"))
        return timezone(sign * timedelta(hours=hours, minutes=minutes))
    except (KeyError, ValueError):
        return None
