"""Shapes as GeoJSON text, made by the database."""

from django.contrib.gis.db.models import GeometryField
from django.db.models import Func, QuerySet, TextField, Value

from hazards.models import WaterHazard

SHAPE_DECIMALS = 6  # of a degree: about 0.1 m


class _CounterClockwise(Func):
    function = "ST_ForcePolygonCCW"  # RFC 7946: outer rings turn left
    output_field = GeometryField(srid=4326)


def with_shape(rows: QuerySet[WaterHazard]) -> QuerySet[WaterHazard]:
    """Add ``shape``, the hazard's geometry as GeoJSON text in EPSG:4326."""
    shape = Func(
        _CounterClockwise("geometry"),
        Value(SHAPE_DECIMALS),
        Value(0),  # no bounding box, no CRS member
        function="ST_AsGeoJSON",
        output_field=TextField(),
    )
    return rows.annotate(shape=shape)
