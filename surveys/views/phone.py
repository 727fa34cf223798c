"""The surveyor's lists: what is near, what he sent."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.http import form_errors
from common.verdict_marks import MARKS
from surveys.access import own_submission
from surveys.forms import PositionForm
from surveys.selectors.near import AROUND_M, SAME_PLACE_M, near_list, same_place
from surveys.selectors.sent import photos_of, sent_by
from surveys.services.receipts import short_code
from surveys.views.shell import near_facts, phone_context


@require_safe
@allowed(Action.CAPTURE)
def near_me(request: HttpRequest) -> HttpResponse:
    """List hazards by distance; the position comes from the page's script, if the user allows."""
    form = PositionForm(request.GET)
    if not form.is_valid():
        return form_errors(form)
    position, text = form.point(), form.cleaned_data["q"]
    found = near_list(request.user, position=position, text=text)  # type: ignore[arg-type]
    context = {"found": found, "position": position, "q": text, "near_words": near_facts()}
    if request.headers.get("HX-Request"):
        return render(request, "surveys/partials/near_list.html", context)
    return render(request, "surveys/near_me.html", context | phone_context(request, "near"))


@require_safe
@allowed(Action.CAPTURE)
def nearby(request: HttpRequest) -> HttpResponse:
    """Answer the known hazards so near that a new one may be the same, and those around it."""
    form = PositionForm(request.GET)
    if not form.is_valid() or form.point() is None:
        return form_errors(form)
    around = same_place(request.user, form.point(), within_m=AROUND_M, most=40)  # type: ignore[arg-type]
    found = [_nearby_row(row) for row in around]
    same = [row for row in found if row["away_m"] <= SAME_PLACE_M]
    return JsonResponse({"hazards": same[:5], "around": found})


def _nearby_row(hazard: Any) -> dict[str, Any]:
    mark = MARKS.get(hazard.verdict)
    return {
        "code": hazard.code,
        "name": hazard.name or hazard.get_kind_display(),
        "away_m": round(hazard.away_m),
        "verdict": hazard.verdict or "",
        "verdict_word": str(mark.label) if mark else "",
        "lat": hazard.location.y,
        "lon": hazard.location.x,
        "url": f"{reverse('surveys:capture')}?hazard={hazard.code}",
    }


@require_safe
@allowed(Action.CAPTURE)
def sent(request: HttpRequest) -> HttpResponse:
    context = {"submissions": sent_by(request.user)}  # type: ignore[arg-type]
    return render(request, "surveys/sent.html", context | phone_context(request, "outbox"))


@require_safe
@allowed(Action.CAPTURE)
def receipt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    submission = own_submission(request.user, public_id)  # type: ignore[arg-type]
    context = {
        "submission": submission,
        "short_code": short_code(submission),
        "photos": photos_of(submission),
        "is_new": "new" in request.GET,
        "events": submission.review_events.all(),
    }
    return render(request, "surveys/receipt.html", context | phone_context(request, "outbox"))
