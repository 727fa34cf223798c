"""From the database's shapes to those that ``geomath`` counts with."""

import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry.base import BaseGeometry


def shape_of(geometry: GEOSGeometry) -> BaseGeometry:
    """Return a shape in EPSG:4326 degrees; raises ValueError for any other system."""
    if geometry.srid != 4326:
        raise ValueError(f"the shape is in SRID {geometry.srid}, not 4326")
    return shapely.from_wkb(bytes(geometry.wkb))
