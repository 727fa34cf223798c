"""What the page shows before an import is written: where rows fall, what would move or change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geomath.distance import distance_m
from hazards.importing.placing import positions_of
from hazards.importing.rows import SourceRow
from hazards.importing.twins import COMPARED_MAX, Twin
from hazards.importing.writing import Comparison
from hazards.models import WaterHazard

POINTS_MAX = 2000  # on the map of a page; more are counted, not drawn
MOVES_MAX = 200
TWINS_SHOWN = 200


@dataclass
class Preview:
    """Positions are [longitude, latitude] in EPSG:4326; a move has its metres."""

    new: list[list[float]] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)
    twins: list[dict[str, Any]] = field(default_factory=list)
    twins_same: int = 0
    twins_perhaps: int = 0
    compared: int = 0  # new rows that were compared with the register

    def take(self, found: Comparison) -> None:
        """Take down one part of a file."""
        left = POINTS_MAX - len(self.new)
        if left > 0:
            self.new += [_position(row) for row, _unit in found.new[:left]]
        for _row, _unit, _pk, names in found.changed:
            self.fields.update(names)
        moved = [(row, pk) for row, _unit, pk, names in found.changed if "geometry" in names]
        self._moves(moved[: MOVES_MAX - len(self.moves)])

    def to_compare(self, found: Comparison) -> list[SourceRow]:
        """Return the new rows of a part that are still to be compared with the register."""
        return [row for row, _unit in found.new[: COMPARED_MAX - self.compared]]

    def take_twins(self, compared: int, twins: list[Twin]) -> None:
        """Take down new rows that may be in the register already; the likeliest are named."""
        self.compared += compared
        self.twins_same += sum(twin.is_same for twin in twins)
        self.twins_perhaps += sum(not twin.is_same for twin in twins)
        named = [*self.twins, *(twin.as_json() for twin in twins)]
        self.twins = sorted(named, key=lambda twin: not twin["is_same"])[:TWINS_SHOWN]

    def _moves(self, moved: list[tuple[SourceRow, int]]) -> None:
        hazards = WaterHazard.objects.only("code", "name", "location").in_bulk(
            [pk for _row, pk in moved]
        )
        for row, pk in moved:
            hazard, to = hazards[pk], _position(row)
            at = [hazard.location.x, hazard.location.y]
            self.moves.append({
                "code": hazard.code, "name": hazard.name, "from": at, "to": to,
                "metres": round(distance_m(at[0], at[1], to[0], to[1]), 1),
            })  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {
            "new": self.new, "moves": self.moves, "fields": dict(self.fields), "twins": self.twins,
            "twins_same": self.twins_same, "twins_perhaps": self.twins_perhaps,
            "compared": self.compared,
        }  # fmt: skip


def _position(row: SourceRow) -> list[float]:
    [point] = positions_of(np.array([row.shape], dtype=object))
    return [round(point.x, 6), round(point.y, 6)]
