"""Outlines of units as a quiet ground under a list's map."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import Func, TextField, Value

from places.models import AdminUnit

TOLERANCE_DEG = 0.0005  # about 50 m: finer than a pixel of a map beside a list
OUTLINES_MAX = 200  # a province has about 100 communes; with more the map would be all lines
_DECIMALS = 5


def unit_outlines(unit: AdminUnit | None) -> list[dict[str, Any]]:
    """Return {name, geometry} of ``unit`` and the units right below it, simplified."""
    if unit is None:
        return []
    near = AdminUnit.objects.within(unit).filter(
        depth__lte=unit.depth + 1, geometry__isnull=False, boundary_set=unit.boundary_set_id
    )
    simple = Func(
        "geometry",
        Value(TOLERANCE_DEG),
        function="ST_SimplifyPreserveTopology",
        output_field=GeometryField(srid=4326),
    )
    text = Func(simple, Value(_DECIMALS), function="ST_AsGeoJSON", output_field=TextField())
    rows = near.annotate(outline=text).values_list("full_name", "depth", "outline")
    return [
        {"name": name, "is_whole": depth == unit.depth, "geometry": json.loads(outline)}
        for name, depth, outline in rows.order_by("depth", "tree_left")[:OUTLINES_MAX]
    ]
