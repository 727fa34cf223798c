"""Responsible bodies: what each has to do, and spellings of one put together."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from hazards.access import body_for
from hazards.selectors.body_page import body_page
from hazards.selectors.reader import reader_for
from hazards.services.body_merging import merge_bodies, unmerge_body


@require_safe
@allowed(Action.VIEW)
def bodies(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    page = body_page(reader_for(request.user), text)
    return render(request, "hazards/bodies.html", {"page": page, "q": text})


@require_POST
@allowed(Action.EDIT)
def merge(request: HttpRequest) -> HttpResponse:
    """Put the ticked spellings under the one that stays."""
    stays = body_for(request.user, request.POST.get("stays", ""))
    merged = [body_for(request.user, key) for key in request.POST.getlist("spelling")]
    actor: Any = request.user
    try:
        for body in merged:
            if body != stays:
                merge_bodies(survivor=stays, merged=body, actor=actor)
                told = _("{merged} is now a spelling of {name}. It can be taken apart below.")
                messages.success(request, told.format(merged=body.name, name=stays.name))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("bodies:list")


@require_POST
@allowed(Action.EDIT)
def apart(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    body = body_for(request.user, str(public_id))
    try:
        unmerge_body(merged=body, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("{name} is a body of its own again.").format(name=body.name))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("bodies:list")
