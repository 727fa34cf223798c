"""What stands on the capture page: questions, answers so far, words for its scripts."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hazards.models import WaterHazard
from hazards.taxonomy import DepthClass, DepthMethod, HazardKind, Lifecycle, ObservedState
from surveys.forms import (
    BARRIER_STATES,
    COMMON_KINDS,
    PLACE_STATES,
    SIGN_STATES,
    CaptureForm,
)
from surveys.models import Submission
from surveys.selectors.duties import DEFAULT, duties_by_kind
from surveys.selectors.sent import photos_of
from surveys.services.resend import last_return
from surveys.views.shell import base_map, position_words
from surveys.words import SUBJECT_WORDS

_KEPT = (
    "new_kind",
    "new_name",
    "lifecycle",
    "sign_state",
    "barrier_state",
    "cover_state",
    "depth_class",
    "depth_method",
    "note",
)


def page_of(
    *,
    hazard: WaterHazard | None,
    returned: Submission | None = None,
    form: CaptureForm | None = None,
) -> dict[str, Any]:
    """Return the template's context for an empty page, a returned survey or a refused form."""
    said = _said(returned, form)
    duties = duties_by_kind()
    kind = hazard.kind if hazard else said.get("new_kind", "")
    states = dict(ObservedState.choices)
    return {
        "hazard": hazard,
        "returned": returned,
        "returned_photos": photos_of(returned) if returned else [],
        "why": event.reason if returned and (event := last_return(returned)) else "",
        "said": said,
        "form": form,
        "common_kinds": [(kind, HazardKind(kind).label) for kind in COMMON_KINDS],
        "other_kinds": [pair for pair in HazardKind.choices if pair[0] not in COMMON_KINDS],
        "subjects": list(SUBJECT_WORDS.items()),
        "duties": duties.get(kind, list(DEFAULT)),
        "duties_by_kind": duties,
        "questions": [
            ("sign", _("Is there a warning sign?"), _answers(states, SIGN_STATES)),
            ("barrier", _("Is there a barrier?"), _answers(states, BARRIER_STATES)),
            ("cover", _("Is there a cover?"), _answers(states, SIGN_STATES)),
        ],
        "depths": DepthClass.choices,
        "depth_methods": DepthMethod.choices,
        "place_states": [
            (state, Lifecycle(state).label)
            for state in PLACE_STATES
            if hazard is not None or state != Lifecycle.NOT_FOUND
        ],
        "page_facts": _facts(hazard),
    }


def _answers(words: dict[str, Any], states: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(state, words[state]) for state in states]


def _said(returned: Submission | None, form: CaptureForm | None) -> dict[str, Any]:
    """Return what was answered before: in the refused form, or in the returned survey."""
    if form is not None:
        return dict(form.data.items())
    said: dict[str, Any] = {"client_uuid": uuid.uuid4(), "mends": ""}
    if returned is not None:
        event = last_return(returned)
        said |= {name: getattr(returned, name) for name in _KEPT}
        said |= {
            "client_uuid": returned.client_uuid,
            "mends": event.public_id if event else "",
            "lat": repr(returned.position.y),
            "lon": repr(returned.position.x),
            "accuracy_m": repr(returned.position_accuracy_m or ""),
            "position_is_manual": "on" if returned.position_is_manual else "",
            "captured_at": returned.captured_at.isoformat(),
        }
    return said


def _facts(hazard: WaterHazard | None) -> dict[str, Any]:
    """Return what the page's scripts need: numbers, addresses, and every word they may show."""
    place = hazard.location if hazard else None
    return {
        "serverNow": timezone.now().isoformat(),
        "photoMaxBytes": settings.PHOTO_MAX_BYTES,
        "nearbyUrl": reverse("surveys:nearby"),
        "hazard": {"lat": place.y, "lon": place.x} if place else None,
        "base": base_map(),
        "words": {
            **position_words(),
            "far": _("You are {m} m away from this place. Are you at the right one?"),
            "send": {
                "one": ngettext("Send %(n)d photo", "Send %(n)d photos", 1) % {"n": 1},
                "many": _("Send {n} photos"),
                "none": _("Take a photo first"),
                "noneMended": _("Send again"),
            },
            "sending": _("Sending… {percent} %"),
            "finishing": _("All is sent. The server is storing it…"),
            "sendAgain": _("Send again"),
            "noConnection": _(
                "The connection broke. Nothing is lost: stay on this page and press Send again."
            ),
            "refused": _("Not sent. {message}"),
            "tooBig": _("{name} is too large: {mb} MB, at most {limit} MB."),
            "empty": _("{name} is empty (0 bytes). Take it again."),
            "notPhoto": _("{name} is not a picture."),
            "remove": _("Remove this photo"),
            "sameOne": _("Near here already in the register. Is it one of these?"),
            "metresAway": _("{m} m away"),
            "leaving": _("The survey is not sent yet."),
        },
    }
