"""How many children live near each hazard: worked out by maps, kept beside the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.db import transaction

from common.sqlfile import execute
from hazards.errors import ChildrenFigureError
from hazards.services.assessment import UPKEEP_SQL


@transaction.atomic
def store_children_near(*, figures: Mapping[int, float | None], within_m: int) -> int:
    """Keep {hazard id: children within ``within_m`` metres}; returns the hazards written.

    None empties a figure that can no longer be given. A hazard without a stored verdict has no
    place for it and is left out: assess first.
    """
    for figure in figures.values():
        if figure is not None and not (math.isfinite(figure) and figure >= 0):
            raise ChildrenFigureError(children=figure)
    return execute(
        UPKEEP_SQL,
        "store_children_near",
        ids=list(figures),
        children=list(figures.values()),
        within_m=within_m,
    )
