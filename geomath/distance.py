"""Metres over the ground on the WGS84 ellipsoid: local scale, and geodesic measures."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

FloatArray = NDArray[np.float64]

SEMI_MAJOR_M: Final = 6378137.0
FLATTENING: Final = 1 / 298.257223563
ECCENTRICITY_2: Final = FLATTENING * (2 - FLATTENING)
SEMI_MINOR_M: Final = SEMI_MAJOR_M * (1 - FLATTENING)

_GEOD: Final = Geod(ellps="WGS84")
DEGREE_AT_LEAST_M: Final = 100_000.0  # a tenth less than one of latitude, to be on the safe side


def metres_per_degree_lat(lat_deg: ArrayLike) -> FloatArray:
    """Metres of one degree of latitude at ``lat_deg``: the meridian's radius of curvature."""
    sin2 = np.sin(np.radians(np.asarray(lat_deg, dtype=np.float64))) ** 2
    radius_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / (1 - ECCENTRICITY_2 * sin2) ** 1.5
    return np.asarray(np.radians(radius_m), dtype=np.float64)


def metres_per_degree_lon(lat_deg: ArrayLike) -> FloatArray:
    """Metres of one degree of longitude at ``lat_deg``: the radius of the parallel."""
    phi = np.radians(np.asarray(lat_deg, dtype=np.float64))
    radius_m = SEMI_MAJOR_M * np.cos(phi) / np.sqrt(1 - ECCENTRICITY_2 * np.sin(phi) ** 2)
    return np.asarray(np.radians(radius_m), dtype=np.float64)


def band_area_m2_per_degree(south_deg: ArrayLike, north_deg: ArrayLike) -> FloatArray:
    """Area between two parallels for one degree of longitude, in m2, exact on the ellipsoid."""
    zone = _zone_term(np.asarray(north_deg, dtype=np.float64)) - _zone_term(
        np.asarray(south_deg, dtype=np.float64)
    )
    return np.asarray(math.radians(1) * SEMI_MINOR_M**2 / 2 * zone, dtype=np.float64)


def _zone_term(lat_deg: FloatArray) -> FloatArray:
    e = math.sqrt(ECCENTRICITY_2)
    sin = np.sin(np.radians(lat_deg))
    return np.asarray(sin / (1 - ECCENTRICITY_2 * sin**2) + np.arctanh(e * sin) / e)


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Geodesic distance in metres between two positions in degrees.

    >>> round(distance_m(105.8, 21.0, 105.801, 21.0), 1)
    104.0
    """
    return float(_GEOD.inv(lon1, lat1, lon2, lat2)[2])


def length_m(shape: BaseGeometry) -> float:
    """Geodesic length of the lines of ``shape`` in metres; 0 for points and polygons."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return 0.0
    if hasattr(shape, "geoms"):
        return sum(length_m(part) for part in shape.geoms)
    return float(_GEOD.geometry_length(shape))


def perimeter_m(shape: BaseGeometry) -> float:
    """Geodesic length of all rings of ``shape``, outer and inner, in metres."""
    if shape.geom_type not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        return 0.0
    if hasattr(shape, "geoms"):
        return sum(perimeter_m(part) for part in shape.geoms)
    rings = [shape.exterior, *shape.interiors]
    return float(sum(_GEOD.geometry_length(ring) for ring in rings if not ring.is_empty))


def area_m2(shape: BaseGeometry) -> float:
    """Geodesic area of the polygons of ``shape`` in m2, holes taken out, whichever way they turn.

    0 for points and lines.
    """
    if shape.geom_type not in {"Polygon", "MultiPolygon", "GeometryCollection"}:
        return 0.0
    if hasattr(shape, "geoms"):
        return sum(area_m2(part) for part in shape.geoms)
    if shape.is_empty:
        return 0.0
    outer, *holes = (
        abs(_GEOD.polygon_area_perimeter(*ring.coords.xy)[0])
        for ring in [shape.exterior, *shape.interiors]
    )
    return float(outer - sum(holes))


def reach_box(lon: float, lat: float, reach_m: float) -> tuple[float, float, float, float]:
    """Return a box in degrees (west, south, east, north) that holds all within ``reach_m`` metres.

    A tenth too wide, never too narrow below 80 degrees and for some hundred kilometres; the same
    as ``hazards_reach_box`` in the database. A degree of latitude is 110.6 to 111.7 km.
    """
    reach_deg = reach_m / (DEGREE_AT_LEAST_M * math.cos(math.radians(lat)))
    return lon - reach_deg, lat - reach_deg, lon + reach_deg, lat + reach_deg
