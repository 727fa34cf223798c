"""Redraw units as the union of those below, where the file of the level above is coarser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from geomath.distance import area_m2
from places.load.options import NoSuchSetError, NoSuchUnitsError
from places.load.writing import as_multipolygon
from places.models import AdminUnit, BoundarySet

HOLE_MAX_M2 = 10_000  # gaps between neighbours' outlines, not lakes between communes


@dataclass(frozen=True)
class OutlineFit:
    """What changed of one unit: area of its children, and of what only one of the outlines has."""

    full_name: str
    code: str
    children: int
    area_m2: float
    difference_m2: float


@transaction.atomic
def fit_outlines(
    *, set_name: str, level: str, code: str | None = None, dry_run: bool = False
) -> list[OutlineFit]:
    """Give each unit of ``level`` the union of its children's outlines; returns what changed.

    Units without children that have an outline are left alone, and so are those that fit already.
    """
    boundary_set = BoundarySet.objects.filter(name=set_name).first()
    if boundary_set is None:
        names = ", ".join(BoundarySet.objects.values_list("name", flat=True)) or "-"
        raise NoSuchSetError(set_name=set_name, names=names)
    units = AdminUnit.objects.filter(boundary_set=boundary_set, level=level)
    units = units.filter(code=code) if code else units
    if not units.exists():
        raise NoSuchUnitsError(set_name=set_name, level=level, unit_code=code or "-")
    fits = []
    for unit in units.order_by("tree_left"):
        fit = _fit(unit)
        if fit is None:
            continue
        fits.append(fit)
        if not dry_run:
            unit.updated_at = timezone.now()
            unit.save(update_fields=["geometry", "area_m2", "updated_at"])
    return fits


def _fit(unit: AdminUnit) -> OutlineFit | None:
    """Set the outline of ``unit`` to that of its children; None when it is so, or has none."""
    shapes = _shapes(AdminUnit.objects.filter(parent=unit, geometry__isnull=False))
    if not len(shapes):
        return None
    union = as_multipolygon(without_small_holes(union_of(shapes)))
    old = shapely.from_wkb(bytes(unit.geometry.wkb)) if unit.geometry else None
    if old is not None and shapely.equals_exact(old, union, tolerance=0):
        return None
    difference = union if old is None else shapely.symmetric_difference(old, union)
    outline: Any = GEOSGeometry(memoryview(shapely.to_wkb(union)), srid=4326)
    unit.geometry = outline
    unit.area_m2 = area_m2(union)
    return OutlineFit(unit.full_name, unit.code, len(shapes), unit.area_m2, area_m2(difference))


def _shapes(units: object) -> np.ndarray:
    rows = units.order_by("pk").values_list(AsWKB("geometry"), flat=True)  # type: ignore[attr-defined]
    return np.array(shapely.from_wkb([bytes(wkb) for wkb in rows]), dtype=object)


def union_of(shapes: np.ndarray) -> shapely.Geometry:
    """Return the union; the quick way where neighbours share their borders exactly."""
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapes)


def without_small_holes(shape: shapely.Geometry) -> shapely.Geometry:
    """Fill holes under HOLE_MAX_M2: slivers between neighbours that were drawn apart."""
    parts = []
    for part in shapely.get_parts(shape):
        holes = [ring for ring in part.interiors if _ring_area_m2(ring) >= HOLE_MAX_M2]
        parts.append(shapely.Polygon(part.exterior, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _ring_area_m2(ring: shapely.LinearRing) -> float:
    return area_m2(shapely.Polygon(ring))
