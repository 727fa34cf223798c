"""Units that lines and outlines of hazards reach into beside the one they are registered in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from common.sqlfile import execute

SQL = Path(__file__).resolve().parent.parent / "sql" / "touching.sql"
LEAST_SHARE = 0.001  # less is a border drawn twice, not a water in two communes


@transaction.atomic
def find_units_touched(hazard_ids: Iterable[int] | None = None) -> int:
    """Work out anew which current units the shapes reach into, of some hazards or of all.

    Returns how many (hazard, unit) pairs there are; a hazard within one unit has none.
    """
    ids = None if hazard_ids is None else list(hazard_ids)
    if ids == []:
        return 0
    execute(SQL, "forget_units", ids=ids)
    return execute(SQL, "find_units", ids=ids, least_share=LEAST_SHARE)
