"""The page on which a planner ticks waters as protected and sees the children at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.context import chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import AreaScope, require
from common.errors import DomainError, NotFoundError
from maps.selectors.units import units_below
from maps.services.what_if import WhatIf, what_if

SHOWN = 100  # waters in the list; the rest gain less than any of these
MOST_TICKED = 200


@require_safe
@allowed(Action.PLAN)
def what_if_page(request: HttpRequest) -> HttpResponse:
    """The page. Without scripts the ticks are sent as a form and the page comes back."""
    scope = require(request.user, Action.PLAN)  # type: ignore[arg-type]
    unit = chosen_unit(request, scope)
    context: dict[str, Any] = {
        "unit_asked": unit,
        "distances_m": sorted(settings.EXPOSURE_DISTANCES_M),
        "within_m": _within(request),
        "units_below": units_below(scope, unit),
    }
    if unit is not None:
        try:
            found = _asked(request, scope)
        except DomainError as problem:
            context["problem"] = str(problem)
        else:
            context |= {
                "found": found,
                "freed": max(0.0, found.now - found.then),
                "words": {"ticked": _("ticked")},
                "shown": found.gains[:SHOWN],
                "hidden_n": max(0, len(found.gains) - SHOWN),
                "drawn": _drawn(found),
                "revision": found.registry_revision,
            }
    return render(request, "maps/what_if.html", context)


@require_safe
@allowed(Action.PLAN)
def what_if_figures(request: HttpRequest) -> JsonResponse:
    """The figures alone, as JSON: children now and then, and what each water left would free."""
    found = _asked(request, require(request.user, Action.PLAN))  # type: ignore[arg-type]
    return JsonResponse(
        {
            "children": found.children,
            "now": found.now,
            "then": found.then,
            "protected": [water.hazard.code for water in found.protected],
            "gains": {gain.water.hazard.code: gain.only_here for gain in found.gains},
            "others_n": found.others_n,
            "within_m": found.within_m,
            "dataset": found.dataset.name,
            "boundary_set": found.unit.boundary_set.name,
            "registry_revision": found.registry_revision,
        }
    )


def _asked(request: HttpRequest, scope: AreaScope) -> WhatIf:
    unit = chosen_unit(request, scope)
    if unit is None:
        raise NotFoundError
    suggest = request.GET.get("suggest", "")
    return what_if(
        unit=unit,
        scope=scope,
        within_m=_within(request),
        protected=set(request.GET.getlist("protect")[:MOST_TICKED]),
        suggest_n=int(suggest) if suggest.isdecimal() else 0,
    )


def _within(request: HttpRequest) -> int:
    asked = request.GET.get("within", "")
    usual = 500 if 500 in settings.EXPOSURE_DISTANCES_M else max(settings.EXPOSURE_DISTANCES_M)
    return int(asked) if asked.isdecimal() and len(asked) < 6 else usual


def _drawn(found: WhatIf) -> dict[str, Any]:
    """What the map shows: a mark for each water listed, ticked ones too, and their circle."""
    waters = [*(gain.water for gain in found.gains[:SHOWN]), *found.protected]
    marks = []
    for water in waters:
        spot = water.hazard.location
        marks.append(
            {
                "code": water.hazard.code,
                "name": water.hazard.name or water.hazard.get_kind_display(),
                "verdict": water.verdict,
                "at": [spot.y, spot.x],
            }
        )
    base = {"url": settings.BASE_MAP_URL, "attribution": settings.BASE_MAP_ATTRIBUTION}
    return {"marks": marks, "within_m": found.within_m, "base": base}
