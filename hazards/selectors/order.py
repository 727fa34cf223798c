"""The orders a list can stand in, and how to read on from a row without counting off the others.

Each order ends with the hazard's key, so that pages never overlap. A page is read in sections (rows
with a value, rows without one; or one verdict after another): each is one walk along an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from common.verdict_marks import MARKS
from hazards.models import WaterHazard
from hazards.selectors.state import HazardState
from hazards.taxonomy import BodyKind

# Work first: not compliant, partly, not surveyed, ... as on the legend.
VERDICT_PLACE = {code: place for place, code in enumerate(MARKS)}
DEFAULT_SORT = "code"
_LAST_PLACE = len(VERDICT_PLACE)
_NEVER = date.min


@dataclass(frozen=True)
class Order:
    """One order: by the values at ``path``, then by key.

    ``values``: the sections one by one, where the order is not that of the alphabet; None in it
    stands for rows without a value. ``nulls_first`` says where rows without a value stand; None:
    every row has one.
    """

    path: str
    descending: bool = False
    nulls_first: bool | None = None
    values: tuple[str | None, ...] = ()
    key_descending: bool = False

    def reversed(self) -> Order:
        return replace(
            self,
            descending=not self.descending,
            nulls_first=None if self.nulls_first is None else not self.nulls_first,
            values=self.values[::-1],
            key_descending=not self.key_descending,
        )


def _both(name: str, order: Order) -> dict[str, Order]:
    return {name: order, f"-{name}": order.reversed()}


ORDERS: dict[str, Order] = {
    **_both("code", Order("code")),
    **_both("name", Order("name")),
    **_both("kind", Order("kind")),
    **_both("unit", Order("unit__tree_left")),
    **_both("body", Order("responsible_body__kind", values=(*sorted(BodyKind.values), None))),
    **_both("verdict", Order("assessment__verdict", values=tuple(MARKS))),
    # Rows without a figure stand last, whichever way the rest is turned.
    "children": Order("assessment__children_near", descending=True, nulls_first=False),
    "-children": Order("assessment__children_near", nulls_first=False, key_descending=True),
    # Longest ago first; never looked at is longest of all.
    "days": Order("assessment__last_observed_on", nulls_first=True, key_descending=True),
    "-days": Order("assessment__last_observed_on", descending=True, nulls_first=False),
}
SORTS = tuple(ORDERS)


def sections(
    rows: QuerySet[WaterHazard], order: Order, after: tuple[Any, int] | None = None
) -> Iterator[QuerySet[WaterHazard]]:
    """Yield the parts of ``rows`` one after another in ``order``.

    ``after`` (value, key) of a row leaves out that row and all before it.
    """
    parts = list(_parts(order))
    if after is None:
        for condition, is_sorted in parts:
            yield _in_order(rows.filter(condition), order, is_sorted=is_sorted)
        return
    value, key = after
    begun = next(n for n, part in enumerate(parts) if _holds(part, order, value))
    condition, is_sorted = parts[begun]
    same = rows.filter(condition).filter(_beyond("pk", key, order.key_descending))
    if is_sorted:
        yield _in_order(same.filter(**{order.path: value}), order, is_sorted=False)
        further = rows.filter(condition).filter(_beyond(order.path, value, order.descending))
        yield _in_order(further, order, is_sorted=True)
    else:
        yield _in_order(same, order, is_sorted=False)
    for condition, is_sorted in parts[begun + 1 :]:
        yield _in_order(rows.filter(condition), order, is_sorted=is_sorted)


def _parts(order: Order) -> Iterator[tuple[Q, bool]]:
    """Yield (condition, whether the part is ordered by value) in the order's own order."""
    if order.values:
        for value in order.values:
            yield (Q(**{f"{order.path}__isnull": True}) if value is None
                   else Q(**{order.path: value})), False  # fmt: skip
        return
    if order.nulls_first is None:
        yield Q(), True
        return
    without, having = (Q(**{f"{order.path}__isnull": is_null}) for is_null in (True, False))
    pair = [(without, False), (having, True)]
    yield from pair if order.nulls_first else reversed(pair)


def _holds(part: tuple[Q, bool], order: Order, value: Any) -> bool:
    condition, is_sorted = part
    if order.values:
        name, wanted = condition.children[0]  # type: ignore[misc]
        return value is None if name.endswith("__isnull") else bool(wanted == value)
    return is_sorted == (value is not None)


def _beyond(name: str, value: Any, descending: bool) -> Q:
    return Q(**{f"{name}__{'lt' if descending else 'gt'}": value})


def _in_order(
    rows: QuerySet[WaterHazard], order: Order, *, is_sorted: bool
) -> QuerySet[WaterHazard]:
    """Sort as the index of the order runs, forward or backward."""
    by_key = F("pk").desc() if order.key_descending else F("pk").asc()
    if not is_sorted:
        return rows.order_by(by_key)
    path = F(order.path)
    if order.nulls_first is None:
        return rows.order_by(path.desc() if order.descending else path.asc(), by_key)
    # The indexes are descending with the empty ones last; this part holds no empty one.
    by_value = path.desc(nulls_last=True) if order.descending else path.asc(nulls_first=True)
    return rows.order_by(by_value, by_key)


def sort_by_state(found: list[tuple[int, HazardState]], sort: str) -> list[tuple[int, HazardState]]:
    """Order (id, state) again where the sort is about the state; the rest keeps its order."""
    keys: dict[str, Any] = {
        "days": lambda item: item[1].last_observed_on or _NEVER,
        "verdict": lambda item: VERDICT_PLACE.get(item[1].verdict, _LAST_PLACE),
    }
    name = sort.removeprefix("-")
    return sorted(found, key=keys[name], reverse=sort.startswith("-")) if name in keys else found
