"""How many of the list's hazards have each verdict, as buttons that filter."""

from __future__ import annotations

from dataclasses import dataclass

from common.verdict_marks import MARKS
from hazards.selectors.listing import HazardRows


@dataclass(frozen=True)
class Chip:
    """``verdicts`` is what the address asks for after a press; an empty list: no filter."""

    code: str
    count: int
    is_on: bool
    verdicts: list[str]


def verdict_chips(rows: HazardRows) -> list[Chip]:
    """Return a chip for every verdict, also those with no hazard, the ones that need work first."""
    chosen, counts = rows.filter.verdicts, rows.verdict_counts()
    return [
        Chip(code, counts.get(code, 0), code in chosen, _after_press(code, chosen))
        for code in MARKS
    ]


def _after_press(code: str, chosen: tuple[str, ...]) -> list[str]:
    if code in chosen:
        return [verdict for verdict in chosen if verdict != code]
    return [verdict for verdict in MARKS if verdict in chosen or verdict == code]
