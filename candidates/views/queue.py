"""The queue, one candidate, and how complete the register is."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.context import chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import scope_for
from candidates.access import candidate_for
from candidates.forms import CONFIRM, REJECT, BulkRejectForm, DecisionForm, QueueForm
from candidates.models import Candidate
from candidates.selectors.completeness import completeness, newest_data
from candidates.selectors.queue import (
    candidates_of,
    counts_by_state,
    nearest_hazards,
    next_open,
    queue_page,
)
from candidates.services.deciding import confirm, reject, reopen
from candidates.words import CandidateState, RejectReason
from common.errors import DomainError
from common.http import form_errors
from hazards.views.map_setup import map_setup

PAGE_ROWS = 50


@require_safe
@allowed(Action.VIEW)
def queue(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    form = QueueForm(request.GET)
    form.is_valid()
    state = form.cleaned_data.get("state") or CandidateState.NEW.value
    rows = candidates_of(
        scope, unit=chosen_unit(request, scope), origin=form.cleaned_data.get("origin", "")
    )
    counts = counts_by_state(rows)
    page = queue_page(
        rows,
        state=state,
        size=PAGE_ROWS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    may_decide = scope_for(request.user, Action.EDIT)
    context = {
        "form": form,
        "page": page,
        "state": state,
        "states": [(code, label, counts.get(code, 0)) for code, label in CandidateState.choices],
        "reasons": RejectReason.choices,
        "may_decide": not may_decide.is_empty,
        "first_open": page.rows[0] if page.rows and state == CandidateState.NEW else None,
    }
    return render(request, "candidates/queue.html", context)


@require_safe
@allowed(Action.VIEW)
def candidate(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    found = candidate_for(request.user, public_id)
    return render(request, "candidates/candidate.html", _context(request, found))


@require_POST
@allowed(Action.EDIT)
def decide(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Carry out a decision and go on to the next candidate; a refusal shows the page again."""
    found = candidate_for(request.user, public_id, Action.EDIT)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return form_errors(form)
    scope = request.scope  # type: ignore[attr-defined]
    after = next_open(candidates_of(scope), found)
    try:
        messages.success(request, _decided(request, found, form.cleaned_data))
    except DomainError as error:
        found = candidate_for(request.user, public_id, Action.EDIT)
        context = _context(request, found) | {"refusal": str(error)}
        return render(request, "candidates/candidate.html", context, status=error.status)
    if after is None:
        return redirect("candidates:queue")
    return redirect("candidates:candidate", public_id=after.public_id)


@require_POST
@allowed(Action.EDIT)
def reject_many(request: HttpRequest) -> HttpResponse:
    """Reject the ticked candidates, all for one reason."""
    wanted = [text for text in request.POST.getlist("chosen") if _is_uuid(text)]
    scope = request.scope  # type: ignore[attr-defined]
    rows = candidates_of(scope).filter(public_id__in=wanted, state=CandidateState.NEW)
    form = BulkRejectForm(request.POST, offered=[str(row.public_id) for row in rows])
    if not form.is_valid():
        return form_errors(form)
    done = reject(candidates=rows, reason=form.cleaned_data["reason"], actor=request.user)  # type: ignore[arg-type]
    messages.success(
        request,
        ngettext("{n} candidate rejected.", "{n} candidates rejected.", len(done)).format(
            n=len(done)
        ),
    )
    return redirect("candidates:queue")


@require_safe
@allowed(Action.VIEW)
def register_completeness(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    rows = completeness(scope, chosen_unit(request, scope))
    context = {
        "rows": rows,
        "confirmed": sum(row.confirmed for row in rows),
        "known": sum(row.known for row in rows),
        "rejected": sum(row.rejected for row in rows),
        "newest": newest_data(),
    }
    return render(request, "candidates/completeness.html", context)


def _decided(request: HttpRequest, found: Candidate, read: dict[str, Any]) -> str:
    actor: Any = request.user
    if read["action"] == CONFIRM:
        hazard = confirm(candidate=found, actor=actor, kind=read["kind"], name=read["name"])
        return _("{code} is in the register now; nobody has surveyed it yet.").format(
            code=hazard.code
        )
    if read["action"] == REJECT:
        reject(candidates=[found], reason=read["reason"], actor=actor, note=read["note"])
        return _("Rejected. The next load will not raise it again.")
    reopen(candidate=found, actor=actor)
    return _("The rejection was taken back.")


def _context(request: HttpRequest, found: Candidate) -> dict[str, Any]:
    near = nearest_hazards(request.user, found)
    may_edit = scope_for(request.user, Action.EDIT)
    setup = map_setup() | {
        "shape": json.loads(found.geometry.geojson),
        "near": [
            {
                "code": hazard.code,
                "name": hazard.name,
                "at": [hazard.location.x, hazard.location.y],
                "verdict": hazard.assessment.verdict if hasattr(hazard, "assessment") else "",
            }
            for hazard in near
        ],
    }
    parts = {
        "size": _("size"), "permanence": _("time with water"), "name": _("has a name"),
    }  # fmt: skip
    return {
        "candidate": found,
        "near": near,
        "parts": [(parts[name], value) for name, value in found.score_parts.items()],
        "form": DecisionForm(initial={"kind": found.kind, "name": found.name}),
        "may_decide": found.unit is not None and may_edit.covers(found.unit.tree_left),
        "is_open": found.state == CandidateState.NEW,
        "setup": setup,
    }


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
