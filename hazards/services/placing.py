"""Place every hazard in the units of a set at once: points in a tree, outlines prepared.

Few are moved by an UPDATE. For many the table is written anew with its indexes, which costs a third
of touching eleven indexes a row; pages wait while that runs, half a minute for a million hazards.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db import connection
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from shapely import STRtree

from common.bulkload import LOCK_WAIT_S, lock_alone
from common.errors import DomainError
from hazards.models import WaterHazard
from hazards.services.counts import recount
from history.noting import note_column
from places.models import AdminUnit

CHUNK_ROWS = 100_000
MANY_HAZARDS = 50_000
SWITCH_VERB = "use_boundary_set"  # changes by it touch nothing of a hazard but its unit
_POSITIONS = """
SELECT id, unit_id, ST_X(location::geometry), ST_Y(location::geometry) FROM hazards_waterhazard
"""
_MOVE = """
UPDATE hazards_waterhazard AS hazard
   SET unit_id = placed.unit_id, updated_at = now()
  FROM pg_temp.placed_hazards AS placed
 WHERE placed.id = hazard.id
"""
_REWRITE = (
    "SET LOCAL maintenance_work_mem = '256MB'",
    "CREATE UNIQUE INDEX ON pg_temp.placed_hazards (id) INCLUDE (unit_id)",
    """
    CREATE FUNCTION pg_temp.placed_in(hazard bigint) RETURNS bigint LANGUAGE sql STABLE AS
    'SELECT unit_id FROM pg_temp.placed_hazards WHERE id = hazard'
    """,
    """
    ALTER TABLE hazards_waterhazard
    ALTER COLUMN unit_id TYPE bigint USING coalesce(pg_temp.placed_in(id), unit_id)
    """,
    "DROP FUNCTION pg_temp.placed_in(bigint)",
    "ANALYZE hazards_waterhazard (unit_id)",
)


class RegisterBusyError(DomainError):
    code = "hazards.register_busy"
    status = 409
    template = _(
        "Nothing was changed: somebody has been reading or writing the register for more than "
        "{seconds} seconds, an export or an import perhaps. Try again when it has ended."
    )


def place_in_units(units: list[int]) -> int:
    """Put every hazard under the lowest of the units that covers its position (a commune before a
    province drawn too wide), the first in the tree of several; returns how many moved. Hazards in
    none of them stay where they are.
    """
    drawn = AdminUnit.objects.filter(pk__in=units).order_by("-depth", "tree_left")
    rows = list(drawn.values_list("pk", AsWKB("geometry")))
    outlines = shapely.from_wkb([bytes(wkb) for _pk, wkb in rows])
    keys = np.array([pk for pk, _wkb in rows], dtype=np.int64)
    moved = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE placed_hazards (id bigint, was bigint, unit_id bigint)"
        )
        hazards, now_in, lons, lats = _positions(cursor)
        placed = _first_unit(outlines, keys, lons, lats)
        is_moved = (placed >= 0) & (placed != now_in)
        _copy(cursor, hazards[is_moved], now_in[is_moved], placed[is_moved])
        moved = int(is_moved.sum())
        cursor.execute("ANALYZE pg_temp.placed_hazards")
        if moved < MANY_HAZARDS:
            cursor.execute(_MOVE)
        else:
            _write_anew(cursor)
        cursor.execute("DROP TABLE pg_temp.placed_hazards")
    return moved


def _write_anew(cursor: Any) -> None:
    """Move the hazards of placed_hazards, and do what the triggers would: history and counts."""
    if not lock_alone([WaterHazard._meta.db_table]):
        raise RegisterBusyError(seconds=LOCK_WAIT_S)
    for statement in _REWRITE:
        cursor.execute(statement)
    note_column(WaterHazard, "unit_id", "pg_temp.placed_hazards")
    recount()


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


def _copy(cursor: Any, *columns: NDArray[np.int64]) -> None:
    with cursor.cursor.copy("COPY pg_temp.placed_hazards FROM STDIN") as copy:
        for start in range(0, len(columns[0]), CHUNK_ROWS):
            part = (column[start : start + CHUNK_ROWS].tolist() for column in columns)
            copy.write(
                "".join(f"{pk}\t{was}\t{unit}\n" for pk, was, unit in zip(*part, strict=True))
            )
