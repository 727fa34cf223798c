"""From a user to the part of the country he may see: the one gate of every list, tile and file.

An :class:`AreaScope` is a set of ranges of ``AdminUnit.tree_left``. Tables that hang on a unit use
:class:`ScopedQuerySet`; SQL statements take ``scope.lefts`` and ``scope.rights`` as arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from accounts.models import User
from accounts.roles import MAY, Action
from common.errors import ForbiddenError

M = TypeVar("M", bound=Model, covariant=True)

_EVERYTHING = ((0, 2**62),)


@dataclass(frozen=True)
class AreaScope:
    """Ranges (first, last) of unit numbers, both ends in; none at all means nothing is visible."""

    ranges: tuple[tuple[int, int], ...] = ()

    def q(self, unit_field: str = "unit") -> Q:
        """Return the condition that ``unit_field`` lies in the scope; false when it is empty."""
        condition = Q(pk__in=[])
        name = f"{unit_field}__tree_left__range" if unit_field else "tree_left__range"
        for first_last in self.ranges:
            condition |= Q(**{name: first_last})
        return condition

    def covers(self, tree_left: int) -> bool:
        return any(first <= tree_left <= last for first, last in self.ranges)

    @property
    def is_empty(self) -> bool:
        return not self.ranges

    @property
    def lefts(self) -> list[int]:
        return [first for first, _ in self.ranges]

    @property
    def rights(self) -> list[int]:
        return [last for _, last in self.ranges]


def scopes_for(user: User | AnonymousUser) -> dict[Action, AreaScope]:
    """Return for each action where ``user`` may do it, in one query."""
    if not isinstance(user, User) or not user.is_active:
        return {action: AreaScope() for action in Action}
    if user.is_superuser:
        return {action: AreaScope(_EVERYTHING) for action in Action}
    held = user.held()
    return {
        action: AreaScope(tuple((left, right) for role, left, right in held if role in MAY[action]))
        for action in Action
    }


def scope_for(user: User | AnonymousUser, action: Action = Action.VIEW) -> AreaScope:
    """Return where ``user`` may do ``action``."""
    return scopes_for(user)[action]


def require(user: User | AnonymousUser, action: Action) -> AreaScope:
    """Return where ``user`` may do ``action``; raises ForbiddenError when nowhere."""
    scope = scope_for(user, action)
    if scope.is_empty:
        raise ForbiddenError
    return scope


class ScopedQuerySet(QuerySet[M]):
    """Rows that hang on a unit. ``unit_field`` is the path to it."""

    unit_field = "unit"

    def in_scope(self, scope: AreaScope) -> Self:
        return self.filter(scope.q(self.unit_field))

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        """Keep the rows where ``user`` may do ``action``."""
        return self.in_scope(scope_for(user, action))

    def within_unit(self, unit: Any) -> Self:
        """Keep the rows of ``unit`` and all units below it."""
        return self.filter(
            **{f"{self.unit_field}__tree_left__range": (unit.tree_left, unit.tree_right)}
        )
