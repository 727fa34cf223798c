"""The units a table is split by, all inside the unit and the area of the reader."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.scoping import AreaScope
from places.models import AdminUnit

LEVEL_LABELS: dict[str, Promise] = {
    "province": _("province"),
    "district": _("district"),
    "commune": _("commune"),
    "hamlet": _("hamlet"),
}
USUAL_LEVEL = "commune"  # the level that reports are made by


def level_label(level: str) -> str:
    return str(LEVEL_LABELS.get(level, level))


def units_below(scope: AreaScope, unit: AdminUnit | None) -> list[AdminUnit]:
    """Return the units next below ``unit``, or the topmost of the scope; without outlines."""
    visible = AdminUnit.objects.current().filter(scope.q(unit_field="")).defer("geometry")
    if unit is not None:
        return list(visible.filter(parent=unit))
    return _topmost(visible.order_by("tree_left"))


def _topmost(units: Iterable[AdminUnit]) -> list[AdminUnit]:
    top: list[AdminUnit] = []
    for unit in units:
        if not top or unit.tree_left > top[-1].tree_right:
            top.append(unit)
    return top


def levels_within(scope: AreaScope, unit: AdminUnit | None) -> list[str]:
    """Return the levels there are in ``unit``, its own among them, the widest first."""
    rows = AdminUnit.objects.current().filter(scope.q(unit_field=""))
    if unit is not None:
        rows = rows.within(unit)
    found: dict[str, int] = {}
    for level, depth in rows.order_by("depth").values_list("level", "depth").distinct():
        found.setdefault(level, depth)
    return list(found)


def units_of_level(scope: AreaScope, unit: AdminUnit | None, level: str) -> list[AdminUnit]:
    rows = AdminUnit.objects.current().filter(scope.q(unit_field=""), level=level)
    if unit is not None:
        rows = rows.within(unit)
    return list(rows.defer("geometry").order_by("tree_left"))
