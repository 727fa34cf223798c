"""When another boundary set becomes current, surveys go along: none drops out of a queue."""

from pathlib import Path
from typing import Any

from common.sqlfile import execute
from places.models import BoundarySet
from places.selectors import finest_levels

SQL = Path(__file__).resolve().parent.parent / "sql" / "moving.sql"


def move_submissions(*, new_set: BoundarySet, **_signal: Any) -> int:
    """Put every survey under a unit of ``new_set``; returns how many moved.

    Called inside the transaction that makes the set current, after the hazards have moved.
    """
    units = list(finest_levels(new_set).values_list("pk", flat=True))
    return execute(SQL, "follow_hazards") + execute(SQL, "follow_positions", units=units)
