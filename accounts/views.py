"""Finding a unit from the bar at the top of each office page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from accounts.selectors import units_to_choose


@require_safe
@allowed(Action.VIEW)
def unit_search(request: HttpRequest) -> HttpResponse:
    units = units_to_choose(request.scope, request.GET.get("q", ""))  # type: ignore[attr-defined]
    return render(request, "common/partials/unit_options.html", {"units": units})
