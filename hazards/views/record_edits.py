"""An inspector changes what the register says of a hazard, or writes down a look at it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from hazards.access import hazard_for
from hazards.models import WaterHazard
from hazards.record_forms import HazardForm, ObservationForm, SuggestingInput
from hazards.selectors.bodies import bodies_to_choose
from hazards.selectors.hamlets import hamlets_of
from hazards.selectors.reader import reader_for
from hazards.services.bodies import find_or_create_body
from hazards.services.inventory import update_hazard
from hazards.services.office_visit import record_office_visit
from hazards.taxonomy import Duty


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    bodies = bodies_to_choose(reader_for(request.user, Action.EDIT), hazard)
    form = HazardForm(request.POST or None, instance=hazard, bodies=bodies)
    form.fields["hamlet"].widget = SuggestingInput("hamlets", hamlets_of(hazard.unit))
    if request.method == "POST" and form.is_valid() and _saved(request, hazard, form):
        return redirect("hazards:record", code=hazard.code)
    return _page(request, hazard, form, "hazards/edit.html")


def _saved(request: HttpRequest, hazard: WaterHazard, form: HazardForm) -> bool:
    actor: Any = request.user
    try:
        with transaction.atomic():
            values = form.changes()
            if form.cleaned_data["new_body"]:
                values["responsible_body"] = find_or_create_body(
                    name=form.cleaned_data["new_body"],
                    kind=form.cleaned_data["new_body_kind"],
                    unit=hazard.unit,
                    actor=actor,
                )
            reason = form.cleaned_data["reason"]
            update_hazard(hazard=hazard, actor=actor, reason=reason, **values)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The record was changed and the verdict worked out anew."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def observe(request: HttpRequest, code: str) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    form = ObservationForm(request.POST or None, hazard=hazard, where=request.GET.get("where", ""))
    if request.method == "POST" and form.is_valid() and _recorded(request, hazard, form):
        return redirect("hazards:record", code=hazard.code)
    return _page(request, hazard, form, "hazards/observe.html")


def _recorded(request: HttpRequest, hazard: WaterHazard, form: ObservationForm) -> bool:
    read = form.cleaned_data
    states = {duty: (read[duty], read.get(f"{duty}_condition", "")) for duty in Duty.values}
    try:
        added = record_office_visit(
            hazard=hazard,
            actor=request.user,  # type: ignore[arg-type]
            observed_on=read["observed_on"],
            states=states,
            depth_class=read["depth_class"],
            depth_m=read["depth_m"],
            method=read["method"],
            note=read["note"],
            access_place=read.get("where"),
            height_m=read["height_m"],
            widest_gap_mm=read["widest_gap_mm"],
            coverage_share=_share(read["closed_percent"]),
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    text = ngettext(
        "{count} observation was written down and the verdict worked out anew.",
        "{count} observations were written down and the verdict worked out anew.",
        added,
    )
    messages.success(request, text.format(count=added))
    return True


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _page(
    request: HttpRequest, hazard: WaterHazard, form: forms.BaseForm, template: str
) -> HttpResponse:
    """Show the form; 422 when what was sent could not be taken, with everything typed kept."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"hazard": hazard, "form": form}, status=status)
