"""Change one thing of many hazards: choose, see what would change, write, undo."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from common.http import form_errors
from hazards.body_forms import BulkForm
from hazards.models import WaterHazard
from hazards.selectors.bodies import bodies_in
from hazards.services.bodies import find_or_create_body
from hazards.services.bulk_changes import MOST, change_many, locked, planned_changes
from hazards.taxonomy import DepthClass, Lifecycle
from hazards.views.asked import REGISTER, read_list
from history.context import acting

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def bulk(request: HttpRequest) -> HttpResponseBase:
    """The address holds the list's filters; what is unticked is left out."""
    asked = read_list(request, REGISTER, Action.EDIT)
    if not asked.form.is_valid():
        return form_errors(asked.form)
    rows = asked.rows()
    total = rows.count()
    hazards = [row.hazard for row in rows.first(min(total, MOST))] if total <= MOST else []
    form = BulkForm(request.POST or None, bodies=bodies_in(asked.reader))
    plan: list[Any] | None = None
    if request.method == "POST" and form.is_valid():
        left_out = set(request.POST.getlist("left_out"))
        try:
            with transaction.atomic():
                value = _value(form.cleaned_data, request.user)
                chosen = _whole(hazards, left_out)
                plan = planned_changes(chosen, field=form.cleaned_data["field"], value=value)
                if request.POST.get("action") == "write":
                    return _write(request, form, plan)
                transaction.set_rollback(True)  # trying out makes no new body
        except DomainError as error:
            form.add_error(None, str(error))
    return _page(request, form, hazards, plan, total)


def _whole(hazards: list[WaterHazard], left_out: set[str]) -> list[WaterHazard]:
    return locked([hazard.pk for hazard in hazards if hazard.code not in left_out])


def _value(read: dict[str, Any], actor: Any) -> Any:
    field = read["field"]
    if field != "responsible_body":
        return read[field] if field in ("lifecycle", "depth_class") else read["text"]
    if read["body"]:
        return read["body"]
    return find_or_create_body(name=read["new_body"], kind=read["new_body_kind"], actor=actor)


def _write(request: HttpRequest, form: BulkForm, plan: list[Any]) -> HttpResponse:
    read, batch = form.cleaned_data, uuid.uuid4()
    with acting(batch=batch, verb="bulk_change", reason=read["reason"]):
        count = change_many(
            plan, field=read["field"], actor=request.user, reason=read["reason"]  # type: ignore[arg-type]
        )  # fmt: skip
    text = ngettext("{count} hazard was changed.", "{count} hazards were changed.", count)
    undo = f"{reverse('hazards:undo')}?batch={batch}"
    messages.success(
        request, format_html('{} <a href="{}">{}</a>', text.format(count=count), undo, _("Undo"))
    )
    return redirect(f"{reverse('hazards:list')}?{request.GET.urlencode()}")


def _in_words(form: BulkForm, value: Any) -> str:
    words = {"lifecycle": Lifecycle, "depth_class": DepthClass}.get(form.cleaned_data["field"])
    return str(words(value).label) if words else str(value or "")


def _page(
    request: HttpRequest,
    form: BulkForm,
    hazards: list[WaterHazard],
    plan: list[Any] | None,
    total: int,
) -> HttpResponse:
    context = {
        "form": form,
        "hazards": hazards[:SHOWN],
        "more": max(0, len(hazards) - SHOWN),
        "left_out": set(request.POST.getlist("left_out")),
        "plan": plan,
        "plan_shown": [
            (hazard, _in_words(form, now), _in_words(form, then))
            for hazard, now, then in (plan or ())[:SHOWN]
        ],
        "total": total,
        "limit": MOST,
        "is_too_many": total > MOST,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "hazards/bulk.html", context, status=status)
