"""The field app: one page that works without signal, its worker and its manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import NotFoundError
from common.templatetags.page import vendor
from common.verdict_marks import MARKS
from field.views.words import app_words
from hazards.taxonomy import DepthClass, DepthMethod, HazardKind, ObservedState
from surveys.forms import BARRIER_STATES, COMMON_KINDS, PLACE_STATES, SIGN_STATES
from surveys.full_form import GROUPS, SKIP_REASONS

SCRIPTS = (
    "app", "store", "outbox", "send", "capture", "full", "voice", "screens", "map", "area", "fix",
    "keep", "sizes",
)  # fmt: skip
MARKS_SCRIPT = "common/js/verdicts.js"  # the shapes of verdicts, the same on all maps


@require_safe
@never_cache
@allowed(Action.CAPTURE)
def app(request: HttpRequest) -> HttpResponse:
    """Show the app's shell; everything after this comes from the phone itself."""
    assets = {"css": _own("css/app.css"), "app": _own("js/app.js")}
    return render(request, "field/app.html", {"setup": _setup(request), "assets": assets})


def _own(name: str) -> str:
    """Return the plain address of one of the app's files: modules name each other without hashes.

    The worker keeps them, and takes them anew with each version.
    """
    return f"{settings.STATIC_URL}field/{name}"


def _setup(request: HttpRequest) -> dict[str, Any]:
    return {
        "language": get_language(),
        "user": request.user.display_name(),  # type: ignore[union-attr]
        "userId": request.user.pk,
        "version": _version(),
        "addresses": {
            "devices": reverse("field:api_devices"),
            "pack": reverse("field:api_pack"),
            "visits": reverse("field:api_visits"),
            "files": reverse("field:api_file", args=["0"])[:-2],
            "rollCall": reverse("field:api_roll_call"),
            "worker": reverse("field:service_worker"),
            "mend": reverse("surveys:capture"),
        },
        "maxBytes": settings.PHOTO_MAX_BYTES,
        "verdicts": {code: str(mark.label) for code, mark in MARKS.items()},
        "kinds": [[kind.value, str(kind.label)] for kind in COMMON_KINDS]
        + [[kind.value, str(kind.label)] for kind in HazardKind if kind not in COMMON_KINDS],
        "signStates": [[state, str(ObservedState(state).label)] for state in SIGN_STATES],
        "barrierStates": [[state, str(ObservedState(state).label)] for state in BARRIER_STATES],
        "placeStates": [[state.value, str(state.label)] for state in PLACE_STATES],
        "depthClasses": [[one.value, str(one.label)] for one in DepthClass],
        "depthMethods": [[one.value, str(one.label)] for one in DepthMethod],
        "details": _details(),
        "skipReasons": [[reason, str(label)] for reason, label in SKIP_REASONS.items()],
        "words": app_words(),
    }


def _details() -> list[dict[str, Any]]:
    """Return the full form as the phone draws it."""
    return [
        {
            "key": group.key,
            "label": str(group.label),
            "questions": [question.as_json() for question in group.questions],
        }
        for group in GROUPS
    ]


def _assets() -> list[str]:
    """Return the addresses of all files that the app needs without signal."""
    return [
        _own("css/app.css"),
        static("common/img/icon.svg"),
        *(_own(f"js/{name}.js") for name in SCRIPTS),
        f"{settings.STATIC_URL}{MARKS_SCRIPT}",
        vendor("leaflet", "leaflet.js"),
        vendor("leaflet", "leaflet.css"),
    ]


def _version() -> str:
    """Return a word that changes whenever one of the app's files does."""
    digest = hashlib.sha256()
    own = ("css/app.css", "sw.js", *(f"js/{script}.js" for script in SCRIPTS))
    for name in (*(f"field/{one}" for one in own), MARKS_SCRIPT):
        found = finders.find(name)
        if found:
            digest.update(Path(str(found)).read_bytes())
    return digest.hexdigest()[:12]


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the worker with the list of files it keeps; a new list is a new version."""
    path = finders.find("field/sw.js")
    script = Path(str(path)).read_text(encoding="utf-8")
    facts = {
        "version": _version(),
        "shell": reverse("field:app"),
        "assets": _assets(),
    }
    script = f"const APP = {json.dumps(facts)};\n{script}"
    return HttpResponse(script, content_type="text/javascript")


@require_safe
def certificate(request: HttpRequest) -> HttpResponseBase:
    """Send the certificate of this machine's own authority, for phones to trust; no secret."""
    path = settings.VAR_DIR / "https" / "ca.crt"
    if not path.is_file():
        raise NotFoundError
    response = FileResponse(path.open("rb"), content_type="application/x-x509-ca-cert")
    response["Content-Disposition"] = 'attachment; filename="bo-an-toan-ca.crt"'
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    told = {
        "name": _("Safe Shore: field"),
        "short_name": _("Safe Shore"),
        "lang": get_language(),
        "start_url": reverse("field:app"),
        "scope": reverse("field:app"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#ffffff",
        "theme_color": "#083d5f",
        "icons": [
            {"src": static("common/img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")
