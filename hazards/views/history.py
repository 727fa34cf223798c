"""What was changed: at one hazard, and by whom in a unit; undoing it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError, ForbiddenError, NotFoundError
from hazards.access import hazard_for
from hazards.selectors.changed import (
    after_undoing,
    changed_in_area,
    kept_rows,
    may_undo,
    undo_choices,
    with_hazards,
)
from hazards.services.printed import check_printed_list
from hazards.views.map_setup import map_setup
from history.selectors.changes import events_of_hazard, narrowed, table_label, told
from history.services.undo import Wanted, preview_undo, undo

PAGE_EVENTS = 100


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@require_safe
@allowed(Action.EDIT)
def hazard_history(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was changed at a hazard; names of households stand in it, so only to who edits."""
    hazard = hazard_for(request.user, code, Action.EDIT)
    events = events_of_hazard(hazard.pk)
    table, actor_id = request.GET.get("what", ""), _number(request.GET.get("who"))
    tables = {name: table_label(name) for name in events.order_by().values_list(
        "table_name", flat=True).distinct()}  # fmt: skip
    before = _number(request.GET.get("before"))
    events = narrowed(events, actor_id=actor_id, table=table)
    if before is not None:
        events = events.filter(pk__lt=before)
    rows = list(events[: PAGE_EVENTS + 1])
    entries = told(rows[:PAGE_EVENTS])
    shapes = {
        str(entry.event_id): change.shapes
        for entry in entries
        for change in entry.fields
        if change.shapes
    }
    context = {
        "hazard": hazard,
        "entries": entries,
        "tables": tables,
        "what": table,
        "who": actor_id,
        "older": rows[PAGE_EVENTS - 1].pk if len(rows) > PAGE_EVENTS else None,
        "shapes": shapes,
        "map_setup": map_setup(),
    }
    return render(request, "hazards/history.html", context)


@require_safe
@allowed(Action.ADMINISTER)
def changes(request: HttpRequest) -> HttpResponse:
    """Show who changed what in the area of an administrator, day by day, and the batches."""
    today = timezone.localdate()
    day = min(_day(request.GET.get("day")) or today, today)
    actor_id = _number(request.GET.get("who"))
    events = changed_in_area(request.user, day=day, actor_id=actor_id)
    rows = list(events[: PAGE_EVENTS + 1])
    context = {
        "day": day,
        "who": actor_id,
        "entries": with_hazards(told(rows[:PAGE_EVENTS])),
        "is_cut": len(rows) > PAGE_EVENTS,
        **undo_choices(request.user, day=day),
    }
    return render(request, "hazards/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def undo_changes(request: HttpRequest) -> HttpResponseBase:
    """Say what undoing would do, then do it: for who administers all that it touches.

    Who edits there may undo what was his own doing.
    """
    asked = request.POST if request.method == "POST" else request.GET
    wanted = _wanted(asked)
    if not may_undo(request.user, plan := preview_undo(wanted), wanted):
        raise ForbiddenError
    error = ""
    if request.method == "POST":
        try:
            plan, _batch = undo(wanted=wanted, actor=request.user, reason=asked.get("reason", ""))  # type: ignore[arg-type]
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(
                request,
                _("Undone: {undone} rows; kept because changed later: {kept}.").format(
                    undone=plan.undone, kept=plan.kept_rows
                ),
            )
            return redirect(after_undoing(request.user, plan))
    counts = [(table_label(table), action, n) for (table, action), n in sorted(plan.counts.items())]
    context: dict[str, Any] = {
        "wanted": wanted, "plan": plan, "counts": counts, "kept": kept_rows(plan), "error": error,
    }  # fmt: skip
    return render(request, "hazards/undo.html", context, status=422 if error else 200)


def _wanted(asked: Any) -> Wanted:
    try:
        batch = uuid.UUID(asked["batch"]) if asked.get("batch") else None
    except ValueError:
        raise NotFoundError from None
    actor_id, day = _number(asked.get("who")), _day(asked.get("day"))
    if batch is None and (actor_id is None or day is None):
        raise NotFoundError
    return Wanted(batch=batch, actor_id=actor_id, day=day)


@require_safe
@allowed(Action.EXPORT)
def check_list(request: HttpRequest) -> HttpResponse:
    """Make a printed list again by its code. Tells codes of rows only to who may export there."""
    code, found, error = request.GET.get("code", "").strip(), None, ""
    if code:
        try:
            found = check_printed_list(code, user=request.user)
        except DomainError as refused:
            error = str(refused)
    context = {"code": code, "found": found, "error": error}
    return render(request, "hazards/check_list.html", context, status=404 if error else 200)
