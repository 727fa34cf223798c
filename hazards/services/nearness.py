"""Whether something drawn on the map lies at its water at all."""

from __future__ import annotations

import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely.ops import nearest_points

from geomath.distance import distance_m
from hazards.errors import PlaceFarError
from hazards.models import WaterHazard

AT_WATER_M = 300.0  # steps down to a river, a sign at the road to a pond
MOVED_AT_MOST_M = 2000.0  # a shape farther from the one in use is of another water


def metres_apart(one: GEOSGeometry, other: GEOSGeometry) -> float:
    """Return the metres over the ground between two shapes in EPSG:4326; 0 where they meet.

    The nearest places are found in degrees: near enough for shapes beside each other.
    """
    near, far = nearest_points(shapely.from_wkb(bytes(one.wkb)), shapely.from_wkb(bytes(other.wkb)))
    return distance_m(near.x, near.y, far.x, far.y)


def check_at_water(
    hazard: WaterHazard, shape: GEOSGeometry, *, limit_m: float = AT_WATER_M
) -> None:
    """Refuse what lies far from the water; how surely we know where that is comes on top."""
    limit_m += hazard.position_accuracy_m or 0.0
    apart_m = metres_apart(hazard.geometry, shape)
    if apart_m > limit_m:
        raise PlaceFarError(distance_m=apart_m, code=hazard.code, limit_m=limit_m)
