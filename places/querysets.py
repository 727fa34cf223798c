"""Chainable filters over administrative units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from common.text import plain

if TYPE_CHECKING:
    from places.models import AdminUnit


class AdminUnitQuerySet(QuerySet["AdminUnit"]):
    def current(self) -> Self:
        """Keep the units of the current boundary set."""
        return self.filter(boundary_set__is_current=True)

    def within(self, unit: AdminUnit) -> Self:
        """Keep ``unit`` and every unit below it."""
        return self.filter(tree_left__range=(unit.tree_left, unit.tree_right))

    def above(self, unit: AdminUnit) -> Self:
        """Keep ``unit`` and every unit above it, from the top down."""
        return self.filter(tree_left__lte=unit.tree_left, tree_right__gte=unit.tree_right).order_by(
            "tree_left"
        )

    def named(self, text: str) -> Self:
        """Keep the units whose code is ``text`` or whose name holds its words, marks or not."""
        words = plain(text).split()
        name = Q()
        for word in words:
            name &= Q(name_plain__contains=word)
        return self.filter(name | Q(code=text.strip())) if words else self
