"""Place every hazard in the units of a set at once: points in a tree, outlines prepared."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db import connection
from numpy.typing import NDArray
from shapely import STRtree

from places.models import AdminUnit

CHUNK_ROWS = 100_000
_POSITIONS = """
SELECT id, unit_id, ST_X(location::geometry), ST_Y(location::geometry) FROM hazards_waterhazard
"""
_MOVE = """
UPDATE hazards_waterhazard AS hazard
   SET unit_id = placed.unit_id, updated_at = now()
  FROM pg_temp.placed_hazards AS placed
 WHERE placed.id = hazard.id
"""


def place_in_units(units: list[int]) -> int:
    """Put every hazard under the first of the units (in the order of the tree) that covers its
    position; returns how many moved. Hazards in none of them stay where they are.
    """
    drawn = AdminUnit.objects.filter(pk__in=units).order_by("tree_left")
    rows = list(drawn.values_list("pk", AsWKB("geometry")))
    outlines = shapely.from_wkb([bytes(wkb) for _pk, wkb in rows])
    keys = np.array([pk for pk, _wkb in rows], dtype=np.int64)
    moved = 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE placed_hazards (id bigint, unit_id bigint)")
        hazards, now_in, lons, lats = _positions(cursor)
        placed = _first_unit(outlines, keys, lons, lats)
        is_moved = (placed >= 0) & (placed != now_in)
        _copy(cursor, hazards[is_moved], placed[is_moved])
        cursor.execute("ANALYZE pg_temp.placed_hazards")
        cursor.execute(_MOVE)
        moved = int(cursor.rowcount)
        cursor.execute("DROP TABLE pg_temp.placed_hazards")
    return moved


def _positions(cursor: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return key, unit, longitude and latitude of all hazards."""
    cursor.execute(_POSITIONS)
    parts: list[NDArray[Any]] = []
    while rows := cursor.fetchmany(CHUNK_ROWS):
        parts.append(np.array(rows, dtype=np.float64))  # keys are far below 2**53
    table = np.concatenate(parts) if parts else np.empty((0, 4))
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3]


def _first_unit(
    outlines: NDArray[Any], keys: NDArray[np.int64], lons: NDArray[Any], lats: NDArray[Any]
) -> NDArray[np.int64]:
    """Return for each position the key of the first outline that covers it, -1 for none."""
    first = np.full(len(lons), len(keys), dtype=np.int64)
    if len(lons):
        shapely.prepare(outlines)
        unit, point = STRtree(shapely.points(lons, lats)).query(outlines, predicate="covers")
        np.minimum.at(first, point, unit)
    return np.where(first < len(keys), keys[np.minimum(first, len(keys) - 1)], -1)


def _copy(cursor: Any, hazards: NDArray[np.int64], units: NDArray[np.int64]) -> None:
    with cursor.cursor.copy("COPY pg_temp.placed_hazards FROM STDIN") as copy:
        for start in range(0, len(hazards), CHUNK_ROWS):
            pairs = zip(
                hazards[start : start + CHUNK_ROWS].tolist(),
                units[start : start + CHUNK_ROWS].tolist(),
                strict=True,
            )
            copy.write("".join(f"{hazard}\t{unit}\n" for hazard, unit in pairs))
