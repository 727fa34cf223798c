"""Vector tiles of the hazards a user may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from accounts.scoping import AreaScope
from common.errors import DomainError
from common.sqlfile import run
from places.models import AdminUnit

TILES_SQL = Path(__file__).resolve().parent.parent / "sql" / "tiles.sql"
# From this zoom on each hazard is a mark of its own; below it tiles hold counts. At zoom 12 a tile
# is about 10 km wide, so a mark every 250 m still leaves a picture that can be read.
MARKS_FROM_ZOOM = 12
MAX_ZOOM = 20


class TileOutOfRangeError(DomainError):
    code = "maps.tile_out_of_range"
    status = 400
    template = _("Tile {z}/{x}/{y} does not exist; zooms 0 to {max_zoom} do.")


@dataclass(frozen=True)
class TileFilter:
    """What of the register is drawn; None means all.

    given   verdicts of another day by hazard id, with ``day`` that day
    """

    unit: AdminUnit | None = None
    kinds: tuple[str, ...] | None = None
    verdicts: tuple[str, ...] | None = None
    day: date | None = None
    given: tuple[tuple[int, str], ...] = ()


def hazard_tile(z: int, x: int, y: int, *, scope: AreaScope, chosen: TileFilter) -> bytes:
    """Return one tile as MVT bytes, empty where there is nothing to draw.

    Layers: from MARKS_FROM_ZOOM on ``hazards`` (points) and ``shapes`` (lines and areas), below it
    ``counts`` (cells with counts by verdict).
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise TileOutOfRangeError(z=z, x=x, y=y, max_zoom=MAX_ZOOM)
    if scope.is_empty:
        return b""
    unit = chosen.unit
    rows = run(
        TILES_SQL,
        "hazard_marks" if z >= MARKS_FROM_ZOOM else "hazard_counts",
        z=z,
        x=x,
        y=y,
        firsts=scope.lefts,
        lasts=scope.rights,
        unit_first=unit.tree_left if unit else 0,
        unit_last=unit.tree_right if unit else 2**62,
        kinds=list(chosen.kinds) if chosen.kinds else None,
        verdicts=list(chosen.verdicts) if chosen.verdicts else None,
        day=chosen.day,
        given_ids=[hazard_id for hazard_id, _verdict in chosen.given],
        given_verdicts=[verdict for _hazard_id, verdict in chosen.given],
    )
    return bytes(rows[0]["tile"])
