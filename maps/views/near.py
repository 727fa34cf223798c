"""Children round one water, loaded into its record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from hazards.access import hazard_for
from maps.services.near_hazard import near_hazard


@require_safe
@allowed(Action.VIEW)
def near_hazard_part(request: HttpRequest, code: str) -> HttpResponse:
    """A panel by distance, with the range that an unsure position leaves; empty without data."""
    hazard = hazard_for(request.user, code)
    try:
        found = near_hazard(hazard)
    except DomainError:
        return HttpResponse()
    return render(request, "maps/partials/near_hazard.html", {"found": found})
