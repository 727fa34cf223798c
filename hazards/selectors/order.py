"""The orders a list can stand in, and how to read on from a row without counting off the others.

Each order ends with the hazard's key, so that pages never overlap. A page is read in sections (rows
with a value, rows without one; or one verdict after another): each is one walk along an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import F, OrderBy, Q, QuerySet

from common.verdict_marks import MARKS
from hazards.models import HazardAssessment, WaterHazard
from hazards.selectors.state import HazardState
from hazards.taxonomy import BodyKind

# Work first: not compliant, partly, not surveyed, ... as on the legend.
VERDICT_PLACE = {code: place for place, code in enumerate(MARKS)}
DEFAULT_SORT = "code"
_LAST_PLACE = len(VERDICT_PLACE)
_NEVER = date.min
_VERDICTS = "assessment__"


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


@dataclass(frozen=True)
class Section:
    """Rows that stand together: those that fit ``condition``, by value and key or by key alone.

    ``beyond`` leaves out what stands before the place that a page begins at.
    """

    order: Order
    condition: Q
    is_by_value: bool
    beyond: Q = field(default_factory=Q)

    def of(self, rows: QuerySet[WaterHazard]) -> QuerySet[WaterHazard]:
        """Keep those of this section, as the index of the order runs, forward or backward."""
        return rows.filter(self.condition, self.beyond).order_by(*self.terms())

    def terms(self) -> list[OrderBy]:
        order = self.order
        by_key = F("pk").desc() if order.key_descending else F("pk").asc()
        if not self.is_by_value:
            return [by_key]
        path = F(order.path)
        if order.nulls_first is None:
            return [path.desc() if order.descending else path.asc(), by_key]
        # The indexes are descending with the empty ones last; this part holds no empty one.
        by_value = path.desc(nulls_last=True) if order.descending else path.asc(nulls_first=True)
        return [by_value, by_key]

    def leading(self, how_many: int) -> Q:
        """Keep as much of the order as the first ``how_many`` of all hazards reach, ties with the
        last of them too; ``Q()`` where the order is no longer than that.
        """
        path = self.order.path if self.is_by_value else "pk"
        edge = next(iter(self._values(path)[how_many : how_many + 1]), None)
        if edge is None:
            return Q()
        return Q(**{f"{path}__{'gte' if self.terms()[0].descending else 'lte'}": edge})

    def _values(self, path: str) -> QuerySet[Any, Any]:
        """Return the values of all hazards in this section's order; those of verdicts are read
        along their own index, which looking up each one's hazard would cost ten times over.
        """
        if self.is_by_value and path.startswith(_VERDICTS):
            bare = replace(
                self,
                order=replace(self.order, path=path.removeprefix(_VERDICTS)),
                condition=_without_prefix(self.condition),
                beyond=_without_prefix(self.beyond),
            )
            rows: QuerySet[Any] = HazardAssessment.objects.all()
            path = bare.order.path
        else:
            bare, rows = self, WaterHazard.objects.all()
        known = rows.filter(bare.condition) if self.is_by_value else rows
        return known.filter(bare.beyond).order_by(bare.terms()[0]).values_list(path, flat=True)


def _without_prefix(condition: Q) -> Q:
    """Return a condition on verdicts of hazards as one on the verdicts themselves."""
    return Q(*((name.removeprefix(_VERDICTS), value) for name, value in condition.children))  # type: ignore[misc]


def sections(order: Order, after: tuple[Any, int] | None = None) -> list[Section]:
    """Return the sections one after another.

    ``after`` (value, key) of a row leaves out that row and all before it.
    """
    parts = [Section(order, condition, is_by_value) for condition, is_by_value in _parts(order)]
    if after is None:
        return parts
    value, key = after
    begun = next(n for n, part in enumerate(parts) if _holds(part, value))
    first, rest = parts[begun], parts[begun + 1 :]
    later = _beyond("pk", key, order.key_descending)
    if not first.is_by_value:
        return [replace(first, beyond=later), *rest]
    same = Section(order, first.condition & Q(**{order.path: value}), False, beyond=later)
    further = replace(first, beyond=_beyond(order.path, value, order.descending))
    return [same, further, *rest]


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


def _holds(part: Section, value: Any) -> bool:
    if part.order.values:
        name, wanted = part.condition.children[0]  # type: ignore[misc]
        return value is None if name.endswith("__isnull") else bool(wanted == value)
    return part.is_by_value == (value is not None)


def _beyond(name: str, value: Any, descending: bool) -> Q:
    return Q(**{f"{name}__{'lt' if descending else 'gt'}": value})


def sort_by_state(found: list[tuple[int, HazardState]], sort: str) -> list[tuple[int, HazardState]]:
    """Order (id, state) again where the sort is about the state; the rest keeps its order."""
    keys: dict[str, Any] = {
        "days": lambda item: item[1].last_observed_on or _NEVER,
        "verdict": lambda item: VERDICT_PLACE.get(item[1].verdict, _LAST_PLACE),
    }
    name = sort.removeprefix("-")
    return sorted(found, key=keys[name], reverse=sort.startswith("-")) if name in keys else found
