"""Names of hamlets that are known in a place, so that one hamlet is not written in five ways."""

from __future__ import annotations

from common.text import plain
from hazards.models import WaterHazard
from hazards.selectors.rows import HAMLET
from places.models import AdminUnit

NAMES_MAX = 300


def hamlets_of(unit: AdminUnit | None) -> list[str]:
    """Return hamlets of the commune of ``unit`` in order: the units first, then other words in use.

    Nothing for a wider unit with more than NAMES_MAX of them: such a list helps nobody.
    """
    if unit is None:
        return []
    commune = unit.parent if unit.level == HAMLET and unit.parent else unit
    named = AdminUnit.objects.within(commune).filter(level=HAMLET).order_by("tree_left")
    written = WaterHazard.objects.within_unit(commune).exclude(hamlet="").order_by("hamlet")
    found: dict[str, str] = {}
    for names in (
        named.values_list("name", flat=True)[: NAMES_MAX + 1],
        written.values_list("hamlet", flat=True).distinct()[: NAMES_MAX + 1],
    ):
        for name in names:
            found.setdefault(plain(name), name)
    return list(found.values()) if len(found) <= NAMES_MAX else []
