"""What pages read about the user's own part of the country."""

from accounts.scoping import AreaScope
from places.models import AdminUnit

UNITS_OFFERED = 30  # as many as can be looked through without typing more


def units_to_choose(scope: AreaScope, text: str) -> list[AdminUnit]:
    """Return the first units in scope whose name or code fits ``text``, the largest first.

    Each unit carries ``trail_text``, the names of the units above it.
    """
    units = list(
        AdminUnit.objects.current()
        .filter(scope.q(unit_field=""))
        .named(text)
        .defer("geometry")
        .select_related("parent__parent")
        .order_by("depth", "tree_left")[:UNITS_OFFERED]
    )
    for unit in units:
        unit.trail_text = _trail_text(unit)  # type: ignore[attr-defined]
    return units


def _trail_text(unit: AdminUnit) -> str:
    above = [unit.parent, unit.parent.parent if unit.parent else None]
    return ", ".join(other.full_name for other in above if other)
