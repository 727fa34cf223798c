"""What a surveyor says of one visit, before it is a row."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files import File

from common.text import tidy
from hazards.models import WaterHazard
from hazards.taxonomy import DepthClass, DepthMethod, ObservedState

SUBJECTS = ("site", "sign", "barrier", "cover")
VOICE = "voice"  # the subject of a file that is no photo but spoken words


@dataclass(frozen=True)
class Answers:
    """One visit's answers. ``hazard`` is empty for a place that is not in the register yet.

    mends   public id of the review event that returned the survey and that this send answers
    """

    hazard: WaterHazard | None = None
    new_kind: str = ""
    new_name: str = ""
    lifecycle: str = ""
    sign_state: str = ObservedState.NOT_CHECKED
    barrier_state: str = ObservedState.NOT_CHECKED
    cover_state: str = ObservedState.NOT_CHECKED
    depth_class: str = DepthClass.UNKNOWN
    depth_method: str = DepthMethod.UNKNOWN
    note: str = ""
    position_is_manual: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)  # checked by surveys.full_form
    skipped_shots: Mapping[str, str] = field(default_factory=dict)
    mends: uuid.UUID | None = None

    def columns(self) -> dict[str, Any]:
        """Return the values of the submission's columns of the same names."""
        return {
            "hazard": self.hazard,
            "new_kind": "" if self.hazard else self.new_kind,
            "new_name": "" if self.hazard else tidy(self.new_name),
            "lifecycle": self.lifecycle,
            "sign_state": self.sign_state,
            "barrier_state": self.barrier_state,
            "cover_state": self.cover_state,
            "depth_class": self.depth_class,
            "depth_method": self.depth_method,
            "note": self.note.strip(),
            "position_is_manual": self.position_is_manual,
            "details": dict(self.details),
            "skipped_shots": dict(self.skipped_shots),
        }


@dataclass(frozen=True)
class SentFile:
    """One photo as it came; ``name`` is what the phone calls it and is never trusted."""

    file: File
    subject: str = "site"

    @property
    def name(self) -> str:
        """Return the last part of the phone's name, without control characters, at most 200."""
        last = str(self.file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
        return tidy(last)[-200:] or "photo"


def content_sha256(columns: dict[str, Any], lon_lat: tuple[float, float]) -> str:
    """Return one hash for all answers, so that a repeat can be told from other words."""
    hazard = columns["hazard"]
    given = {name: value for name, value in columns.items() if value != {}}
    said = given | {"hazard": hazard.code if hazard else "", "position": list(lon_lat)}
    text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
