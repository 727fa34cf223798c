"""Send the demo's surveys through the same door as a phone's: photos with EXIF, then review."""

from __future__ import annotations

import io
import random
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from accounts.models import User
from hazards.models import WaterHazard
from hazards.taxonomy import DepthMethod
from surveys.models import Submission
from surveys.services.answers import Answers, SentFile
from surveys.services.intake import receive_submission
from surveys.services.photos import process_photo
from surveys.services.review import accept_submission, return_submission

SEED = 8
ACCEPTED, WAITING, RETURNED = 24, 7, 2  # surveys in each state
METRES_PER_DEGREE = 110_600


def with_exif(picture: Path, *, lon: float, lat: float, taken_at: datetime, facing: float) -> bytes:
    """Return the picture's JPEG bytes as a phone would have written them at that place and time."""
    image = Image.open(picture)
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Orientation] = "Demo", "Drawn", 1
    local = timezone.localtime(taken_at)
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = local.strftime("%Y:%m:%d %H:%M:%S")
    details[Base.OffsetTimeOriginal] = "+07:00"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", _degrees(lat)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", _degrees(lon)
    place[GPS.GPSImgDirectionRef], place[GPS.GPSImgDirection] = "T", facing
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    minutes, degrees = (value % 1) * 60, int(value)
    return float(degrees), float(int(minutes)), round((minutes % 1) * 60, 3)


def send_surveys(
    features: list[dict[str, Any]],
    hazards: list[WaterHazard],
    *,
    scenes: Path,
    surveyors: list[User],
    reviewers: list[User],
) -> dict[str, int]:
    """Send surveys of waters in the surveyors' communes; some are accepted, some wait."""
    dice = random.Random(SEED)  # noqa: S311 - a demo, not a secret
    done = {"accepted": 0, "waiting": 0, "returned": 0}
    for surveyor, reviewer in zip(surveyors, reviewers, strict=True):
        mine = _visited(features, hazards, surveyor)
        dice.shuffle(mine)
        wanted = ["accepted"] * (ACCEPTED // 2) + ["waiting"] * (WAITING // 2 + 1) + ["returned"]
        for end, (given, hazard) in zip(wanted, mine, strict=False):
            submission = _send(given, hazard, surveyor, scenes, dice, end)
            _prepare(submission)
            if end == "accepted":
                accept_submission(reviewer=reviewer, public_id=submission.public_id)
            elif end == "returned":
                return_submission(
                    reviewer=reviewer,
                    public_id=submission.public_id,
                    reason="Ảnh chưa thấy rõ biển cảnh báo. Vui lòng chụp lại gần hơn.",
                )
            done[end] += 1
    return done


def _visited(
    features: list[dict[str, Any]], hazards: list[WaterHazard], surveyor: User
) -> list[tuple[dict[str, Any], WaterHazard]]:
    unit = surveyor.memberships.select_related("unit").get().unit
    inside = set(WaterHazard.objects.within_unit(unit).values_list("pk", flat=True))
    pairs = zip((feature["properties"] for feature in features), hazards, strict=True)
    return [(given, hazard) for given, hazard in pairs if given["visits"] and hazard.pk in inside]


def _send(
    given: dict[str, Any],
    hazard: WaterHazard,
    surveyor: User,
    scenes: Path,
    dice: random.Random,
    end: str,
) -> Submission:
    visit = given["visits"][-1]
    days_ago = visit["days_ago"] if end == "accepted" else dice.randint(1, 6)
    taken_at = timezone.now() - timedelta(days=days_ago, hours=dice.uniform(0, 5))
    lon = hazard.location.x + dice.uniform(-12, 12) / METRES_PER_DEGREE
    lat = hazard.location.y + dice.uniform(-12, 12) / METRES_PER_DEGREE
    states = {seen["duty"]: seen["state"] for seen in visit["seen"]}
    photo = with_exif(
        _scene(scenes, states), lon=lon, lat=lat, taken_at=taken_at, facing=dice.uniform(0, 359)
    )
    submission, _ = receive_submission(
        surveyor=surveyor,
        client_uuid=uuid.UUID(int=dice.getrandbits(128), version=4),
        answers=Answers(
            hazard=hazard,
            depth_class=given["depth_class"],
            depth_method=DepthMethod.ASKED if given["depth_class"] != "unknown" else "unknown",
            **{f"{duty}_state": state for duty, state in states.items()},
        ),
        position=Point(lon, lat, srid=4326),
        accuracy_m=round(dice.uniform(4, 18), 1),
        captured_at=taken_at,
        files=[SentFile(ContentFile(photo, name=f"IMG_{dice.randint(1000, 9999)}.jpg"), "site")],
        is_synthetic=True,
    )
    return submission


def _scene(scenes: Path, states: dict[str, str]) -> Path:
    """Return the drawn picture that fits what was seen."""
    if "cover" in states:
        return scenes / f"cover_{'present' if states['cover'] == 'present' else 'missing'}.jpg"
    sign, barrier = states["sign"], states.get("barrier", "missing")
    wanted = scenes / f"sign_{sign}_barrier_{barrier}.jpg"
    return wanted if wanted.exists() else scenes / "sign_present_barrier_missing.jpg"


def _prepare(submission: Submission) -> None:
    """Do the worker's part at once, so that the demo is whole when it opens."""
    for photo in submission.photos.all():
        process_photo(photo_id=photo.pk)
