"""The planner's first page, and the line that tells how current its figures of children are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.context import chosen_date, chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import AreaScope
from hazards.taxonomy import IN_SCOPE, SEEN_GAPS, UNPROTECTED
from maps.selectors.overview import overview
from maps.selectors.runs import figures_state


@require_safe
@allowed(Action.VIEW)
def overview_page(request: HttpRequest) -> HttpResponse:
    scope: AreaScope = request.scope  # type: ignore[attr-defined]
    found = overview(scope=scope, unit=chosen_unit(request, scope), as_of=chosen_date(request))
    context = {
        "found": found,
        "whole": found.whole,
        "state": found.state,
        "in_scope_verdicts": list(IN_SCOPE),
        "seen_gap_verdicts": list(SEEN_GAPS),
        "unprotected_verdicts": list(UNPROTECTED),
    }
    return render(request, "maps/overview.html", context)


@require_safe
@allowed(Action.VIEW)
def figures_state_part(request: HttpRequest) -> HttpResponse:
    """Answer the page that waits: the same line, or "load yourself again" once figures are new."""
    scope: AreaScope = request.scope  # type: ignore[attr-defined]
    state = figures_state(as_of=chosen_date(request), unit=chosen_unit(request, scope))
    response = render(request, "maps/partials/figures_state.html", {"state": state})
    if state.run is not None and not state.is_stale:
        response["HX-Refresh"] = "true"
    return response
