"""How many children live near each hazard: worked out by maps, kept beside the verdict."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from common.sqlfile import execute
from hazards.errors import ChildrenFigureError
from hazards.services.assessment import UPKEEP_SQL


@dataclass(frozen=True)
class ChildrenFigures:
    """Children under 16 near one hazard, not rounded.

    near         within the distance, whatever other water is near
    only_here    of those, near no other unprotected water: what protecting it alone would gain
    equal_share  each child shared out evenly among the unprotected waters near it
    mean_others  how many other unprotected waters such a child has near, on average
    nearest      children near whose nearest unprotected water this is
    The last four are None for a protected hazard.
    """

    near: float
    only_here: float | None = None
    equal_share: float | None = None
    mean_others: float | None = None
    nearest: float | None = None

    def checked(self) -> Iterable[float]:
        told = (self.near, self.only_here, self.equal_share, self.mean_others, self.nearest)
        return (figure for figure in told if figure is not None)


@transaction.atomic
def store_children_near(*, figures: Mapping[int, ChildrenFigures | None], within_m: int) -> int:
    """Keep {hazard id: children within ``within_m`` metres}; returns the hazards written.

    None empties a figure that can no longer be given. A hazard without a stored verdict has no
    place for it and is left out: assess first.
    """
    for told in figures.values():
        for figure in told.checked() if told else ():
            if not (math.isfinite(figure) and figure >= 0):
                raise ChildrenFigureError(children=figure)
    kept = list(figures.values())
    return execute(
        UPKEEP_SQL,
        "store_children_near",
        ids=list(figures),
        children=[told.near if told else None for told in kept],
        only_here=[told.only_here if told else None for told in kept],
        equal_share=[told.equal_share if told else None for told in kept],
        mean_others=[told.mean_others if told else None for told in kept],
        nearest=[told.nearest if told else None for told in kept],
        within_m=within_m,
    )
