"""Who answers for a hazard: name a body, let another take over, end it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from hazards.access import hazard_for, responsibility_for
from hazards.body_forms import EndBodyForm, NameBodyForm
from hazards.selectors.bodies import bodies_to_choose
from hazards.selectors.reader import reader_for
from hazards.selectors.record import answering_rows
from hazards.services.bodies import find_or_create_body
from hazards.services.responsibility import end_responsibility, name_body
from history.context import acting


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def responsible(request: HttpRequest, code: str) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    reader = reader_for(request.user, Action.EDIT)
    form = NameBodyForm(request.POST or None, bodies=bodies_to_choose(reader, hazard))
    actor: Any = request.user
    if request.method == "POST" and form.is_valid():
        read, batch = form.cleaned_data, uuid.uuid4()
        try:
            with acting(batch=batch), transaction.atomic():
                body = read["body"] or find_or_create_body(
                    name=read["new_body"], kind=read["new_body_kind"], unit=hazard.unit,
                    actor=actor,
                )  # fmt: skip
                name_body(
                    hazard=hazard, body=body, role=read["role"], valid_from=read["valid_from"],
                    document_no=read["document_no"], actor=actor,
                )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            _tell(request, batch)
            return redirect("hazards:responsible", code=hazard.code)
    return _page(request, hazard, form)


@require_POST
@allowed(Action.EDIT)
def end(request: HttpRequest, code: str, public_id: uuid.UUID) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    named = responsibility_for(hazard, public_id)
    form = EndBodyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say from which day, and why."))
        return redirect("hazards:responsible", code=hazard.code)
    batch, read = uuid.uuid4(), form.cleaned_data
    actor: Any = request.user
    try:
        with acting(batch=batch):
            end_responsibility(
                named=named, valid_to=read["valid_to"], actor=actor, reason=read["reason"]
            )
        _tell(request, batch)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("hazards:responsible", code=hazard.code)


def _tell(request: HttpRequest, batch: uuid.UUID) -> None:
    undo = f"{reverse('hazards:undo')}?batch={batch}"
    said = _("Written down.")
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, undo, _("Undo")))


def _page(request: HttpRequest, hazard: Any, form: NameBodyForm) -> HttpResponse:
    context = {
        "hazard": hazard,
        "form": form,
        "end_form": EndBodyForm(auto_id=False),
        "answering": answering_rows(hazard, reader_for(request.user, Action.EDIT)),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "hazards/responsible.html", context, status=status)
