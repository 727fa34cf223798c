"""Surveys as rows, and photos as the bytes a phone sends."""

import io
import uuid
from datetime import UTC, datetime, timedelta, timezone

import factory
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from surveys.models import Submission, SurveyPhoto, VoiceNote
from surveys.services.answers import SentFile
from tests.factories.accounts import UserFactory
from tests.factories.places import UnitFactory

GPS = ExifTags.GPS
# Yesterday, whatever today is: a visit in the future would be flagged.
SEEN_AT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
HANOI = timezone(timedelta(hours=7))


def _dms(degrees: float) -> tuple[float, float, float]:
    whole = int(abs(degrees))
    return float(whole), 0.0, (abs(degrees) - whole) * 3600


def photo_bytes(
    *,
    lat: float | None = None,
    lon: float | None = None,
    taken_at: datetime = SEEN_AT,
    colour: tuple[int, int, int] = (40, 90, 140),
    size: tuple[int, int] = (640, 480),
) -> bytes:
    """Return a JPEG as a phone makes it; another colour is another photo."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.DateTimeOriginal: f"{taken_at.astimezone(HANOI):%Y:%m:%d %H:%M:%S}",
            ExifTags.Base.OffsetTimeOriginal: "+07:00",
        }
    )
    if lat is not None and lon is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
                GPS.GPSLatitude: _dms(lat),
                GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
                GPS.GPSLongitude: _dms(lon),
                GPS.GPSImgDirection: 90.0,
            }
        )
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif, quality=80)
    return out.getvalue()


def upload(data: bytes | None = None, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo_bytes() if data is None else data, "image/jpeg")


def sent_file(data: bytes | None = None, name: str = "IMG_0001.jpg", subject: str = "site"):
    return SentFile(file=upload(data, name), subject=subject)


class SubmissionFactory(factory.django.DjangoModelFactory):
    """A visit to a place that is not in the register yet, in the middle of its unit."""

    class Meta:
        model = Submission

    client_uuid = factory.LazyFunction(uuid.uuid4)
    surveyor = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    new_kind = factory.LazyAttribute(lambda row: "" if row.hazard else "pond")
    hazard = None
    position_accuracy_m = 8.0
    captured_at = SEEN_AT
    sign_state = "missing"
    barrier_state = "missing"
    depth_class = "gt_2"
    depth_method = "asked"
    content_sha256 = "0" * 64

    @factory.lazy_attribute
    def position(self) -> Point:
        if self.hazard:
            return Point(self.hazard.location.x, self.hazard.location.y, srid=4326)
        return self.unit.geometry.point_on_surface


class VoiceNoteFactory(factory.django.DjangoModelFactory):
    """Spoken words; the file is not made."""

    class Meta:
        model = VoiceNote

    submission = factory.SubFactory(SubmissionFactory)
    filename = "voice.webm"
    sha256 = factory.LazyFunction(lambda: uuid.uuid4().hex * 2)
    original_name = factory.LazyAttribute(lambda note: f"ab/cd/{note.sha256}")
    size_bytes = 1000
    media_type = "audio/webm"


class SurveyPhotoFactory(factory.django.DjangoModelFactory):
    """A photo that was prepared; its files are not made."""

    class Meta:
        model = SurveyPhoto

    submission = factory.SubFactory(SubmissionFactory)
    filename = "IMG_0001.jpg"
    sha256 = factory.LazyFunction(lambda: uuid.uuid4().hex * 2)
    original_name = factory.LazyAttribute(lambda photo: f"ab/cd/{photo.sha256}")
    size_bytes = 1000
    media_type = "image/jpeg"
    state = "done"
    image_name = "ab/image.jpg"
    thumbnail_name = "ab/thumbnail.jpg"
    faces_n = 0


JSON = {"headers": {"accept": "application/json"}}  # as the page's own script asks


def form(hazard=None, **changes):
    """What the capture page sends; a change of None leaves the field out."""
    at = hazard.location if hazard else None
    values = {
        "client_uuid": str(uuid.uuid4()),
        "hazard": hazard.code if hazard else "",
        "new_kind": "" if hazard else "pond",
        "sign_state": "missing",
        "barrier_state": "missing",
        "depth_class": "gt_2",
        "lat": str(at.y if at else 11.75),
        "lon": str(at.x if at else 106.55),
        "accuracy_m": "8.5",
        "captured_at": SEEN_AT.isoformat(),
        "photo_site": upload(),
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def text_of(answer) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", "replace")
