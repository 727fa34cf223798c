"""Units: search, also by names of before, and the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import NotFoundError
from hazards.selectors.reader import reader_for
from hazards.selectors.unit_page import unit_page, units_called, visible_unit


@require_safe
@allowed(Action.VIEW)
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    found = units_called(request.scope, text)  # type: ignore[attr-defined]
    return render(request, "hazards/units.html", {"q": text, "found": found})


@require_safe
@allowed(Action.VIEW)
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    found = visible_unit(request.scope, unit_id)  # type: ignore[attr-defined]
    if found is None:
        raise NotFoundError
    page = unit_page(found, reader_for(request.user))
    return render(request, "hazards/unit.html", {"page": page})
