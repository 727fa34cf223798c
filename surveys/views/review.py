"""The reviewer's queue and his desk."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.context import chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from common.http import form_errors
from common.verdict_marks import MARKS
from surveys.access import hazard_to_file_under, submission_to_review
from surveys.forms import DecisionForm, ManyForm, QueueFilter
from surveys.models import OPEN_STATES, Submission, SubmissionState
from surveys.selectors import queue as queue_selector
from surveys.selectors.desk import desk_of
from surveys.services.bulk import decide_many
from surveys.services.review import accept_submission, reject_submission, return_submission
from surveys.views.shell import base_map

PAGE_ROWS = 25


@require_safe
@allowed(Action.REVIEW)
def queue(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    form = QueueFilter(request.GET)
    if not form.is_valid():
        return form_errors(form)
    unit = chosen_unit(request, scope) if request.GET.get("unit") else None
    state = form.cleaned_data["state"]
    state = state if state in SubmissionState.values else SubmissionState.RECEIVED
    days = form.cleaned_data["waiting_days"] or 0
    rows = queue_selector.submissions_to_review(scope, unit=unit, state=state, waiting_days=days)
    counts = queue_selector.counts_by_state(scope, unit=unit)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    prefetch_related_objects(page.object_list, "photos")
    context = {
        "page": page,
        "can_tick": state in OPEN_STATES,
        "states": [(code, label, counts[code]) for code, label in SubmissionState.choices],
        "counted_to": queue_selector.COUNTED_TO,
        "state": state,
        "waiting_days": days,
        "ages": [
            (0, _("any")),
            (1, _("1 day or more")),
            (3, _("3 days or more")),
            (7, _("7 days or more")),
        ],
        "oldest_days": queue_selector.oldest_waiting_days(scope, unit=unit),
    }
    return render(request, "surveys/queue.html", context)


@require_safe
@allowed(Action.REVIEW)
def review(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    submission = submission_to_review(request.user, public_id)  # type: ignore[arg-type]
    return render(request, "surveys/review.html", _desk(request, submission))


@require_POST
@allowed(Action.REVIEW)
def decide(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Carry out one decision and go on to the next survey; a refusal shows the page again."""
    submission = submission_to_review(request.user, public_id)  # type: ignore[arg-type]
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return form_errors(form)
    after = queue_selector.neighbours(request.scope, submission)[1]  # type: ignore[attr-defined]
    try:
        messages.success(request, _decided(request, submission, form.cleaned_data))
    except DomainError as error:
        typed = {"refusal": str(error), "typed_reason": form.cleaned_data["reason"]}
        submission.refresh_from_db()
        context = _desk(request, submission) | typed
        return render(request, "surveys/review.html", context, status=error.status)
    if after is None:
        return redirect("surveys:queue")
    return redirect("surveys:review", public_id=after.public_id)


@require_POST
@allowed(Action.REVIEW)
def decide_many_page(request: HttpRequest) -> HttpResponse:
    """Carry out one decision about the ticked surveys and show what became of each."""
    form = ManyForm(request.POST)
    if not form.is_valid():
        return form_errors(form)
    outcomes = decide_many(
        reviewer=request.user,  # type: ignore[arg-type]
        public_ids=form.cleaned_data["survey"],
        decision=form.cleaned_data["decision"],
        reason=form.cleaned_data["reason"],
    )
    context = {"outcomes": outcomes, "done": sum(outcome.is_done for outcome in outcomes)}
    return render(request, "surveys/decided.html", context)


def _decided(request: HttpRequest, submission: Submission, said: dict[str, Any]) -> str:
    """Do what was decided and return what is said of it."""
    reviewer: Any = request.user
    common: dict[str, Any] = {
        "reviewer": reviewer,
        "public_id": submission.public_id,
        "reason": said["reason"],
    }
    if said["decision"] == "return":
        return_submission(**common)
        return _("Returned to %(name)s.") % {"name": submission.surveyor.display_name()}
    if said["decision"] == "reject":
        reject_submission(**common)
        return _("Rejected. It stays readable under its state.")
    code = said["file_under"]
    other = hazard_to_file_under(reviewer, code) if code else None
    hazard = accept_submission(**common, file_under=other)
    submission.refresh_from_db()
    if submission.state == SubmissionState.SECONDED:
        told = _("Accepted once. Many children live near %(hazard)s: a second reviewer decides.")
        return told % {"hazard": f"{hazard.code} {hazard.name}".strip()}
    hazard.refresh_from_db()
    verdict = hazard.assessment.verdict
    return _("Accepted: %(hazard)s is now “%(verdict)s”.") % {
        "hazard": f"{hazard.code} {hazard.name}".strip(),
        "verdict": MARKS[verdict].label if verdict in MARKS else verdict,
    }


def _desk(request: HttpRequest, submission: Submission) -> dict[str, Any]:
    before, after = queue_selector.neighbours(request.scope, submission)  # type: ignore[attr-defined]
    return desk_of(request.user, submission) | {  # type: ignore[arg-type]
        "before": before,
        "after": after,
        "base": base_map(),
    }
