"""Waters of an extract of OpenStreetMap: areas, lines and points that carry a water tag."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from django.utils.translation import gettext as _

from candidates.loading.found import Found
from common.sourcetable import SourceTable, text_of
from common.text import tidy
from common.vectors import LayerMissingError, read_source
from geomath.distance import area_m2
from hazards.importing.kinds import OSM_KEYS, osm_kind, parse_other_tags
from hazards.services.shapes import SHAPE_KINDS
from hazards.taxonomy import HazardKind

# Layers as GDAL divides an .osm.pbf; other files have one layer.
_LAYERS = {"multipolygons": "area", "lines": "way", "points": "node"}
_KEYS = (*OSM_KEYS, "name", "intermittent")
_NAME_MAX = 250
_MAYBE = 0.5  # share of the time with water where the map says "intermittent"


def read_osm(path: Path, skipped: Counter[str]) -> Iterator[Found]:
    """Yield the waters of an .osm.pbf, or of a file made from one with its tags as columns.

    ``skipped`` counts what is left out, by reason: rivers and other tags that name no water of the
    register, shapes that cannot be used. Raises SourceFileError when the file cannot be read.
    """
    if path.name.endswith((".osm.pbf", ".pbf", ".osm")):
        for layer, prefix in _LAYERS.items():
            try:
                table = read_source(path, layer=layer)
            except LayerMissingError:
                continue
            yield from _waters(table, prefix, skipped)
    else:
        yield from _waters(read_source(path), "", skipped)


def _waters(table: SourceTable, prefix: str, skipped: Counter[str]) -> Iterator[Found]:
    columns = {key: table.find([key]) for key in _KEYS}
    others, ids = table.find(["other_tags"]), _ids(table, prefix)
    shapes = table.shapes if table.shapes is not None else np.full(len(table), None, dtype=object)
    for i, shape in enumerate(shapes):
        tags = parse_other_tags(text_of(table.columns[others][i])) if others else {}
        tags |= {key: text for key, column in columns.items()
                 if column and (text := text_of(table.columns[column][i]))}  # fmt: skip
        if not any(tags.get(key) for key in OSM_KEYS):
            continue
        found = _water(ids[i], tags, shape, skipped)
        if found:
            yield found


def _water(
    source_id: str, tags: dict[str, str], shape: shapely.Geometry | None, skipped: Counter[str]
) -> Found | None:
    if shape is None or shape.is_empty:
        skipped[_("no shape")] += 1
        return None
    if shape.geom_type not in SHAPE_KINDS:
        skipped[_("other than a point, line or outline")] += 1
        return None
    shape = shapely.force_2d(shape)
    if not _is_on_earth(shape):
        skipped[_("positions that are not on the earth")] += 1
        return None
    is_area = "Polygon" in shape.geom_type
    if is_area and not shape.is_valid:
        shape = shapely.make_valid(shape)
        if "Polygon" not in shape.geom_type:
            skipped[_("broken outline")] += 1
            return None
    size_m2 = area_m2(shape) if is_area else None
    kind = osm_kind(tags, area_m2=size_m2)
    if not isinstance(kind, HazardKind):
        is_water = kind.startswith(("water=", "waterway="))
        skipped[kind if is_water else _("other things than water")] += 1
        return None
    permanence = _MAYBE if tags.get("intermittent") == "yes" else None
    return Found(
        source_id, kind, tidy(tags.get("name", ""))[:_NAME_MAX], shape, size_m2, permanence
    )


def _is_on_earth(shape: shapely.Geometry) -> bool:
    degrees = np.abs(shapely.get_coordinates(shape))
    return bool((degrees <= (180, 90)).all())  # false for NaN too


def _of_shape(table: SourceTable, i: int) -> str:
    """Return an id that goes with the shape; a row's number would pass to another water."""
    shape = table.shapes[i] if table.shapes is not None else None
    wkb = b"" if shape is None else shapely.to_wkb(shape, byte_order=1)
    return f"shape/{hashlib.sha256(wkb).hexdigest()[:24]}"


def _ids(table: SourceTable, prefix: str) -> list[str]:
    """Return ids that stay the same from extract to extract: node/1, way/1, relation/1."""
    relation, way = table.find(["osm_id", "@id"]), table.find(["osm_way_id"])
    names = {"area": "relation", "": "osm"}
    ids = []
    for i in range(len(table)):
        number = text_of(table.columns[relation][i]) if relation else ""
        if not number and way:
            ids.append(f"way/{text_of(table.columns[way][i])}")
        else:
            ids.append(f"{names.get(prefix, prefix)}/{number}" if number else _of_shape(table, i))
    return ids
