"""Enter a hazard at the desk: nearby records are shown before a second one of a water is made."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.context import chosen_unit
from accounts.permissions import allowed
from accounts.roles import Action
from accounts.scoping import AreaScope, scope_for
from common.errors import DomainError
from hazards.access import hazard_for
from hazards.models import WaterHazard
from hazards.new_forms import NewHazardForm, SplitForm
from hazards.record_forms import SuggestingInput
from hazards.selectors.drawn import everything_drawn
from hazards.selectors.duplicates import similar_hazards
from hazards.selectors.hamlets import hamlets_of
from hazards.selectors.outlines import unit_outlines
from hazards.selectors.timeline import Visit, visits
from hazards.services.inventory import NewHazard, check_in_area, register_hazard
from hazards.services.shapes import position_of, read_shape
from hazards.services.splitting import split_hazard
from hazards.views.map_setup import draw_hints, map_setup
from history.context import acting


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Register a hazard drawn on the map; 422 with those near it until they were looked at."""
    scope = scope_for(request.user, Action.EDIT)
    form = NewHazardForm(request.POST or None)
    unit = chosen_unit(request, scope)
    form.fields["hamlet"].widget = SuggestingInput("hamlets", hamlets_of(unit))
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            given = form.to_new()
            if not form.cleaned_data["is_another"]:
                alike = _alike(given, scope)
            if not alike:
                made = _register(request, given, scope)
                messages.success(request, _("{code} is in the register.").format(code=made.code))
                return redirect("hazards:record", code=made.code)
        except DomainError as error:
            form.add_error(None, str(error))
    setup = map_setup() | {"hints": draw_hints(), "outlines": unit_outlines(unit)}
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": _("A new hazard"), "alike": alike, "setup": setup}
    return render(request, "hazards/draw.html", context, status=status)


def _register(request: HttpRequest, given: NewHazard, scope: AreaScope) -> WaterHazard:
    check_in_area(given.geometry, scope)
    with acting(batch=uuid.uuid4()):
        return register_hazard(new=given, actor=request.user)  # type: ignore[arg-type]


def _alike(given: NewHazard, scope: AreaScope) -> list[Any]:
    """Return the hazards of the user's area that may be the same water."""
    found = similar_hazards(
        location=position_of(read_shape(given.geometry).geometry), kind=given.kind,
        name=given.name, accuracy_m=given.position_accuracy_m,
    )  # fmt: skip
    return [one for one in found if scope.covers(one.hazard.unit.tree_left)]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def split(request: HttpRequest, code: str) -> HttpResponse:
    """Say that a record is two waters: draw the second and choose what belongs to it."""
    hazard = hazard_for(request.user, code, Action.EDIT)
    told = visits(hazard, timezone.localdate())
    standing = list(hazard.safeguards.order_by("id"))
    form = SplitForm(
        request.POST or None,
        safeguards=[(str(one.pk), str(one)) for one in standing],
        visits=told,
        initial={"kind": hazard.kind, "hamlet": hazard.hamlet, "lifecycle": hazard.lifecycle},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _split(request, hazard, form, told)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            text = _("{code} is a record of its own now, beside {before}.")
            messages.success(request, text.format(code=made.code, before=hazard.code))
            return redirect("hazards:record", code=made.code)
    setup = map_setup() | everything_drawn(hazard, timezone.localdate()) | {"hints": draw_hints()}
    title = _("Two waters in one record")
    context = {"form": form, "hazard": hazard, "title": title, "setup": setup, "is_split": True}
    return render(request, "hazards/draw.html", context, status=422 if form.is_bound else 200)


def _split(
    request: HttpRequest, hazard: WaterHazard, form: SplitForm, told: list[Visit]
) -> WaterHazard:
    given, read = form.to_new(), form.cleaned_data
    check_in_area(given.geometry, scope_for(request.user, Action.EDIT))
    chosen = [told[int(n)] for n in read.get("visits", ())]
    with acting(batch=uuid.uuid4(), verb="split_hazard"):
        return split_hazard(
            hazard=hazard,
            new=given,
            safeguard_ids=[int(pk) for pk in read.get("safeguards", ())],
            observation_ids=[pk for visit in chosen for pk in visit.observation_ids],
            depth_ids=[pk for visit in chosen for pk in visit.depth_ids],
            photo_ids=[photo.pk for visit in chosen for photo in visit.photos],
            actor=request.user,  # type: ignore[arg-type]
        )
