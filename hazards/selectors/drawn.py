"""What is drawn at one hazard, as GeoJSON for its map: shapes, access places, safeguards, gaps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry

from hazards.models import AccessPlace, HazardShape, Safeguard, WaterHazard
from hazards.services.fencing import FencedShore, fenced_shores
from hazards.services.shape_forms import form_of
from hazards.taxonomy import ShapeForm

DECIMALS = 1e-6  # of a degree: about 0.1 m


@dataclass(frozen=True)
class ShapeRow:
    form: str
    label: str
    is_used: bool
    row: HazardShape | None


def shape_rows(hazard: WaterHazard) -> list[ShapeRow]:
    """Return the forms a hazard is held in, the one in use first; it may have no row of its own."""
    used = form_of(hazard.geometry)
    rows = {row.form: row for row in HazardShape.objects.filter(hazard=hazard)}
    forms = sorted({used, *rows}, key=lambda form: form != used)
    return [
        ShapeRow(form, str(ShapeForm(form).label), form == used, rows.get(form)) for form in forms
    ]


def places_on(hazard: WaterHazard, on: date) -> list[AccessPlace]:
    """Return the access places known by the day, those that ended by then too."""
    rows = AccessPlace.objects.filter(hazard=hazard, known_from__lte=on)
    return list(rows.select_related("unit").order_by("known_to", "id"))


def drawn_on_map(
    on: date,
    *,
    shapes: list[ShapeRow],
    places: list[AccessPlace],
    safeguards: list[Safeguard],
    shores: list[FencedShore],
) -> dict[str, Any]:
    """Return lists of GeoJSON features by layer, for the map scripts."""
    return {
        "shapes": [
            _feature(one.row.geometry, label=one.label)
            for one in shapes
            if one.row and not one.is_used
        ],
        "places": [
            _feature(place.geometry, label=place.label, id=str(place.public_id))
            for place in places
            if place.known_to is None or place.known_to > on
        ],
        "safeguards": [
            _feature(one.geometry, label=str(one), id=str(one.public_id), kind=one.kind)
            for one in safeguards
            if one.geometry and (one.removed_on is None or one.removed_on > on)
        ],
        "open": [
            {"type": "Feature", "properties": {}, "geometry": _bare(one.shore.open_parts)}
            for one in shores
            if one.fences and one.shore.open_m
        ],
    }


def everything_drawn(hazard: WaterHazard, on: date) -> dict[str, Any]:
    """Return ``drawn_on_map`` with all that stands on the day, and the shape in use."""
    safeguards = list(Safeguard.objects.filter(hazard=hazard).order_by("id"))
    places = places_on(hazard, on)
    found = drawn_on_map(
        on, shapes=shape_rows(hazard), places=places, safeguards=safeguards,
        shores=fenced_shores(hazard, on, places),
    )  # fmt: skip
    return found | {"used": as_geojson(hazard.geometry)}


def as_geojson(shape: GEOSGeometry) -> dict[str, Any]:
    return _bare(shapely.from_wkb(bytes(shape.wkb)))


def _bare(shape: Any) -> dict[str, Any]:
    shape = shapely.set_precision(shape, DECIMALS, mode="pointwise")
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


def _feature(shape: GEOSGeometry, **properties: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": as_geojson(shape)}
