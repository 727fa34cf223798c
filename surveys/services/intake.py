"""The one door for what surveyors send: page, and later the field app and other clients.

Idempotent by ``client_uuid``: sends of one id wait for each other, a repeat finds the first and
brings only the photos that are not there yet. When the call returns and its transaction is
committed, every byte is on the disk.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.audit import record
from accounts.models import User
from accounts.roles import Action
from accounts.scoping import AreaScope, require
from common.keptfiles import KeptFile
from common.sqlfile import run
from surveys.errors import (
    ClientIdTakenError,
    EmptyPhotoError,
    NoPositionError,
    NothingReportedError,
    PhotoTooBigError,
    SendTooBigError,
    TooManyPhotosError,
)
from surveys.models import Submission, SubmissionState, SurveyPhoto
from surveys.photos import sniff
from surveys.services.answers import SUBJECTS, Answers, SentFile, content_sha256
from surveys.services.originals import store_original
from surveys.services.placing import unit_to_file_under
from surveys.services.resend import is_answer_to_return, resend
from surveys.tasks import defer_photo

MAX_PHOTOS = 20  # in one send; the page asks for three or four
_MB = 1024 * 1024
SQL = Path(__file__).resolve().parent.parent / "sql" / "intake.sql"
_COLUMNS = [field.attname for field in Submission._meta.concrete_fields if not field.primary_key]
Stored = list[tuple[SentFile, KeptFile]]


def receive_submission(
    *,
    surveyor: User,
    client_uuid: uuid.UUID,
    answers: Answers,
    position: Point,
    accuracy_m: float | None,
    captured_at: datetime,
    files: Sequence[SentFile],
    is_synthetic: bool = False,
    scope: AreaScope | None = None,
    photos_expected: int = 0,
    is_audited: bool = True,
) -> tuple[Submission, bool]:
    """Take one visit in and return (submission, whether this call made it).

    position    EPSG:4326, where the surveyor stood or put the pin
    accuracy_m  68 % radius as the phone says it; None when placed by hand
    scope       where the surveyor may capture, when the caller knows; else it is asked
    photos_expected  how many photos the visit names that come later, each by itself
    is_audited  whether to write it in the audit trail; a door that keeps every send itself need not
    Raises a DomainError, with nothing in the database, when it cannot be taken.
    """
    scope = scope or require(surveyor, Action.CAPTURE)
    check_files(files)
    unit_id = unit_to_file_under(scope, hazard=answers.hazard, position=checked(position))
    if answers.hazard is None and not answers.new_kind:
        raise NothingReportedError
    stored: Stored = [(sent, store_original(sent.file)) for sent in files]
    values = answers.columns() | {
        "unit_id": unit_id,
        "position": position,
        "position_accuracy_m": accuracy_m,
        "captured_at": captured_at,
        "is_synthetic": is_synthetic,
        "photos_expected": photos_expected,
    }
    values["content_sha256"] = content_sha256(answers.columns(), (position.x, position.y))
    with transaction.atomic(savepoint=False):  # a door that keeps more has a transaction already
        submission, made = _insert_or_find(client_uuid, surveyor, values)
        is_own = submission.surveyor_id == surveyor.pk
        if is_own and not made and is_answer_to_return(submission, answers.mends):
            resend(submission, surveyor=surveyor, values=values)
        if is_own and stored:
            _add_photos(submission, stored)
        if made and is_audited:
            record(
                actor=surveyor,
                verb="send_submission",
                target_kind="submission",
                target_id=submission.public_id,
                photos=len(stored),
            )
    if not is_own:
        raise ClientIdTakenError
    return submission, made


def check_send_size(size_bytes: int) -> None:
    """Refuse a body that no survey can need, before it is read."""
    limit = MAX_PHOTOS * settings.PHOTO_MAX_BYTES
    if size_bytes > limit + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise SendTooBigError(size_mb=size_bytes / _MB, limit_mb=limit / _MB)


def check_files(files: Sequence[SentFile]) -> None:
    """Refuse what no server can mend: empty files, files over the limit, too many of them."""
    if len(files) > MAX_PHOTOS:
        raise TooManyPhotosError(count=len(files), limit=MAX_PHOTOS)
    limit = settings.PHOTO_MAX_BYTES
    for sent in files:
        if sent.file.size == 0:
            raise EmptyPhotoError(filename=sent.name)
        if sent.file.size > limit:
            raise PhotoTooBigError(
                filename=sent.name, size_mb=sent.file.size / _MB, limit_mb=limit / _MB
            )


def checked(position: Point) -> Point:
    """Return ``position`` in EPSG:4326; raises NoPositionError for NaN, 0,0 and out of range."""
    if position.empty:  # which a point of NaN is
        raise NoPositionError
    lon, lat = position.x, position.y
    usable = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
    if not usable or (lon == 0 and lat == 0):
        raise NoPositionError
    if position.srid not in (None, 4326):
        raise ValueError(f"position has SRID {position.srid}, not 4326")
    return position


def _insert_or_find(
    client_uuid: uuid.UUID, surveyor: User, values: dict[str, Any]
) -> tuple[Submission, bool]:
    """Insert, or wait for whoever inserts the same id and return his row, locked."""
    new = Submission(client_uuid=client_uuid, surveyor=surveyor, **values)
    new.created_at = new.updated_at = new.received_at = timezone.now()
    row = {column: getattr(new, column) for column in _COLUMNS}
    row |= {"details": Jsonb(new.details), "skipped_shots": Jsonb(new.skipped_shots)}
    lon, lat = row.pop("position").coords
    added = run(SQL, "add_once", lon=lon, lat=lat, **row)
    if not added:
        return Submission.objects.select_for_update().get(client_uuid=client_uuid), False
    new.pk = added[0]["id"]
    new._state.adding = False  # as Django marks what it has written itself
    return new, True


def _add_photos(submission: Submission, stored: Stored) -> None:
    """Add the photos the submission does not have, and have each prepared by a worker."""
    known = set(submission.photos.values_list("sha256", flat=True))
    late = submission.state in (SubmissionState.ACCEPTED, SubmissionState.REJECTED)
    for sent, original in stored:
        if original.sha256 in known:
            continue
        known.add(original.sha256)
        photo = SurveyPhoto.objects.create(
            submission=submission,
            subject=sent.subject if sent.subject in SUBJECTS else SUBJECTS[0],
            filename=sent.name,
            sha256=original.sha256,
            original_name=original.name,
            size_bytes=original.size_bytes,
            media_type=sniff.media_type(original.head) or "",
            flags=["late"] if late else [],
        )
        defer_photo(photo)
