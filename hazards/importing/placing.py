"""Find the unit of many positions at once: point in polygon over the finest units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely import STRtree

from accounts.scoping import AreaScope
from common.numbers import Shown
from common.rowreport import SHAPE, RowReport
from common.shapechecks import Shapes
from common.sourcetable import SourceTable
from geomath.distance import distance_m
from hazards.errors import NoUnitsError
from hazards.importing.options import ImportOptions
from places.models import AdminUnit
from places.selectors import current_set, finest_levels

COARSE_DEG = 0.001  # about 100 m


@dataclass(frozen=True)
class UnitIndex:
    """Outlines of the finest units of the current set, ready for questions."""

    units: list[AdminUnit]
    outlines: Shapes
    tree: STRtree

    def place(self, points: Shapes) -> NDArray[np.int64]:
        """Return for each point the place in ``units`` of the one that covers it, or -1.

        On a shared border, or where outlines overlap, the lower level wins (a commune before a
        province drawn too wide), then the first in the order of the tree.
        """
        found = np.full(len(points), len(self.units), dtype=np.int64)
        which, unit = self.tree.query(points, predicate="covered_by")
        np.minimum.at(found, which, unit)
        found[found == len(self.units)] = -1
        return found

    @cached_property
    def _coarse(self) -> STRtree:
        """Outlines with a tenth of the corners: distances to all of them are a hundred times."""
        coarse = shapely.simplify(self.outlines, COARSE_DEG, preserve_topology=False)
        return STRtree(np.where(shapely.is_empty(coarse), self.outlines, coarse))

    def nearest(self, point: shapely.Point) -> tuple[AdminUnit, float]:
        """Return the unit nearest to ``point`` and how many metres away it is.

        Nearest in degrees, which in Viet Nam may err by a tenth between north and east.
        """
        _, (about_deg,) = self._coarse.query_nearest(point, all_matches=False, return_distance=True)
        reach_deg = about_deg + 2 * COARSE_DEG
        close = self._coarse.query(point, predicate="dwithin", distance=reach_deg)
        outlines = self.outlines[close]
        near = int(np.argmin(shapely.distance(outlines, point)))
        (lon1, lat1), (lon2, lat2) = shapely.shortest_line(point, outlines[near]).coords
        return self.units[int(close[near])], distance_m(lon1, lat1, lon2, lat2)


def unit_index() -> UnitIndex:
    """Return the index over the current set; raises NoUnitsError when there is none."""
    boundary_set = current_set()
    if boundary_set is None:
        raise NoUnitsError
    units = finest_levels(boundary_set).order_by("-depth", "tree_left")
    wkb = units.values_list(AsWKB("geometry"), flat=True)
    outlines = np.array(shapely.from_wkb([bytes(item) for item in wkb]), dtype=object)
    if not len(outlines):
        raise NoUnitsError
    return UnitIndex(list(units.defer("geometry")), outlines, STRtree(outlines))


def positions_of(shapes: Shapes) -> Shapes:
    """Return one point on or in each shape, as the register keeps it; None for none.

    A point itself, the middle of a line (of its longest part), a point inside an area.
    """
    kind = shapely.get_type_id(shapes)
    points = np.full(len(shapes), None, dtype=object)
    lines = shapes.copy()
    for i in np.flatnonzero(kind == shapely.GeometryType.MULTILINESTRING):
        lines[i] = max(shapely.get_parts(shapes[i]), key=shapely.length)
    is_point = kind == shapely.GeometryType.POINT
    is_line = np.isin(kind, [shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING])
    is_area = np.isin(kind, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    points[is_point] = shapes[is_point]
    points[is_line] = shapely.line_interpolate_point(lines[is_line], 0.5, normalized=True)
    points[is_area] = shapely.point_on_surface(shapes[is_area])
    return points


def units_of_rows(
    table: SourceTable,
    shapes: Shapes,
    index: UnitIndex,
    options: ImportOptions,
    scope: AreaScope | None,
    report: RowReport,
) -> dict[int, AdminUnit]:
    """Return {row: unit}. Rows that lie in none, or where ``scope`` does not reach, have no entry.

    Rows within ``options.near_km`` of a unit, but in none, go to the nearest one and say so.
    """
    points = positions_of(shapes)
    units: dict[int, AdminUnit] = {}
    places = index.place(points).tolist()
    for row, point, found in zip(table.rows.tolist(), points, places, strict=True):
        if point is None:
            continue
        unit = index.units[found] if found >= 0 else None
        if unit is None:
            unit = _nearest(row, point, index, options, report)
        if unit is not None and scope is not None and not scope.covers(unit.tree_left):
            what = _("lies in {unit}, outside the area you work in.").format(unit=unit.full_name)
            report.refuse(row, SHAPE, _text(point), what)
        elif unit is not None:
            units[row] = unit
    return units


def _nearest(
    row: int, point: shapely.Point, index: UnitIndex, options: ImportOptions, report: RowReport
) -> AdminUnit | None:
    unit, far_m = index.nearest(point)
    if far_m <= options.near_km * 1000:
        what = _("lies in no unit; put under the nearest, {unit}, {km:.2f} km away.")
        report.note(
            row, SHAPE, _text(point), what.format(unit=unit.full_name, km=Shown(far_m / 1000))
        )
        return unit
    what = _("lies in no unit of the current set; the nearest, {unit}, is {km:.2f} km away.")
    to_do = _("Check the position, load the units there, or leave such rows out (--outside skip).")
    put = report.put_outside if options.outside == "skip" else report.refuse
    put(row, SHAPE, _text(point), what.format(unit=unit.full_name, km=Shown(far_m / 1000)), to_do)
    return None


def _text(point: shapely.Point) -> str:
    return f"{point.x:.5f} {point.y:.5f}"
