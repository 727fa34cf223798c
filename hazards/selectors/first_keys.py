"""The keys of the first rows of a list, without looking through a large register for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, QuerySet

from hazards.models import WaterHazard
from hazards.selectors import counted
from hazards.selectors.order import Order, Section, sections
from hazards.selectors.pages import along_the_order

# A page is looked for so far along its order (some 20 ms). Names and kinds, words and places go
# together: the first canal by name may stand behind 800,000 ponds.
WALKED_ROWS = 20_000


Find = Callable[[Section, QuerySet[WaterHazard], int], list[int]]


def first_keys(
    rows: QuerySet[WaterHazard],
    order: Order,
    size: int,
    after: tuple[Any, int] | None,
    find: Find,
) -> list[int]:
    """Return the keys of the first ``size`` of ``rows`` in ``order``, beyond (value, key)."""
    keys: list[int] = []
    for part in sections(order, after):
        keys += find(part, rows, size - len(keys))
        if len(keys) >= size:
            break
    return keys


def way_to_find(fitting: int, all_rows: int | None, *, at_least: bool) -> Find:
    """Choose by how many rows fit, and of how many; ``at_least``: more than ``fitting`` may fit.

    ``all_rows`` is None for a reader of a part of the register: others' rows lie between.
    """
    if fitting <= counted.COUNTED_ROWS and not at_least:
        return gathered
    if all_rows is not None and all_rows - fitting <= WALKED_ROWS:
        return in_order
    return walked


def in_order(part: Section, rows: QuerySet[WaterHazard], size: int) -> list[int]:
    """Return the first keys of a section as the database thinks best."""
    return list(part.of(rows).values_list("pk", flat=True)[:size])


def walked(part: Section, rows: QuerySet[WaterHazard], size: int) -> list[int]:
    """Return the first keys of a section, looked for along its order as far as is quick."""
    with along_the_order():
        leading = part.leading(WALKED_ROWS)
        found = in_order(part, rows.filter(leading), size)
    return found if len(found) >= size or not leading else gathered(part, rows, size)


def gathered(part: Section, rows: QuerySet[WaterHazard], size: int) -> list[int]:
    """Find all rows of a section and sort them: no index serves the first term."""
    whole = part.of(rows).order_by(F("pk") * 0, *part.terms())
    return list(whole.values_list("pk", flat=True)[:size])
