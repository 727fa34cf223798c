"""What every office page shows: place, date, navigation, and what the user may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Action
from accounts.scoping import AreaScope, scopes_for
from common.memo import once
from places.models import AdminUnit
from places.selectors import unit_trail


@dataclass(frozen=True)
class NavItem:
    label: str | Promise
    url: str
    icon: str
    active: bool


KEPT = ("unit", "as_of")  # parts of the address that follow from page to page

# (view name, label, icon, action that opens it)
_NAV: list[tuple[str, Promise, str, Action]] = [
    ("maps:overview", _("Overview"), "overview", Action.VIEW),
    ("maps:webmap", _("Map"), "map", Action.VIEW),
    ("hazards:list", _("Hazards"), "water", Action.VIEW),
    ("hazards:noncompliances", _("Not compliant"), "list", Action.EXPORT),
    ("maps:gaps", _("Children and gaps"), "children", Action.VIEW),
    ("surveys:queue", _("Review"), "review", Action.REVIEW),
    ("surveys:near_me", _("Survey"), "camera", Action.CAPTURE),
]


# Rooms without an entry of their own, and the entry that they light up.
_BELONGS = {
    "maps:runs": "maps:gaps",
    "maps:what_if": "maps:gaps",
    "candidates:queue": "hazards:list",
    "imports:list": "hazards:list",
    "duplicates:list": "hazards:list",
    "units:search": "hazards:list",
}


def chosen_unit(request: HttpRequest, scope: AreaScope) -> AdminUnit | None:
    """Return the unit of ``?unit=ID`` if it lies in the user's scope, else his widest own unit.

    None for a user who sees everything and has chosen nothing.
    """
    wanted = request.GET.get("unit", "")
    return once(("accounts.unit", wanted, scope), lambda: _unit_in(scope, wanted))


def _unit_in(scope: AreaScope, wanted: str) -> AdminUnit | None:
    visible = AdminUnit.objects.filter(scope.q(unit_field="")).defer("geometry")
    unit = visible.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if unit is not None:
        return unit
    return visible.filter(tree_left__in=scope.lefts).order_by("depth", "tree_left").first()


def chosen_date(request: HttpRequest) -> date:
    """Return the date of ``?as_of=YYYY-MM-DD``, today when absent, unreadable or in the future."""
    today = timezone.localdate()
    try:
        return min(date.fromisoformat(request.GET.get("as_of", "")), today)
    except ValueError:
        return today


def _room_of(path: str, rooms: list[str]) -> str:
    """Return the longest of ``rooms`` that ``path`` lies in: a record lights up its list."""
    return max((room for room in rooms if path.startswith(room)), key=len, default="")


def _here(path: str) -> str:
    """Return the address of the entry to light up."""
    for inner, entry in _BELONGS.items():
        if path.startswith(reverse(inner)):
            return reverse(entry)
    return _room_of(path, [reverse(name) for name, *_ in _NAV])


def page_context(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    scopes = scopes_for(user)
    may = {action.value: not scope.is_empty for action, scope in scopes.items()}
    unit = chosen_unit(request, scopes[Action.VIEW])
    as_of = chosen_date(request)
    kept_query = urlencode({name: request.GET[name] for name in KEPT if name in request.GET})
    here = _here(request.path)
    return {
        "nav_items": [
            NavItem(
                label=label,
                url=reverse(name) + (f"?{kept_query}" if kept_query else ""),
                icon=icon,
                active=reverse(name) == here,
            )
            for name, label, icon, action in _NAV
            if may[action.value]
        ],
        "unit": unit,
        "unit_trail": unit_trail(unit) if unit else [],
        "as_of": as_of,
        "as_of_is_today": as_of == timezone.localdate(),
        "can": may,
        "user_roles": user.roles(),
    }
