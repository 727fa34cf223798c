"""Which unit a visit belongs to, and whether the surveyor works there."""

from __future__ import annotations

from pathlib import Path

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db.models import Min

from accounts.scoping import AreaScope
from common.errors import NotFoundError
from common.sqlfile import run
from hazards.models import WaterHazard
from places.models import AdminUnit
from surveys.errors import OutsideAreaError, OutsideUnitsError

SQL = Path(__file__).resolve().parent.parent / "sql" / "placing.sql"


def unit_to_file_under(scope: AreaScope, *, hazard: WaterHazard | None, position: Point) -> int:
    """Return the key of the hazard's unit, or for a new one of the finest current at ``position``.

    ``scope`` is where the surveyor may capture.
    Raises NotFoundError for a hazard outside the surveyor's area (the same as for one that does
    not exist), OutsideUnitsError or OutsideAreaError with kilometres for a position.
    """
    if hazard is not None:
        if not scope.covers(hazard.unit.tree_left):
            raise NotFoundError
        return hazard.unit_id
    found = run(SQL, "finest_unit_at", lon=position.x, lat=position.y)
    if not found:
        raise OutsideUnitsError(distance_km=_km_to_area(scope, position))
    (unit,) = found
    if not scope.covers(unit["tree_left"]):
        raise OutsideAreaError(unit=unit["full_name"], distance_km=_km_to_area(scope, position))
    return int(unit["id"])


def _km_to_area(scope: AreaScope, position: Point) -> float:
    """Return kilometres from ``position`` to the nearest unit in scope; 0 when none is drawn."""
    units = AdminUnit.objects.current().filter(scope.q(unit_field=""), geometry__isnull=False)
    nearest = units.annotate(away=Distance("geometry", position)).aggregate(m=Min("away"))["m"]
    return _metres(nearest) / 1000


def _metres(distance: object) -> float:
    return distance.m if isinstance(distance, D) else float(distance or 0.0)  # type: ignore[arg-type]
