"""Sign a surveyor's phone in by a square code instead of a password."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from field.errors import InvitationUsedError
from field.services.invitations import VALID_FOR, invitation_of, invite, use

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_POST
@never_cache
@allowed(Action.ADMINISTER)
def invite_phone(request: HttpRequest) -> HttpResponse:
    """Show the square code for one surveyor, once."""
    wanted = request.POST.get("surveyor", "")
    actor: Any = request.user
    try:
        made, token = invite(user_id=int(wanted) if wanted.isdecimal() else 0, made_by=actor)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("field:devices")
    address = request.build_absolute_uri(reverse("field:join", args=[token]))
    square = segno.make(address, error="m", micro=False)
    context = {
        "invitation": made,
        "minutes": round(VALID_FOR.total_seconds() / 60),
        "square": mark_safe(square.svg_inline(border=2, omitsize=True)),  # noqa: S308 - of squares
        "is_secure": request.is_secure(),
    }
    return render(request, "field/invitation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Ask who holds the phone, then sign him in; opening the page alone uses nothing up."""
    try:
        if request.method == "POST":
            login(request, use(token), backend=_BACKEND)
            return redirect("field:app")
        invitation = invitation_of(token)
    except InvitationUsedError as error:
        context = {"problem": str(error)}
        return render(request, "field/join.html", context, status=error.status)
    return render(request, "field/join.html", {"invitation": invitation})
