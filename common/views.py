"""The door, and a sign of life for whoever watches the server."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send each user to the page he came for (settings name it per role)."""
    for role in request.user.roles():  # type: ignore[union-attr]
        if role in settings.HOME_BY_ROLE:
            return redirect(settings.HOME_BY_ROLE[role])
    return render(request, "common/no_role.html")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers; tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
