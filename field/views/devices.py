"""Phones of the area: who called when, what is still on them, what was held back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import scope_for
from common.errors import DomainError, NotFoundError
from field.access import device_for, held_for, held_in
from field.selectors.sent import devices_in
from field.services.devices import revoke
from field.services.invitations import surveyors_of
from field.services.replay import replay
from field.services.sealed import take_in
from field.services.visits import QUARANTINE

SILENT_AFTER = timedelta(hours=48)


@require_safe
@allowed(Action.REVIEW)
def devices(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = list(devices_in(request.user))  # type: ignore[arg-type]
    for row in rows:
        late = row.last_seen_at is None or now - row.last_seen_at > SILENT_AFTER
        row.is_silent = late and row.revoked_at is None  # type: ignore[attr-defined]
    context = {
        "devices": rows,
        "held": held_in(request.user).filter(replayed_at__isnull=True)[:200],
        "unsent_visits": sum(row.unsent_visits for row in rows),
        "unsent_files": sum(row.unsent_files for row in rows),
        "to_invite": _to_invite(request),
        "silent": sum(row.is_silent for row in rows),  # type: ignore[attr-defined]
    }
    return render(request, "field/devices.html", context)


def _to_invite(request: HttpRequest) -> list[Any]:
    """Return the surveyors whose phones the user may sign in; none without administering."""
    if scope_for(request.user, Action.ADMINISTER).is_empty:  # type: ignore[arg-type]
        return []
    return list(surveyors_of(request.user))  # type: ignore[arg-type]


@require_POST
@allowed(Action.REVIEW)
def revoke_device(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    device = device_for(request.user, public_id)
    revoke(device=device, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The phone is locked out. What it holds stays on it."))
    return redirect("field:devices")


@require_safe
@allowed(Action.REVIEW)
def held(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Send the bytes that were held back, to be looked at with a text editor."""
    found = held_for(request.user, public_id)
    try:
        source = storages[QUARANTINE].open(found.stored_name)
    except FileNotFoundError:
        raise NotFoundError from None
    response = FileResponse(
        source, as_attachment=True, content_type="application/octet-stream",
        filename=f"{found.sha256[:12]}.bin",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    return response


class SealedForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Sealed file"))
    password = forms.CharField(label=gettext_lazy("Its password"), max_length=200)
    phone = forms.UUIDField()


@require_POST
@allowed(Action.REVIEW)
def take_sealed(request: HttpRequest) -> HttpResponse:
    """Take in what a phone could not send, under the surveyor and with the ids of the phone."""
    form = SealedForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose the file and the phone, and type the password."))
        return redirect("field:devices")
    device = device_for(request.user, form.cleaned_data["phone"])
    actor: Any = request.user
    try:
        opened = take_in(
            data=form.cleaned_data["file"].read(),
            password=form.cleaned_data["password"],
            surveyor=device.user,
            actor=actor,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("field:devices")
    text = _("Taken in: {visits} visits and {photos} photos. Held back or refused: {problems}.")
    messages.success(
        request,
        text.format(visits=opened.visits, photos=opened.photos, problems=len(opened.problems)),
    )
    return redirect("field:devices")


@require_POST
@allowed(Action.REVIEW)
def replay_held(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = held_for(request.user, public_id)
    try:
        receipt = replay(held=found, actor=request.user)  # type: ignore[arg-type]
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken in: receipt {code}.").format(code=receipt.code))
    return redirect("field:devices")
