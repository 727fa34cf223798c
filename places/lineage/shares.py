"""Shares of earlier units that lie in later ones, by area over the ground, where both are drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db import transaction
from shapely import STRtree

from geomath.distance import area_m2
from places.lineage.load import boundary_set_named
from places.lineage.options import NoOutlinesError
from places.models import AdminUnit, UnitLineage

SLIVER_SHARE = 0.001  # of the earlier unit; less is a line drawn twice, not a part


@dataclass
class Shares:
    """What was worked out. ``outside`` are shares of earlier units that no later one covers;
    ``unlisted`` pairs that overlap by more than a sliver though no table says so.
    """

    pairs: int = 0
    units: int = 0
    outside: dict[AdminUnit, float] = field(default_factory=dict)
    unlisted: list[tuple[AdminUnit, AdminUnit, float]] = field(default_factory=list)


@transaction.atomic
def compute_area_shares(
    *, from_set: str, to_set: str, level: str = "commune", derive: bool = False
) -> Shares:
    """Store shares by area; those of one unit add up to 1, what lies outside being left out.

    Only pairs of the lineage get a share; with ``derive`` every pair that overlaps by more than a
    sliver becomes lineage, for sets that no table joins. Raises NoOutlinesError.
    """
    old, new = _drawn(from_set, level), _drawn(to_set, level)
    overlaps = _overlaps(old, new)
    listed = _listed(old, new)
    done = Shares()
    rows: list[UnitLineage] = []
    for n, (unit, shape) in enumerate(old):
        parts = overlaps[n]
        whole_m2 = area_m2(shape)
        done.outside |= _outside(unit, parts, whole_m2)
        least_m2 = SLIVER_SHARE * whole_m2 if derive else float("inf")
        wanted = {
            m: part
            for m, part in parts.items()
            if (unit.pk, new[m][0].pk) in listed or part > least_m2
        }
        done.unlisted += [
            (unit, new[m][0], part / whole_m2)
            for m, part in parts.items()
            if m not in wanted and part > 10 * SLIVER_SHARE * whole_m2
        ]
        total = sum(wanted.values())
        if total:
            done.units += 1
            rows += [
                UnitLineage(from_unit=unit, to_unit=new[m][0], share_by_area=part / total)
                for m, part in wanted.items()
            ]
    UnitLineage.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["from_unit", "to_unit"],
        update_fields=["share_by_area", "updated_at"],
        batch_size=2000,
    )
    done.pairs = len(rows)
    return done


@transaction.atomic
def set_children_shares(shares: Mapping[tuple[int, int], float]) -> int:
    """Store shares by children by (earlier unit id, later unit id); returns the pairs found."""
    rows = list(UnitLineage.objects.filter(from_unit__in={from_id for from_id, _to in shares}))
    changed = []
    for row in rows:
        share = shares.get((row.from_unit_id, row.to_unit_id))
        if share is not None:
            row.share_by_children = share
            changed.append(row)
    UnitLineage.objects.bulk_update(changed, ["share_by_children"], batch_size=2000)
    return len(changed)


def _drawn(set_name: str, level: str) -> list[tuple[AdminUnit, shapely.Geometry]]:
    units = AdminUnit.objects.filter(
        boundary_set=boundary_set_named(set_name), level=level, geometry__isnull=False
    )
    rows = list(units.annotate(wkb=AsWKB("geometry")).defer("geometry").order_by("pk"))
    if not rows:
        raise NoOutlinesError(set_name=set_name, level=level)
    shapes = shapely.make_valid(shapely.from_wkb([bytes(row.wkb) for row in rows]))
    return list(zip(rows, shapes, strict=True))


def _overlaps(
    old: list[tuple[AdminUnit, shapely.Geometry]], new: list[tuple[AdminUnit, shapely.Geometry]]
) -> dict[int, dict[int, float]]:
    """Return {place in old: {place in new: m² in common}}."""
    later = np.array([shape for _unit, shape in new], dtype=object)
    earlier = np.array([shape for _unit, shape in old], dtype=object)
    which, whom = STRtree(later).query(earlier, predicate="intersects")
    found: dict[int, dict[int, float]] = defaultdict(dict)
    shapely.prepare(later)
    inside = shapely.covers(later[whom], earlier[which])
    for n, m, is_inside in zip(which.tolist(), whom.tolist(), inside.tolist(), strict=True):
        part = earlier[n] if is_inside else shapely.intersection(earlier[n], later[m])
        size_m2 = area_m2(part) if shapely.area(part) else 0.0  # they may share a border only
        if size_m2 > 0:
            found[n][m] = size_m2
    return found


def _listed(
    old: list[tuple[AdminUnit, shapely.Geometry]], new: list[tuple[AdminUnit, shapely.Geometry]]
) -> set[tuple[int, int]]:
    rows = UnitLineage.objects.filter(
        from_unit__in=[unit.pk for unit, _shape in old],
        to_unit__in=[unit.pk for unit, _shape in new],
    )
    return set(rows.values_list("from_unit", "to_unit"))


def _outside(unit: AdminUnit, parts: dict[int, float], whole_m2: float) -> dict[AdminUnit, float]:
    share = 1 - sum(parts.values()) / whole_m2 if whole_m2 else 0.0
    return {unit: share} if share > SLIVER_SHARE else {}
