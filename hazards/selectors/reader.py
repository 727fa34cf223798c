"""Who reads the register: the area he sees, and where he may read the names of households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.roles import Action
from accounts.scoping import AreaScope, scopes_for

_EVERYWHERE = AreaScope(((0, 2**62),))


@dataclass(frozen=True)
class Reader:
    """``area`` bounds the rows; ``names`` bounds the rows whose household is named."""

    area: AreaScope
    names: AreaScope

    def may_name_households_in(self, tree_left: int) -> bool:
        return self.names.covers(tree_left)


def reader_for(user: Any, action: Action = Action.VIEW) -> Reader:
    """Return what ``user`` may read for ``action``, in one query.

    Households are named only to those who write to or review the register there.
    """
    scopes = scopes_for(user)
    named = scopes[Action.EDIT].ranges + scopes[Action.REVIEW].ranges
    return Reader(area=scopes[action], names=AreaScope(named))


def office_reader(*, name_households: bool = False) -> Reader:
    """Return the reader of a command at the server: every area, households unnamed unless asked."""
    return Reader(area=_EVERYWHERE, names=_EVERYWHERE if name_households else AreaScope())
