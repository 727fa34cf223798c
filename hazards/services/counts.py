"""The kept counts of hazards: put together when grown long, checked against the register."""

from __future__ import annotations

import logging
from pathlib import Path

from django.db import transaction

from common.sqlfile import execute, run
from hazards.models import HazardCount

SQL = Path(__file__).resolve().parent.parent / "sql" / "counts.sql"
log = logging.getLogger(__name__)


@transaction.atomic
def fold_counts() -> int:
    """Put the rows of each likeness together and return how many rows are left."""
    return execute(SQL, "fold")


@transaction.atomic
def recount() -> None:
    """Count all hazards anew, after the table was written past its triggers."""
    run(SQL, "forget")
    run(SQL, "count_all")


@transaction.atomic
def check_counts() -> int:
    """Compare with the hazards themselves, mend what differs and return how many counts did.

    None ever should; writers wait while it looks (about two seconds for a million hazards).
    """
    run(SQL, "lock")
    wrong = run(SQL, "differences")
    for row in wrong:
        log.error("kept count of hazards was wrong: %s", row)
        too_few = row.pop("too_few")
        HazardCount.objects.create(**row, hazards=too_few)
    fold_counts()
    return len(wrong)
