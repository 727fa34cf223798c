"""New rows of a file that are likely a water which the register holds already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from accounts.scoping import AreaScope
from common.sqlfile import run
from common.text import plain
from hazards.duplicates.matching import DIFFERENT, SAME, Geometry, Match, Record, match, sigma_of
from hazards.importing.rows import SourceRow
from hazards.selectors.duplicates import AROUND_M, REACH_M, SQL
from hazards.services.merging import GONE
from hazards.taxonomy import PositionMethod

ROWS_AT_ONCE = 2000
COMPARED_MAX = 50_000  # rows looked at before a file is written; about 20 s


@dataclass(frozen=True)
class Twin:
    """A new row and the hazard that it most likely is; metres between their shapes."""

    row: int
    row_name: str
    code: str
    name: str
    distance_m: float
    match: Match

    @property
    def is_same(self) -> bool:
        return self.match.verdict == SAME

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row, "row_name": self.row_name, "code": self.code, "name": self.name,
            "metres": round(self.distance_m, 1), "is_same": self.is_same,
        }  # fmt: skip


def find_twins(rows: Sequence[SourceRow], source: str, scope: AreaScope | None) -> list[Twin]:
    """Return the likeliest twin of each new row that has one, in the order of the rows.

    Only hazards of ``scope`` are told (None: all). Hazards of the same ``source`` under another id
    are two waters to whoever gave the file, which speaks against.
    """
    best: dict[int, Twin] = {}
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        found = run(
            SQL, "near_shapes", shapes=[shapely.to_wkb(row.shape) for row in part],
            gone=[str(state) for state in GONE], reach_m=REACH_M, around_m=AROUND_M,
            lefts=scope.lefts if scope else [0], rights=scope.rights if scope else [2**62],
        )  # fmt: skip
        for near in found:
            twin = _weighed(part[near["place"] - 1], near, source)
            known = best.get(twin.row)
            if twin.match.verdict != DIFFERENT and (
                known is None or twin.match.score > known.match.score
            ):
                best[twin.row] = twin
    return [best[row.row] for row in rows if row.row in best]


def _weighed(row: SourceRow, near: dict[str, Any], source: str) -> Twin:
    new = Record(
        kind=row.kind,
        name_plain=plain(row.name),
        sigma_m=sigma_of(PositionMethod.IMPORT, None),
        source=source,
    )
    known = Record(
        kind=near["kind"],
        name_plain=near["name_plain"],
        sigma_m=sigma_of(near["method"], near["accuracy_m"]),
        source=near["source"],
    )
    geometry = Geometry(
        distance_m=near["distance_m"],
        overlap=near["overlap"],
        density_per_m2=near["density_per_m2"],
    )
    told = match(new, known, geometry)
    return Twin(row.row, row.name, near["code"], near["name"], near["distance_m"], told)
