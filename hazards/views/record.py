"""The page of one hazard."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.context import chosen_date
from accounts.permissions import allowed
from accounts.roles import Action
from hazards.access import hazard_for
from hazards.selectors.reader import reader_for
from hazards.selectors.record import record_on, rights_at
from hazards.services.merging import current
from hazards.views.map_setup import map_setup


@require_safe
@allowed(Action.VIEW)
def record(request: HttpRequest, code: str) -> HttpResponse:
    hazard = hazard_for(request.user, code)
    stands = current(hazard)
    if stands != hazard and not request.GET.get("merged"):
        messages.info(request, _("{code} was merged into this record.").format(code=hazard.code))
        return redirect("hazards:record", code=stands.code)
    shown = record_on(hazard, reader=reader_for(request.user), on=chosen_date(request))
    context = {
        "record": shown,
        "row": shown.row,
        "hazard": shown.row.hazard,
        "as_of_is_today": chosen_date(request) == timezone.localdate(),
        "rights": rights_at(request.user, hazard),
        "map_setup": map_setup() | {"verdict": shown.row.verdict},
    }
    return render(request, "hazards/record.html", context)
