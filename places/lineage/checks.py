"""Look a boundary set through before it goes live: every fault with its unit and size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import STRtree

from common.numbers import Shown
from geomath.distance import area_m2
from places.lineage.load import boundary_set_named
from places.models import AdminUnit
from places.selectors import finest_levels

OVERLAP_M2 = 1_000.0  # two lines of one border drawn twice make slivers below this
OVERLAP_BLOCKS_SHARE = 0.01  # of the smaller unit: then it is claimed twice
GAP_M2 = 1_000.0
# A gap this round is ground that somebody forgot; a longer one is a border drawn twice.
GAP_BLOCKS_M2 = 1_000_000.0
THIN = 0.05  # 4 pi area / length²: a circle is 1, a sliver near 0
FAR_APART_KM = 30.0


class Severity(TextChoices):
    """How bad a fault is, the worst first; a set with one that blocks does not go live."""

    BLOCKING = "blocking", gettext_lazy("blocks")
    WARNING = "warning", gettext_lazy("warning")
    REMARK = "remark", gettext_lazy("remark")


class FaultKind(TextChoices):
    EMPTY = "empty", gettext_lazy("empty")
    NO_OUTLINE = "no_outline", gettext_lazy("no outline")
    BROKEN = "broken", gettext_lazy("broken outline")
    OVERLAP = "overlap", gettext_lazy("overlap")
    GAP = "gap", gettext_lazy("gap")
    SLIVER = "sliver", gettext_lazy("sliver")
    ISLAND = "island", gettext_lazy("parts far apart")
    NO_CODE = "no_code", gettext_lazy("no code")
    NO_PARENT = "no_parent", gettext_lazy("no unit above")


@dataclass(frozen=True)
class Fault:
    """One finding. ``area_m2`` over the ground; ``shape`` in EPSG:4326, for a map."""

    severity: Severity
    kind: FaultKind
    units: tuple[AdminUnit, ...]
    text: str
    area_m2: float | None = None
    shape: shapely.Geometry | None = None

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCKING


def check_for_use(set_name: str) -> list[Fault]:
    """Return the faults of every level in which waters would lie, the blocking ones first.

    Those are the levels of the finest units: communes, and provinces where one has none below it.
    """
    finest = finest_levels(boundary_set_named(set_name))
    levels = set(finest.values_list("level", flat=True)) or {"commune"}
    return _sorted(fault for level in sorted(levels) for fault in check_set(set_name, level))


def check_set(set_name: str, level: str) -> list[Fault]:
    """Return the faults of one level of a set, the blocking ones first."""
    boundary_set = boundary_set_named(set_name)
    units: list[Any] = list(
        AdminUnit.objects.filter(boundary_set=boundary_set, level=level)
        .annotate(wkb=AsWKB("geometry"))
        .select_related("parent")
        .defer("geometry", "parent__geometry")
        .order_by("pk")
    )
    if not units:
        text = _("the set has no unit of the level {level}.").format(level=level)
        return [Fault(Severity.BLOCKING, FaultKind.EMPTY, (), text)]
    drawn = [unit for unit in units if unit.wkb is not None]
    shapes = shapely.from_wkb([bytes(unit.wkb) for unit in drawn])
    found = [*_without_outline(units), *_broken(drawn, shapes)]
    whole = shapely.make_valid(shapes)
    found += [*_overlaps(drawn, whole), *_gaps(drawn, whole), *_parts(drawn, whole)]
    found += _orphans(units, level)
    return _sorted(found)


def _sorted(faults: Iterable[Fault]) -> list[Fault]:
    order = list(Severity)
    return sorted(faults, key=lambda fault: (order.index(fault.severity), -(fault.area_m2 or 0)))


def _without_outline(units: list[Any]) -> Iterator[Fault]:
    for unit in units:
        if unit.wkb is None:
            yield Fault(Severity.BLOCKING, FaultKind.NO_OUTLINE, (unit,), _("has no outline."))


def _broken(units: list[Any], shapes: np.ndarray) -> Iterator[Fault]:
    for n in np.flatnonzero(~shapely.is_valid(shapes)):
        why = shapely.is_valid_reason(shapes[n])
        yield Fault(
            Severity.BLOCKING,
            FaultKind.BROKEN,
            (units[n],),
            _("its outline is broken: {why}").format(why=why),
        )


def _overlaps(units: list[Any], shapes: np.ndarray) -> Iterator[Fault]:
    one, other = STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True) if a < b]
    firsts = np.array([a for a, _b in pairs], dtype=np.int64)
    seconds = np.array([b for _a, b in pairs], dtype=np.int64)
    if not pairs:
        return
    common = shapely.intersection(shapes[firsts], shapes[seconds])
    for n in np.flatnonzero(shapely.area(common) > 0):
        size_m2 = area_m2(common[n])
        if size_m2 < OVERLAP_M2:
            continue
        a, b = pairs[n]
        share = size_m2 / min(area_m2(shapes[a]), area_m2(shapes[b]))
        severity = Severity.BLOCKING if share > OVERLAP_BLOCKS_SHARE else Severity.WARNING
        text = _("overlaps {other} by {ha:.2f} ha, {share:.2%} of the smaller.").format(
            other=units[b].full_name, ha=Shown(size_m2 / 1e4), share=Shown(share)
        )
        yield Fault(severity, FaultKind.OVERLAP, (units[a], units[b]), text, size_m2, common[n])


def _gaps(units: list[Any], shapes: np.ndarray) -> Iterator[Fault]:
    """Holes inside the union of all that no unit covers."""
    union = shapely.union_all(shapes)
    holes = [
        shapely.Polygon(ring)
        for part in shapely.get_parts(union)
        if part.geom_type == "Polygon"
        for ring in part.interiors
    ]
    tree = STRtree(shapes)
    for hole in holes:
        size_m2 = area_m2(hole)
        if size_m2 < GAP_M2:
            continue
        round_ = 4 * math.pi * hole.area / hole.length**2
        severity = (
            Severity.BLOCKING if size_m2 > GAP_BLOCKS_M2 and round_ > THIN else Severity.WARNING
        )
        kind = FaultKind.GAP if round_ > THIN else FaultKind.SLIVER
        beside = tuple(units[n] for n in tree.query(hole, predicate="intersects").tolist())
        names = ", ".join(unit.full_name for unit in beside[:5])
        text = _("ground of no unit, {ha:.2f} ha, between {names}.").format(
            ha=Shown(size_m2 / 1e4), names=names
        )
        yield Fault(severity, kind, beside, text, size_m2, hole)


def _parts(units: list[Any], shapes: np.ndarray) -> Iterator[Fault]:
    """Parts that lie far from the largest: islands, or a piece of somebody else's ground."""
    for unit, shape in zip(units, shapes, strict=True):
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        if len(parts) < 2:
            continue
        largest = max(parts, key=lambda part: part.area)
        far_deg = FAR_APART_KM / 111
        far = [part for part in parts if shapely.distance(part, largest) > far_deg]
        if far:
            text = _("{n} of its {parts} parts lie more than {km:.0f} km from the largest.").format(
                n=len(far), parts=len(parts), km=FAR_APART_KM
            )
            size_m2 = sum(area_m2(part) for part in far)
            yield Fault(
                Severity.REMARK, FaultKind.ISLAND, (unit,), text, size_m2, shapely.MultiPolygon(far)
            )


def _orphans(units: list[Any], level: str) -> Iterator[Fault]:
    has_levels = any(unit.parent_id for unit in units)
    for unit in units:
        if not unit.code:
            yield Fault(Severity.WARNING, FaultKind.NO_CODE, (unit,), _("has no code."))
        if has_levels and unit.parent_id is None:
            yield Fault(
                Severity.BLOCKING, FaultKind.NO_PARENT, (unit,), _("belongs to no unit above.")
            )
