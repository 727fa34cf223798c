"""Count hazards as far as a page needs it, in a register too large to look through."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from django.db.models import BigIntegerField, ExpressionWrapper, QuerySet, Subquery

from hazards.models import WaterHazard
from hazards.selectors.pages import along_the_order, by_itself

# A filter that the kept counts do not cover is counted out where it has to look through no more
# hazards than this (50 ms or so).
LOOKED_THROUGH = 50_000
COUNTED_ROWS = 2_000  # a page counts no further in a larger register

Rows = QuerySet[WaterHazard, tuple[int, str]]


@dataclass(frozen=True)
class Counted:
    """Hazards by verdict; ``keys`` of all of them, or None where there are more than counted."""

    by_verdict: dict[str, int]
    keys: list[int] | None


def count_some(
    fitting: QuerySet[WaterHazard],
    register_rows: int,
    sooner: QuerySet[WaterHazard] | None = None,
) -> Counted:
    """Count ``fitting``, out of a register of ``register_rows`` hazards, as far as is quick.

    An index of words gathers every hazard that has them before it gives the first (50 to 100 ms
    for a common beginning in a million), so what is common is looked for row by row. ``sooner``:
    some of those that fit, which are found in less time and may be enough.
    """
    rows = _to_count(fitting)
    found = _looked_for(rows, register_rows)
    if len(found) <= COUNTED_ROWS:
        ways = [rows] if sooner is None else [_to_count(sooner), rows]
        with by_itself():
            found = _first_enough(ways)
    keys = [pk for pk, _ in found] if len(found) <= COUNTED_ROWS else None
    return Counted(dict(Counter(str(verdict) for _, verdict in found)), keys)


def _to_count(rows: QuerySet[WaterHazard]) -> Rows:
    return rows.order_by().values_list("pk", "assessment__verdict")


def _first_enough(ways: list[Rows]) -> list[tuple[int, str]]:
    """Return what the first way finds that finds more than has to be counted, or the last way."""
    found: list[tuple[int, str]] = []
    for some in ways:
        found = list(some[: COUNTED_ROWS + 1])
        if len(found) > COUNTED_ROWS:
            break
    return found


def _looked_for(some: Rows, register_rows: int) -> list[tuple[int, str]]:
    """Return those among the first hazards, where so many are expected that these will do.

    The planner takes words for independent of each other, so half as many as needed will do, too.
    """
    if _expected(some) * LOOKED_THROUGH * 2 < COUNTED_ROWS * register_rows:
        return []
    first = WaterHazard.objects.order_by("pk").values("pk")[:1]
    beyond = ExpressionWrapper(Subquery(first) + LOOKED_THROUGH, output_field=BigIntegerField())
    with along_the_order():
        return list(some.filter(pk__lt=beyond)[: COUNTED_ROWS + 1])


def _expected(rows: Rows) -> int:
    """Return how many rows the planner expects. Only to choose between ways of counting."""
    return int(json.loads(rows.explain(format="json"))[0]["Plan"]["Plan Rows"])
