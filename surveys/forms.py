"""What the phone page and the reviewer's page send."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from hazards.taxonomy import DepthClass, DepthMethod, HazardKind, Lifecycle, ObservedState
from surveys.errors import NoPositionError
from surveys.photos import sniff
from surveys.services.answers import SUBJECTS, SentFile

COMMON_KINDS = (
    HazardKind.POND,
    HazardKind.FARM_TANK,
    HazardKind.WELL,
    HazardKind.CANAL,
    HazardKind.RESERVOIR_IRR,
    HazardKind.CONSTRUCTION,
    HazardKind.BORROW_PIT,
    HazardKind.RIVER_SPOT,
)
SIGN_STATES = ("present", "damaged", "missing", "not_checked")
BARRIER_STATES = ("present", "partial", "damaged", "missing", "not_checked")
PLACE_STATES = (
    Lifecycle.IN_USE,
    Lifecycle.UNDER_CONSTRUCTION,
    Lifecycle.DRY_SEASONAL,
    Lifecycle.ABANDONED,
    Lifecycle.FILLED,
    Lifecycle.NOT_FOUND,
)


class DegreesField(forms.CharField):
    """Degrees as typed: 11.52 or, as Vietnamese write it, 11,52."""

    def clean(self, value: Any) -> float | None:  # type: ignore[override]
        text = super().clean(value).replace(",", ".").strip()
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            raise forms.ValidationError(_("Write degrees as a number, such as 11.52.")) from None
        return number if math.isfinite(number) else None


def _choice(words: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=words, required=False, **more)


class CaptureForm(forms.Form):
    client_uuid = forms.UUIDField()
    hazard = forms.CharField(required=False, max_length=20)
    new_kind = _choice([("", ""), *HazardKind.choices])
    new_name = forms.CharField(required=False, max_length=250)
    lifecycle = _choice([("", ""), *Lifecycle.choices])
    sign_state = _choice(ObservedState.choices)
    barrier_state = _choice(ObservedState.choices)
    cover_state = _choice(ObservedState.choices)
    depth_class = _choice(DepthClass.choices)
    depth_method = _choice(DepthMethod.choices)
    note = forms.CharField(required=False, max_length=2000)
    lat = DegreesField(required=False, max_length=30)
    lon = DegreesField(required=False, max_length=30)
    accuracy_m = DegreesField(required=False, max_length=30)
    position_is_manual = forms.BooleanField(required=False)
    captured_at = forms.CharField(required=False, max_length=40)
    mends = forms.UUIDField(required=False)

    def __init__(
        self, data: Any, files: MultiValueDict[str, UploadedFile], *, needs_photo: bool
    ) -> None:
        super().__init__(data)
        self.needs_photo = needs_photo
        self.sent = [
            SentFile(file=file, subject=subject)
            for subject in SUBJECTS
            for file in files.getlist(f"photo_{subject}")
        ]

    def clean_captured_at(self) -> datetime:
        """Return the moment of the visit; now when the page had no script to say it."""
        try:
            moment = datetime.fromisoformat(self.cleaned_data["captured_at"])
        except ValueError:
            return timezone.now()
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("hazard") and not values.get("new_kind"):
            self.add_error("new_kind", _("Choose what kind of place this is."))
        if values.get("lat") is None or values.get("lon") is None:
            self.add_error("lat", str(NoPositionError()))
        if self.needs_photo and not any(_looks_like_a_photo(sent.file) for sent in self.sent):
            self.add_error(
                None,
                _(
                    "No readable photo is among the files. Take at least one photo of the whole "
                    "place: JPEG, PNG, WebP or HEIC."
                ),
            )
        return values

    def position(self) -> Point:
        return Point(self.cleaned_data["lon"], self.cleaned_data["lat"], srid=4326)


def _looks_like_a_photo(file: Any) -> bool:
    file.seek(0)
    head = file.read(sniff.HEAD_BYTES)
    file.seek(0)
    return sniff.media_type(head) is not None


class PositionForm(forms.Form):
    """A position in an address, as the near-me page asks with it."""

    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    q = forms.CharField(required=False, max_length=100)

    def point(self) -> Point | None:
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        return None if lat is None or lon is None else Point(lon, lat, srid=4326)


class QueueFilter(forms.Form):
    state = forms.CharField(required=False)
    waiting_days = forms.IntegerField(required=False, min_value=0, max_value=3650)


class ManyForm(forms.Form):
    """One decision about the surveys ticked in the queue."""

    decision = forms.ChoiceField(
        choices=[("accept", "accept"), ("return", "return"), ("reject", "reject")]
    )
    reason = forms.CharField(required=False, max_length=2000)
    survey = forms.TypedMultipleChoiceField(coerce=UUID)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        sent = [text for text in data.getlist("survey") if _is_uuid(text)]
        self.fields["survey"].choices = [(text, text) for text in sent]  # type: ignore[attr-defined]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("accept", "accept"), ("return", "return"), ("reject", "reject")]
    )
    reason = forms.CharField(required=False, max_length=2000)
    file_under = forms.CharField(required=False, max_length=20)
