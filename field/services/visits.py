"""The door for visits of phones: the same bytes give one survey and as many successes as sends."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from common.errors import DomainError
from common.keptfiles import keep_file
from field.errors import HeldBackError
from field.models import (
    ArrivedFile,
    Device,
    ExpectedFile,
    FieldVisit,
    Quarantined,
    TrainingVisit,
    VisitVariant,
)
from field.services.linking import link_arrived
from hazards.taxonomy import DepthClass, DepthMethod, HazardKind, Lifecycle, ObservedState
from surveys.access import hazard_to_survey
from surveys.full_form import DetailError, read_details, read_skipped
from surveys.models import Submission
from surveys.services.answers import SUBJECTS, VOICE, Answers
from surveys.services.intake import receive_submission

QUARANTINE = "quarantine"
MAX_FILES = 60  # of one visit
_WORDS: Mapping[str, Any] = {
    "new_kind": HazardKind,
    "lifecycle": Lifecycle,
    "sign_state": ObservedState,
    "barrier_state": ObservedState,
    "cover_state": ObservedState,
    "depth_class": DepthClass,
    "depth_method": DepthMethod,
}
_TEXTS = {"new_name": 250, "note": 2000}


class UnreadableError(Exception):
    """What was sent is no visit; the words say what is wrong, for an administrator."""


@dataclass(frozen=True)
class Receipt:
    """What the phone compares with its own: hash of the body, hashes here, hashes missing."""

    client_uuid: str
    made: bool
    body_sha256: str
    received: list[str]
    missing: list[str]
    state: str

    @property
    def code(self) -> str:
        return receipt_code(self.client_uuid, self.body_sha256,
                            [*self.received, *self.missing])  # fmt: skip


def receipt_code(client_uuid: str, body_sha256: str, files: list[str]) -> str:
    """Return the short code that phone and server work out each for itself.

    >>> receipt_code("a", "b", ["d", "c"])
    '9B91-FF4C'
    """
    text = "\n".join([client_uuid, body_sha256, *sorted(files)])
    digits = hashlib.sha256(text.encode()).hexdigest()[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


def take_visit(*, device: Device, client_uuid: uuid.UUID, raw: bytes) -> Receipt:
    """Take a visit in. An identical one is found again; other words under its id are kept beside.

    What cannot be read or is refused goes to quarantine as it came, and HeldBackError says so:
    the phone may show it, and nothing is lost. When this returns all is committed.
    """
    digest = hashlib.sha256(raw).hexdigest()
    try:
        said = read_body(raw)
        if said.get("training") and _known(device, client_uuid) is None:
            return _practise(device, client_uuid, said, digest)
        visit, made = _take(device, client_uuid, said, digest)
    except (UnreadableError, DomainError) as error:
        known = _known(device, client_uuid)  # asked here only: nearly all visits are new
        if known is not None:
            return _again(known, digest, raw)
        hold_back(device, path=f"visits/{client_uuid}", raw=raw, reason=str(error))
        raise HeldBackError(why=str(error)) from error
    return _receipt(visit, digest, made=True) if made else _again(visit, digest, raw)


def _known(device: Device, client_uuid: uuid.UUID) -> FieldVisit | None:
    """Return the visit of an id that this surveyor sent before, from whichever phone."""
    visits = FieldVisit.objects.select_related("submission", "device")
    return visits.filter(client_uuid=client_uuid, device__user=device.user_id).first()


def read_body(raw: bytes) -> dict[str, Any]:
    """Return the checked words of a visit. Raises UnreadableError with what, where and how."""
    try:
        said = json.loads(raw)
    except (ValueError, UnicodeDecodeError) as error:
        raise UnreadableError(f"no JSON: {error}") from None
    if not isinstance(said, dict):
        raise UnreadableError("the visit is no object")
    for name, words in _WORDS.items():
        value = said.get(name, "")
        if value and value not in words.values:
            raise UnreadableError(f"{name}: {str(value)[:50]!r} is no word known here")
    for name, limit in _TEXTS.items():
        if not isinstance(said.get(name, ""), str) or len(said.get(name, "")) > limit:
            raise UnreadableError(f"{name}: not a text of at most {limit} characters")
    for name in ("lat", "lon"):
        if not _is_number(said.get(name)):
            raise UnreadableError(f"{name}: not a number of degrees")
    if said.get("accuracy_m") is not None and not _is_number(said["accuracy_m"]):
        raise UnreadableError("accuracy_m: not a number of metres")
    try:
        said["details"] = read_details(said.get("details") or {})
        said["skipped"] = read_skipped(said.get("skipped") or {})
    except DetailError as error:
        raise UnreadableError(str(error)) from None
    said["files"] = [_file(one) for one in _list(said.get("files", []))]
    return said


def hold_back(device: Device, *, path: str, raw: bytes, reason: str) -> Quarantined:
    """Keep what a known phone sent, byte for byte; the same bytes are kept once."""
    kept = keep_file(ContentFile(raw), storage_name=QUARANTINE)
    held, _is_new = Quarantined.objects.get_or_create(
        device=device, path=path[:200], sha256=kept.sha256,
        defaults={"stored_name": kept.name, "size_bytes": kept.size_bytes, "reason": reason},
    )  # fmt: skip
    return held


def _practise(device: Device, client_uuid: uuid.UUID, said: dict[str, Any], digest: str) -> Receipt:
    """Keep a visit of the training mode apart: receipts as in earnest, and never a survey."""
    _row, made = TrainingVisit.objects.get_or_create(
        client_uuid=client_uuid, device=device, defaults={"body": said, "body_sha256": digest}
    )
    files = [one["sha256"] for one in said["files"]]
    here = ArrivedFile.objects.filter(user=device.user, sha256__in=files)
    arrived = set(here.values_list("sha256", flat=True))
    return Receipt(
        client_uuid=str(client_uuid),
        made=made,
        body_sha256=digest,
        received=[sha256 for sha256 in files if sha256 in arrived],
        missing=[sha256 for sha256 in files if sha256 not in arrived],
        state="training",
    )


@transaction.atomic
def _take(
    device: Device, client_uuid: uuid.UUID, said: dict[str, Any], digest: str
) -> tuple[FieldVisit, bool]:
    user = device.user
    code = said.get("hazard")
    hazard = hazard_to_survey(user, code, device.scope) if code else None
    states = {name: said[name] for name in _WORDS if said.get(name)}
    submission, made = receive_submission(
        surveyor=user,
        client_uuid=client_uuid,
        answers=Answers(
            hazard=hazard,
            new_name=said.get("new_name", ""),
            note=said.get("note", ""),
            position_is_manual=bool(said.get("position_is_manual")),
            details=said["details"],
            skipped_shots=said["skipped"],
            **states,
        ),
        position=Point(float(said["lon"]), float(said["lat"]), srid=4326),
        accuracy_m=said.get("accuracy_m"),
        captured_at=_moment(said.get("captured_at")),
        files=[],
        scope=device.scope,
        photos_expected=len({one["sha256"] for one in said["files"] if one["subject"] != VOICE}),
        is_audited=False,  # FieldVisit says who sent what, when and from which phone
    )
    return _field_visit(device, client_uuid, submission, said, digest, made=made)


def _field_visit(
    device: Device,
    client_uuid: uuid.UUID,
    submission: Submission,
    said: dict[str, Any],
    digest: str,
    *,
    made: bool,
) -> tuple[FieldVisit, bool]:
    if not made:  # another send of the same visit was quicker, or it came by the page
        rows = FieldVisit.objects.select_related("submission")
        visit = rows.filter(client_uuid=client_uuid).first()
        if visit is not None:
            return visit, False
    visit = FieldVisit.objects.create(
        client_uuid=client_uuid, submission=submission, device=device, body=said,
        body_sha256=digest,
    )  # fmt: skip
    _expect(visit, said["files"])
    return visit, True


def _again(visit: FieldVisit, digest: str, raw: bytes) -> Receipt:
    """Answer a repeat; other words are kept as a variant, and their photos expected too."""
    if digest != visit.body_sha256:
        try:
            said = read_body(raw)
        except UnreadableError as error:
            hold_back(visit.device, path=f"visits/{visit.client_uuid}", raw=raw, reason=str(error))
            raise HeldBackError(why=str(error)) from error
        with transaction.atomic():
            VisitVariant.objects.get_or_create(
                visit=visit, body_sha256=digest, defaults={"body": said}
            )
            _expect(visit, said["files"])
    return _receipt(visit, digest, made=False)


def _expect(visit: FieldVisit, files: list[dict[str, Any]]) -> None:
    """Write down which photos belong to the visit, and join those that are here already."""
    if not files:
        return
    ExpectedFile.objects.bulk_create(
        [ExpectedFile(visit=visit, **one) for one in files], ignore_conflicts=True
    )
    user = visit.submission.surveyor_id
    arrived = ArrivedFile.objects.filter(user=user, sha256__in=[one["sha256"] for one in files])
    for file in arrived:
        link_arrived(file)


def _receipt(visit: FieldVisit, digest: str, *, made: bool) -> Receipt:
    rows: list[tuple[str, Any]] = []
    if visit.body["files"] or not made:  # other words may have named photos too
        rows = list(visit.files.order_by("id").values_list("sha256", "received_at"))
    return Receipt(
        client_uuid=str(visit.client_uuid),
        made=made,
        body_sha256=digest,
        received=[sha256 for sha256, at in rows if at],
        missing=[sha256 for sha256, at in rows if not at],
        state=visit.submission.state,
    )


def _file(one: Any) -> dict[str, Any]:
    if not isinstance(one, dict):
        raise UnreadableError("files: not a list of objects")
    sha256, size = str(one.get("sha256", "")), one.get("size")
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise UnreadableError("files: sha256 is no hash of 64 hexadecimal digits")
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise UnreadableError("files: size is no number of bytes")
    subject = one.get("subject")
    return {
        "sha256": sha256,
        "size_bytes": size,
        "subject": subject if subject in (*SUBJECTS, VOICE) else SUBJECTS[0],
        "filename": str(one.get("name", ""))[-200:],
    }


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_FILES:
        raise UnreadableError(f"files: not a list of at most {MAX_FILES}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _moment(text: Any) -> datetime:
    """Return when it was seen by the phone's clock; now when it does not say."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return timezone.now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
