"""The hazards that a figure counts with: shape, verdict on the date, and unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.utils import timezone
from shapely import GeometryCollection, STRtree
from shapely.geometry.base import BaseGeometry

from hazards.models import WaterHazard
from hazards.selectors.past import past_day
from hazards.services.assessment import assessments_on
from hazards.services.gap_kinds import gap_kinds_on
from hazards.services.open_places import open_places_on
from hazards.taxonomy import UNPROTECTED, GapKind, Verdict
from maps.services.shapes import shape_of
from places.models import AdminUnit

# The groups shown apart: by verdict, together exactly hazards.taxonomy.UNPROTECTED, and by what is
# lacking, which overlap.
GROUP_OF_VERDICT: Final[Mapping[str, str]] = {
    Verdict.NONCOMPLIANT: "gap",
    Verdict.PARTLY: "gap",
    Verdict.NOT_SURVEYED: "not_surveyed",
    Verdict.EXPIRED: "expired",
    Verdict.DEPTH_UNKNOWN: "depth_unknown",
}
GROUPS: Final = ("gap", "not_surveyed", "expired", "depth_unknown", *GapKind.values)


@dataclass(frozen=True)
class JudgedHazard:
    hazard_id: int
    verdict: str
    unit_left: int
    shape: BaseGeometry
    gaps: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of unprotected water it is in: of its verdict, then of what it lacks.

        Empty when protected or out of scope.
        """
        group = GROUP_OF_VERDICT.get(self.verdict)
        return (group, *self.gaps) if group else ()


def hazards_on(as_of: date) -> list[JudgedHazard]:
    """Return every hazard with its verdict on a date, by id; as it was then, under today's units.

    An unprotected water that is judged by access place counts from its open places alone: nobody
    reaches it along the rest of its shore.
    """
    with past_day(as_of):
        return _hazards_on(as_of)


def _hazards_on(as_of: date) -> list[JudgedHazard]:
    assessments = assessments_on(as_of)
    verdicts = {found.hazard_id: found.verdict for found in assessments}
    gaps = gap_kinds_on(as_of, assessments)
    open_places = open_places_on(as_of)
    rows = WaterHazard.objects.order_by("id").values_list("id", "unit__tree_left", "geometry")
    return [
        JudgedHazard(
            pk,
            verdicts[pk],
            unit_left,
            _reached_from(geometry, open_places.get(pk)),
            gaps.get(pk, ()),
        )
        for pk, unit_left, geometry in rows.iterator(chunk_size=5000)
        if pk in verdicts
    ]


def basins_from(
    area_m2: float, on: date, bounds: tuple[float, float, float, float] | None = None
) -> list[BaseGeometry]:
    """Return outlines of the waters of at least so large an area, by id; nobody lives on them.

    bounds  of a box in degrees that they must touch; None: everywhere
    """
    rows = WaterHazard.objects.filter(area_m2__gte=area_m2, registered_on__lte=on)
    if bounds is not None:
        box = Polygon.from_bbox(bounds)
        box.srid = 4326
        rows = rows.filter(geometry__bboverlaps=box)
    shapes = (
        shape_of(geometry) for geometry in rows.order_by("id").values_list("geometry", flat=True)
    )
    return [shape for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon")]


@dataclass(frozen=True)
class OpenWater:
    """One unprotected water of today. ``hazard`` with its unit; shape is where it is open."""

    hazard: WaterHazard
    verdict: str
    shape: BaseGeometry


def open_waters_in(bounds: tuple[float, float, float, float]) -> list[OpenWater]:
    """Return the unprotected waters of today that touch a box (degrees), by id."""
    box = Polygon.from_bbox(bounds)
    box.srid = 4326
    rows = (
        WaterHazard.objects.filter(geometry__bboverlaps=box, assessment__verdict__in=UNPROTECTED)
        .select_related("unit", "assessment")
        .defer("unit__geometry")
        .order_by("id")
    )
    hazards = list(rows)
    places = open_places_on(timezone.localdate(), [hazard.pk for hazard in hazards])
    return [
        OpenWater(
            hazard, hazard.assessment.verdict, _reached_from(hazard.geometry, places.get(hazard.pk))
        )
        for hazard in hazards
    ]


def _reached_from(geometry: GEOSGeometry, places: list[GEOSGeometry] | None) -> BaseGeometry:
    if not places:
        return shape_of(geometry)
    return GeometryCollection([shape_of(place) for place in places])


def verdicts_by_unit(
    hazards: Sequence[JudgedHazard], units: Sequence[AdminUnit], shapes: Mapping[int, BaseGeometry]
) -> dict[int, Counter[str]]:
    """Count hazards by verdict for each unit (by id), those of units below it included.

    Hazards carry the unit of the current set; in another set they are placed by position.
    """
    if not units or units[0].boundary_set.is_current:
        return {
            unit.pk: Counter(
                hazard.verdict
                for hazard in hazards
                if unit.tree_left <= hazard.unit_left <= unit.tree_right
            )
            for unit in units
        }
    return _by_position(hazards, units, shapes)


def _by_position(
    hazards: Sequence[JudgedHazard], units: Sequence[AdminUnit], shapes: Mapping[int, BaseGeometry]
) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {unit.pk: Counter() for unit in units}
    drawn = [unit for unit in units if unit.pk in shapes]
    tree = STRtree([shapes[unit.pk] for unit in drawn])
    for hazard in hazards:
        holding = tree.query(hazard.shape.representative_point(), predicate="intersects")
        if holding.size == 0:
            continue
        inside = drawn[int(holding.min())]
        for unit in units:
            if unit.tree_left <= inside.tree_left <= unit.tree_right:
                found[unit.pk][hazard.verdict] += 1
    return found
