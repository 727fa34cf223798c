"""What the page of a unit shows: its place among units, what it came from, and its hazards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.scoping import AreaScope
from common.verdict_marks import MARKS
from hazards.selectors.filters import HazardFilter
from hazards.selectors.kept_counts import kept_counts
from hazards.selectors.reader import Reader
from hazards.taxonomy import IN_SCOPE, Verdict
from places.models import AdminUnit, UnitLineage, UnitName
from places.selectors import unit_trail

FOUND_MAX = 30


@dataclass(frozen=True)
class UnitPage:
    """``counts`` holds every verdict, also those with no hazard; for units of the current set."""

    unit: AdminUnit
    trail: list[AdminUnit]
    below: list[AdminUnit]
    earlier: list[UnitLineage]
    later: list[UnitLineage]
    names: list[UnitName]
    counts: dict[str, int]

    @property
    def compliant(self) -> int:
        return self.counts.get(Verdict.COMPLIANT, 0)

    @property
    def in_scope(self) -> int:
        return sum(self.counts.get(verdict, 0) for verdict in IN_SCOPE)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def unit_page(unit: AdminUnit, reader: Reader) -> UnitPage:
    """Return the page of a unit that ``reader`` may see."""
    kept: dict[str, int] = {}
    if unit.boundary_set.is_current:
        kept = kept_counts(reader, HazardFilter(unit=unit))
    earlier = UnitLineage.objects.filter(to_unit=unit).select_related("from_unit__boundary_set")
    later = UnitLineage.objects.filter(from_unit=unit).select_related("to_unit__boundary_set")
    heavy = ("from_unit__geometry",), ("to_unit__geometry",)
    return UnitPage(
        unit=unit,
        trail=unit_trail(unit)[:-1],
        below=list(AdminUnit.objects.filter(parent=unit).defer("geometry").order_by("tree_left")),
        earlier=list(earlier.defer(*heavy[0]).order_by("from_unit__code")),
        later=list(later.defer(*heavy[1]).order_by("to_unit__code")),
        names=list(unit.former_names.order_by("valid_to")),
        counts={code: kept.get(code, 0) for code in MARKS} if kept else {},
    )


def visible_unit(scope: AreaScope, unit_id: int) -> AdminUnit | None:
    """Return a unit of the scope, or an earlier or later one of it, or None."""
    unit = AdminUnit.objects.filter(pk=unit_id).select_related("boundary_set").first()
    if unit is None or scope.covers(unit.tree_left):
        return unit
    kin = AdminUnit.objects.filter(scope.q(unit_field=""))
    is_kin = kin.filter(predecessors__from_unit=unit) | kin.filter(successors__to_unit=unit)
    return unit if is_kin.exists() else None


def units_called(scope: AreaScope, text: str) -> list[Any]:
    """Return units whose name or code fits, old ones with what they became, without marks."""
    if not text.strip():
        return []
    named = AdminUnit.objects.named(text).defer("geometry").select_related("boundary_set", "parent")
    own = named.filter(scope.q(unit_field=""))
    old = named.filter(successors__to_unit__in=AdminUnit.objects.filter(scope.q(unit_field="")))
    found = list(own.order_by("-boundary_set__is_current", "tree_left")[:FOUND_MAX])
    seen = {unit.pk for unit in found}
    return found + [unit for unit in old.distinct()[:FOUND_MAX] if unit.pk not in seen]
