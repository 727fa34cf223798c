"""Pairs of records that may be one water: look, then merge them or keep them apart."""

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
from hazards.access import hazard_for, merge_for
from hazards.selectors.duplicates import likely_pairs, merges_in
from hazards.selectors.pair_pictures import with_pictures
from hazards.services.merging import keep_apart, merge, undo_merge

SHOWN = 50


@require_safe
@allowed(Action.EDIT)
def duplicates(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    pairs = likely_pairs(scope)
    context = {
        "pairs": with_pictures(pairs[:SHOWN]),
        "total": len(pairs),
        "merges": merges_in(scope)[:SHOWN],
    }
    return render(request, "hazards/duplicates.html", context)


@require_POST
@allowed(Action.EDIT)
def decide(request: HttpRequest) -> HttpResponse:
    """Merge a pair into the one that was chosen, or keep the two apart."""
    one = hazard_for(request.user, request.POST.get("one", ""), Action.EDIT)
    other = hazard_for(request.user, request.POST.get("other", ""), Action.EDIT)
    actor: Any = request.user
    try:
        if request.POST.get("answer") == "same":
            stays = other if request.POST.get("stays") == other.code else one
            goes = one if stays == other else other
            merge(survivor=stays, merged=goes, actor=actor, reason=request.POST.get("reason", ""))
            text = _("{merged} was merged into {survivor}. It can be undone below.")
            messages.success(request, text.format(merged=goes.code, survivor=stays.code))
        else:
            keep_apart(one=one, other=other, actor=actor)
            messages.success(request, _("Two waters: the pair will not come up again."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("duplicates:list")


@require_POST
@allowed(Action.EDIT)
def undo(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = merge_for(request.user, public_id)
    try:
        undo_merge(merge=found, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("{code} is a hazard of its own again.").format(
            code=found.merged.code))  # fmt: skip
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("duplicates:list")
