"""How units of a file stand to each other and to those above: parents, overlaps, parts outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils.translation import gettext as _
from shapely import STRtree

from common.numbers import Shown
from common.rowreport import RowReport
from geomath.distance import area_m2
from places.load.options import NoParentsError, UnitsOptions
from places.load.rows import UnitRow
from places.models import AdminUnit, BoundarySet

OVERLAP_NOTED_SHARE = 0.01  # of the smaller of two neighbours
OVERLAP_NOTED_M2 = 10_000  # 1 ha
OVERLAP_REFUSED_SHARE = 0.5  # no sliver any more: two units claim the same ground
OUTSIDE_NOTED_SHARE = 0.01  # of the unit


@dataclass(frozen=True)
class StoredUnit:
    """A unit of the set as it is in the database, with its outline as shapely or None."""

    pk: int
    level: str
    code: str
    full_name: str
    shape: shapely.Geometry | None


def stored_units(boundary_set: BoundarySet | None) -> list[StoredUnit]:
    if boundary_set is None:
        return []
    units = AdminUnit.objects.filter(boundary_set=boundary_set).order_by("pk")
    rows = list(units.values_list("pk", "level", "code", "full_name", AsWKB("geometry")))
    shapes = shapely.from_wkb([None if wkb is None else bytes(wkb) for *_rest, wkb in rows])
    return [
        StoredUnit(pk, level, code, full_name, shape)
        for (pk, level, code, full_name, _wkb), shape in zip(rows, shapes, strict=True)
    ]


def find_parents(
    units: list[UnitRow], stored: list[StoredUnit], options: UnitsOptions, report: RowReport
) -> dict[int, StoredUnit]:
    """Return {row: parent}; refuses rows whose parent is not there or is not clear."""
    if not options.parent_field and not options.parent_level:
        return {}
    wanted = options.parent_level
    above = [unit for unit in stored if unit.level == wanted or not wanted]
    above = [unit for unit in above if unit.level != options.level]
    if not above:
        raise NoParentsError(name=options.path.name, set_name=options.set_name, level=options.level)
    if options.parent_field:
        return _parents_by_code(units, above, options, report)
    return _parents_by_place(units, above, options, report)


def _parents_by_code(
    units: list[UnitRow], above: list[StoredUnit], options: UnitsOptions, report: RowReport
) -> dict[int, StoredUnit]:
    field = options.parent_field or ""
    by_code: dict[str, list[StoredUnit]] = {}
    for parent in above:
        by_code.setdefault(parent.code, []).append(parent)
    found = {}
    for unit in units:
        parents = by_code.get(unit.parent_code, []) if unit.parent_code else []
        if len(parents) == 1:
            found[unit.row] = parents[0]
        elif parents:
            what = _("several levels have this code: {levels}.").format(
                levels=", ".join(parent.level for parent in parents)
            )
            report.refuse(unit.row, field, unit.parent_code, what, _("Say --parent-level."))
        else:
            what = _("{unit}: no unit of the set {set_name} has this code.").format(
                unit=unit.full_name, set_name=options.set_name
            )
            report.refuse(
                unit.row, field, unit.parent_code, what, _("Load the unit above, or mend the code.")
            )
    return found


def _parents_by_place(
    units: list[UnitRow], above: list[StoredUnit], options: UnitsOptions, report: RowReport
) -> dict[int, StoredUnit]:
    """Find each unit's parent as the one that covers most of it among those it meets."""
    drawn = [parent for parent in above if parent.shape is not None]
    shapes = [unit.shape for unit in units]
    pairs = STRtree([parent.shape for parent in drawn]).query(shapes, predicate="intersects").T
    best: dict[int, tuple[float, StoredUnit]] = {}
    for i, j in pairs:
        shared = shapely.area(_clipped(units[i].shape, drawn[j].shape))
        if shared > best.get(units[i].row, (0.0, drawn[j]))[0]:
            best[units[i].row] = (shared, drawn[j])
    for unit in units:
        if unit.row not in best:
            what = _("{unit} lies in no unit of the level {level}.").format(
                unit=unit.full_name, level=options.parent_level
            )
            report.refuse(unit.row, "geometry", unit.code, what, _("Load the unit above it first."))
    return {row: parent for row, (_shared, parent) in best.items()}


def _clipped(shape: shapely.Geometry, large: shapely.Geometry) -> shapely.Geometry:
    """Return what ``shape`` and a much larger outline share; cut to size first, which is faster."""
    near = shapely.make_valid(shapely.clip_by_rect(large, *shape.bounds))
    return shapely.intersection(shape, near)


def note_outside_parent(
    units: list[UnitRow], parents: dict[int, StoredUnit], report: RowReport
) -> None:
    """Remark on units of which more than 1 % lies outside the outline of their parent."""
    for unit in units:
        parent = parents.get(unit.row)
        if parent is None or parent.shape is None:
            continue
        share = 1 - shapely.area(_clipped(unit.shape, parent.shape)) / shapely.area(unit.shape)
        if share > OUTSIDE_NOTED_SHARE:
            what = _("{share:.1%} of {unit} lies outside {parent}.").format(
                share=Shown(share), unit=unit.full_name, parent=parent.full_name
            )
            to_do = _("Check the code of the unit above; if the outlines differ, see fit_outlines.")
            report.note(unit.row, "geometry", unit.code, what, to_do)


def check_overlaps(
    units: list[UnitRow], stored: list[StoredUnit], options: UnitsOptions, report: RowReport
) -> None:
    """Remark on units of one level that overlap, also with those loaded before from other files.

    Slivers are noted; where half of the smaller unit or more is claimed twice both are refused.
    """
    coming = {unit.code for unit in units}
    others = [
        unit
        for unit in stored
        if unit.level == options.level and unit.code not in coming and unit.shape is not None
    ]
    shapes = np.array([*(u.shape for u in units), *(o.shape for o in others)], dtype=object)
    names = [*(u.full_name for u in units), *(o.full_name for o in others)]
    for i, j, shared_m2, share in overlaps(shapes, count=len(units)):
        what = _("overlaps {other} by {area:.2f} ha ({share:.2%} of the smaller).").format(
            other=names[j], area=Shown(shared_m2 / 10_000), share=Shown(share)
        )
        pairs = [(i, what)]
        if j < len(units):
            pairs.append((j, what.replace(names[j], names[i])))
        for place, text in pairs:
            unit = units[place]
            if share >= OVERLAP_REFUSED_SHARE:
                report.refuse(
                    unit.row, "geometry", unit.full_name, text, _("Draw the border once.")
                )
            elif place == i:
                report.note(unit.row, "geometry", unit.full_name, text)


def overlaps(shapes: np.ndarray, *, count: int) -> list[tuple[int, int, float, float]]:
    """Return (i, j, m2 shared, share of the smaller) of overlaps worth a word, i < ``count``."""
    tree = STRtree(shapes)
    found = [tree.query(shapes[:count], predicate=name) for name in ("overlaps", "contains")]
    pairs = {(min(i, j), max(i, j)) for i, j in np.concatenate(found, axis=1).T if i != j}
    if not pairs:
        return []
    left, right = (np.array(side) for side in zip(*sorted(pairs), strict=True))
    shared = shapely.intersection(shapes[left], shapes[right])
    smaller = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    shares = shapely.area(shared) / smaller
    return [
        (int(i), int(j), size_m2, float(share))
        for i, j, shape, share in zip(left, right, shared, shares, strict=True)
        if (size_m2 := area_m2(shape)) > OVERLAP_NOTED_M2 or share > OVERLAP_NOTED_SHARE
    ]
