"""Outline, line or point: which form a shape has, and that a worse one never hides a better."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from hazards.models import HazardShape, WaterHazard
from hazards.services.nearness import MOVED_AT_MOST_M, check_at_water
from hazards.services.shapes import read_shape
from hazards.taxonomy import PositionMethod, ShapeForm

BEST_FIRST: tuple[str, ...] = (ShapeForm.OUTLINE, ShapeForm.LINE, ShapeForm.POINT)


def form_of(shape: GEOSGeometry) -> str:
    """Return the form of a shape: outline for areas, line, or point."""
    if "Polygon" in shape.geom_type:
        return str(ShapeForm.OUTLINE)
    return str(ShapeForm.LINE if "Line" in shape.geom_type else ShapeForm.POINT)


def is_worse(form: str, used: str) -> bool:
    """Say whether a form tells less of a water than the one in use.

    >>> is_worse("point", "outline")
    True
    """
    return BEST_FIRST.index(form) > BEST_FIRST.index(used)


def put_form(hazard: WaterHazard, shape: GEOSGeometry, **facts: Any) -> HazardShape:
    """Keep a checked shape as the row of its form; one row a form. Facts are columns of the row."""
    row, _is_new = HazardShape.objects.get_or_create(
        hazard=hazard,
        form=form_of(shape),
        defaults={"geometry": shape, "position_method": PositionMethod.MAP},
    )
    for name, value in {"geometry": shape, **facts}.items():
        setattr(row, name, value)
    row.save()
    return row


def set_worse_aside(hazard: WaterHazard, values: dict[str, Any]) -> dict[str, Any]:
    """Take a shape out of new values when a better one is in use, and keep it beside that one."""
    geometry = values.get("geometry")
    if geometry is None or geometry.empty or not _is_known_kind(geometry):
        return values  # refused later, with its reason
    if not is_worse(form_of(geometry), form_of(hazard.geometry)):
        return values
    shape = read_shape(geometry).geometry
    check_at_water(hazard, shape, limit_m=MOVED_AT_MOST_M)
    put_form(
        hazard,
        shape,
        position_method=values.get("position_method", PositionMethod.IMPORT),
        accuracy_m=values.get("position_accuracy_m"),
        source=hazard.source,
    )
    kept = ("geometry", "position_method", "position_accuracy_m", "unit")
    return {name: value for name, value in values.items() if name not in kept}


def _is_known_kind(geometry: GEOSGeometry) -> bool:
    return any(kind in geometry.geom_type for kind in ("Polygon", "Line", "Point"))
