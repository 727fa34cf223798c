"""Labels with a square code to put on signs: scanned, they lead to the record of the water."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.http import form_errors
from hazards.access import hazard_for
from hazards.models import WaterHazard
from hazards.views.asked import REGISTER, read_list

MOST_LABELS = 240  # thirty sheets of eight
_DAMAGE = "q"  # a quarter of the squares may be scratched off


@dataclass(frozen=True)
class Label:
    """``code_parts``: the code in groups that are easy to read out."""

    hazard: WaterHazard
    code_parts: list[str]
    square: SafeString


@require_safe
@allowed(Action.VIEW)
def one(request: HttpRequest, code: str) -> HttpResponse:
    return _sheet(request, [hazard_for(request.user, code)], total=1)


@require_safe
@allowed(Action.VIEW)
def many(request: HttpRequest) -> HttpResponseBase:
    """Show labels of a list's hazards, laid out for A4; the list's own filters apply."""
    asked = read_list(request, REGISTER)
    if not asked.form.is_valid():
        return form_errors(asked.form)
    rows = asked.rows()
    hazards = [row.hazard for row in rows.first(MOST_LABELS)]
    return _sheet(request, hazards, total=rows.count())


@require_safe
@allowed(Action.VIEW)
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from the short address on a label to the record, for whoever may see it."""
    return redirect("hazards:record", code=hazard_for(request.user, code).code)


def _sheet(request: HttpRequest, hazards: Iterable[WaterHazard], *, total: int) -> HttpResponse:
    labels = [_label(request, hazard) for hazard in hazards]
    context: dict[str, Any] = {
        "labels": labels,
        "total": total,
        "limit": MOST_LABELS,
        "host": request.get_host(),
    }
    return render(request, "hazards/labels.html", context)


def _label(request: HttpRequest, hazard: WaterHazard) -> Label:
    address = request.build_absolute_uri(reverse("scanned", args=[hazard.code]))
    square = segno.make(address, error=_DAMAGE, micro=False)
    prefix, number, check = hazard.code.split("-")
    return Label(
        hazard=hazard,
        code_parts=[prefix, number[:4], number[4:], check],
        square=mark_safe(square.svg_inline(border=2, omitsize=True)),  # noqa: S308 - made of squares
    )
