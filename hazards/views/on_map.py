"""An inspector draws on the map of a hazard: its shapes, access places and safeguards."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError
from hazards.access import access_place_for, hazard_for, safeguard_for
from hazards.map_forms import AccessPlaceForm, SafeguardForm, ShapeDrawForm
from hazards.models import AccessPlace, Safeguard, WaterHazard
from hazards.selectors.drawn import as_geojson, everything_drawn, shape_rows
from hazards.services.access_places import (
    add_access_place,
    change_access_place,
    withdraw_access_place,
)
from hazards.services.more_shapes import drop_shape, set_shape
from hazards.services.safeguards import add_safeguard, change_safeguard, remove_safeguard
from hazards.services.shape_forms import form_of
from hazards.taxonomy import ShapeForm
from hazards.views.map_setup import draw_hints, map_setup
from history.context import acting


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def shape(request: HttpRequest, code: str) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    rows = shape_rows(hazard)
    wanted = request.GET.get("form", rows[0].form)
    wanted = wanted if wanted in ShapeForm.values else rows[0].form
    form = ShapeDrawForm(request.POST or None, initial={"form": wanted})
    row = next((one for one in rows if one.form == wanted), None)
    before = (row.row.geometry if row.row else hazard.geometry) if row else None

    def write(read: dict[str, Any], actor: Any) -> None:
        set_shape(
            hazard=hazard, geometry=read["drawn"], form=read["form"], actor=actor,
            position_method=read["position_method"], accuracy_m=read["accuracy_m"],
            source=read["source"], dated_on=read["dated_on"], reason=read["reason"],
        )  # fmt: skip

    if request.method == "POST" and _written(request, hazard, form, write):
        return redirect("hazards:record", code=hazard.code)
    return _page(request, hazard, form, before, title=_("Draw the water"), rows=rows)


@require_POST
@allowed(Action.EDIT)
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Take back one of several shapes; the best of the others is used then."""
    hazard = hazard_for(request.user, code, Action.EDIT)
    form = request.POST.get("form", "")
    _try(request, hazard, lambda: drop_shape(hazard=hazard, form=form, actor=request.user))  # type: ignore[arg-type]
    return redirect("hazards:record", code=hazard.code)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def place(request: HttpRequest, code: str, public_id: uuid.UUID | None = None) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    found = access_place_for(hazard, public_id) if public_id else None
    form = AccessPlaceForm(request.POST or None, place=found)

    def write(read: dict[str, Any], actor: Any) -> None:
        values = {**read, "geometry": read["drawn"]}
        del values["drawn"]
        if found:
            change_access_place(place=found, actor=actor, **values)
            return
        ended = values.pop("known_to")
        made = add_access_place(hazard=hazard, actor=actor, **values)
        if ended:
            change_access_place(place=made, actor=actor, known_to=ended)

    if request.method == "POST" and _written(request, hazard, form, write):
        return redirect("hazards:record", code=hazard.code)
    title = found.label if found else _("A place where people reach the water")
    return _page(request, hazard, form, found.geometry if found else None, title=title, place=found)


@require_POST
@allowed(Action.EDIT)
def withdraw_place(request: HttpRequest, code: str, public_id: uuid.UUID) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    found = access_place_for(hazard, public_id)
    _try(request, hazard, lambda: withdraw_access_place(place=found, actor=request.user))  # type: ignore[arg-type]
    return redirect("hazards:record", code=hazard.code)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.EDIT)
def safeguard(request: HttpRequest, code: str, public_id: uuid.UUID | None = None) -> HttpResponse:
    hazard = hazard_for(request.user, code, Action.EDIT)
    found = safeguard_for(hazard, public_id) if public_id else None
    form = SafeguardForm(request.POST or None, hazard=hazard, safeguard=found)

    def write(read: dict[str, Any], actor: Any) -> None:
        values = {**read, "geometry": read["drawn"]}
        del values["drawn"]
        removed_on = values.pop("removed_on", None)
        if not found:
            add_safeguard(hazard=hazard, actor=actor, **values)
            return
        change_safeguard(safeguard=found, actor=actor, **values)
        if removed_on and removed_on != found.removed_on:
            remove_safeguard(safeguard=found, removed_on=removed_on, actor=actor)

    if request.method == "POST" and _written(request, hazard, form, write):
        return redirect("hazards:record", code=hazard.code)
    title = str(found) if found else _("A safeguard at this water")
    return _page(
        request, hazard, form, found.geometry if found else None, title=title, safeguard=found
    )


def _written(
    request: HttpRequest,
    hazard: WaterHazard,
    form: forms.Form,
    write: Callable[[dict[str, Any], Any], None],
) -> bool:
    if not form.is_valid():
        return False
    refused = _try(request, hazard, lambda: write(form.cleaned_data, request.user), tell=False)
    if refused:
        form.add_error(None, refused)
    return not refused


def _try(
    request: HttpRequest, hazard: WaterHazard, write: Callable[[], Any], *, tell: bool = True
) -> str:
    """Write as one batch that can be undone; returns why it was refused, empty when it was not."""
    batch = uuid.uuid4()
    try:
        with acting(batch=batch):
            write()
    except DomainError as error:
        if tell:
            messages.error(request, str(error))
        return str(error)
    undo = f"{reverse('hazards:undo')}?batch={batch}"
    said = _("Written down, and the verdict worked out anew.")
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, undo, _("Undo")))
    return ""


def _page(
    request: HttpRequest,
    hazard: WaterHazard,
    form: Any,
    before: GEOSGeometry | None,
    *,
    title: str,
    rows: list[Any] | None = None,
    place: AccessPlace | None = None,
    safeguard: Safeguard | None = None,
) -> HttpResponse:
    own = place or safeguard
    context = {
        "hazard": hazard,
        "form": form,
        "title": title,
        "rows": rows,
        "place": place,
        "setup": map_setup()
        | everything_drawn(hazard, timezone.localdate())
        | {
            "before": as_geojson(before) if before else None,
            "editing": str(own.public_id) if own else "",
            "isShape": rows is not None,
            "form": form_of(before) if before else "",
            "hints": draw_hints(),
        },
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "hazards/draw.html", context, status=status)
