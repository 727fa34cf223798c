"""Whether a reader's list is of the whole register, so that no row need be asked where it lies."""

from __future__ import annotations

from common.memo import once
from hazards.selectors.reader import Reader
from places.models import AdminUnit


def reaches_everything(reader: Reader, unit: AdminUnit | None) -> bool:
    """Say whether every current unit lies in the reader's area, and in ``unit`` where one is given.

    Hazards hang on units of the current set only.
    """
    tops = AdminUnit.objects.filter(boundary_set__is_current=True, depth=0)
    lefts = once("hazards.tops", lambda: list(tops.values_list("tree_left", flat=True)))
    in_unit = [unit is None or unit.tree_left <= left <= unit.tree_right for left in lefts]
    return bool(lefts) and all(in_unit) and all(reader.area.covers(left) for left in lefts)
