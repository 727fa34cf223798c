"""The page of one hazard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.context import chosen_date
from accounts.permissions import allowed
from accounts.roles import Action
from hazards.access import hazard_for
from hazards.selectors.reader import reader_for
from hazards.selectors.record import hazard_record, rights_at
from hazards.views.map_setup import map_setup


@require_safe
@allowed(Action.VIEW)
def record(request: HttpRequest, code: str) -> HttpResponse:
    hazard = hazard_for(request.user, code)
    shown = hazard_record(hazard, reader=reader_for(request.user), on=chosen_date(request))
    context = {
        "record": shown,
        "row": shown.row,
        "hazard": shown.row.hazard,
        "rights": rights_at(request.user, hazard),
        "map_setup": map_setup() | {"verdict": shown.row.verdict},
    }
    return render(request, "hazards/record.html", context)
