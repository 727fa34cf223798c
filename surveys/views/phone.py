"""The surveyor's lists: what is near, what he sent."""

import uuid

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
from surveys.selectors.near import near_list, same_place
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
    """Answer the known hazards so near a position that a new one may be the same."""
    form = PositionForm(request.GET)
    if not form.is_valid() or form.point() is None:
        return form_errors(form)
    rows = same_place(request.user, form.point())  # type: ignore[arg-type]
    found = [
        {
            "code": row.code,
            "name": row.name or row.get_kind_display(),
            "kind": row.get_kind_display(),
            "away_m": round(row.away_m),  # type: ignore[attr-defined]
            "verdict": str(MARKS[row.verdict].label) if row.verdict in MARKS else "",  # type: ignore[attr-defined]
            "url": f"{reverse('surveys:capture')}?hazard={row.code}",
        }
        for row in rows
    ]
    return JsonResponse({"hazards": found})


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
