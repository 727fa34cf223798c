"""The addresses that phones speak to: JSON, a token instead of a session, no half answers."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError, NotFoundError
from field.errors import CutShortError, DeviceUnknownError, HeldBackError
from field.models import Device
from field.selectors.pack import pack_for
from field.selectors.sent import states_for
from field.services.devices import device_of, seen, sign_in
from field.services.uploads import append, offset_of
from field.services.visits import Receipt, take_visit
from history.context import acting

_HASH = re.compile(r"[0-9a-f]{64}")
_SCHEME = "Device "
View = Callable[..., HttpResponseBase]


def for_device(view: View) -> View:
    """Let a view run for a known phone; sets ``request.device``. Errors answer as JSON."""

    @csrf_exempt  # a token in a header cannot be sent by another site
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = request.headers.get("Accept-Language", "vi")[:2]
        with translation.override(language if language in ("vi", "en") else "vi"):
            try:
                given = request.headers.get("Authorization", "")
                if not given.startswith(_SCHEME):
                    raise DeviceUnknownError
                device = device_of(given.removeprefix(_SCHEME))
                request.device = device  # type: ignore[attr-defined]
                with acting(actor=device.user):
                    return view(request, *args, **kwargs)
            except DomainError as error:
                return _refused(error)

    return guarded


def _refused(error: DomainError) -> JsonResponse:
    facts = {name: value for name, value in error.facts.items() if isinstance(value, int)}
    body = {"code": error.code, "message": str(error), "facts": facts}
    return JsonResponse(body, status=error.status)


def _device(request: HttpRequest) -> Device:
    return cast(Device, request.device)  # type: ignore[attr-defined]


@require_POST
@allowed(Action.CAPTURE)
def devices(request: HttpRequest) -> HttpResponse:
    """Sign a phone in: the session of the page becomes a token that outlives it."""
    name = request.POST.get("name", "")
    device, token = sign_in(user=request.user, name=name)  # type: ignore[arg-type]
    told = {"token": token, "device": str(device.public_id), "user": device.user.display_name()}
    return JsonResponse(told, status=201)


@for_device
@require_safe
def pack(request: HttpRequest) -> HttpResponseBase:
    """Send the area pack; 304 where the phone has it already."""
    body = json.dumps(pack_for(_device(request).user), ensure_ascii=False, separators=(",", ":"))
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponse(status=304)
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = tag
    return response


@for_device
@require_http_methods(["PUT"])
def visit(request: HttpRequest, client_uuid: uuid.UUID) -> HttpResponseBase:
    """Take one visit: 201 the first time, 200 each time after, 202 when it is held back."""
    if len(request.body) < _number(request.headers.get("Content-Length")):
        raise CutShortError  # the line broke; the phone sends it again
    try:
        receipt = take_visit(device=_device(request), client_uuid=client_uuid, raw=request.body)
    except HeldBackError as held:
        digest = hashlib.sha256(request.body).hexdigest()
        body = {"code": held.code, "message": str(held), "held": True, "body_sha256": digest}
        return JsonResponse(body, status=held.status)
    return JsonResponse(_as_json(receipt), status=201 if receipt.made else 200)


def _as_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.client_uuid,
        "receipt": receipt.code,
        "body_sha256": receipt.body_sha256,
        "received": receipt.received,
        "missing": receipt.missing,
        "state": receipt.state,
    }


@for_device
@require_safe
def visits(request: HttpRequest) -> HttpResponseBase:
    """Tell what became of the visits that this surveyor sent."""
    return JsonResponse({"visits": states_for(_device(request).user)})


@for_device
@require_http_methods(["HEAD", "PATCH"])
def file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """HEAD: how many bytes are here. PATCH: add the body at Upload-Offset; 200 when whole."""
    if not _HASH.fullmatch(sha256):
        raise NotFoundError
    user = _device(request).user
    if request.method == "HEAD":
        here, whole = offset_of(user, sha256)
    else:
        here, whole = append(
            user=user,
            sha256=sha256,
            size_bytes=_number(request.headers.get("Upload-Length")),
            offset=_number(request.headers.get("Upload-Offset")),
            body=cast(Any, request),
        )
    response = HttpResponse(status=200 if whole else 204)
    response["Upload-Offset"] = str(here)
    response["Upload-Complete"] = "1" if whole else "0"
    response["Cache-Control"] = "no-store"
    return response


@for_device
@require_POST
def roll_call(request: HttpRequest) -> HttpResponseBase:
    """Write down that a phone called and what it still holds."""
    try:
        said = json.loads(request.body)
        unsent_visits, unsent_files = int(said["visits"]), int(said["files"])
        moment = datetime.fromisoformat(said["time"]) if said.get("time") else None
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"code": "field.bad_roll_call"}, status=400)
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seen(
        _device(request), unsent_visits=max(0, unsent_visits), unsent_files=max(0, unsent_files),
        app_version=str(said.get("version", "")), phone_time=moment,
    )  # fmt: skip
    return JsonResponse({"ok": True})


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else -1
