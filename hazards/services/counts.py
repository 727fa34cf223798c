"""The kept counts of hazards: put together when grown long, checked against the register."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from common.bulkload import triggers_down
from common.sqlfile import execute, run
from hazards.models import HazardAssessment, HazardCount, WaterHazard

SQL = Path(__file__).resolve().parent.parent / "sql" / "counts.sql"
_HAZARDS_TRIGGER = "hazards_count_hazards_insert"
_VERDICT_TRIGGERS = tuple(f"hazards_count_verdicts_{op}" for op in ("insert", "update", "delete"))
log = logging.getLogger(__name__)


class Likeness(NamedTuple):
    """What hazards are counted by; most are added without a verdict."""

    unit_id: int
    kind: str
    lifecycle: str
    is_synthetic: bool
    has_body: bool
    verdict: str = ""


@contextmanager
def counted_by_writer(*, is_alone: bool = False) -> Iterator[None]:
    """Let hazards added inside the block be counted by ``add_counts`` later in the transaction.

    An import whose every part were counted by itself would add a count for nearly every hazard.
    ``is_alone`` says that the table is locked by ``common.bulkload.lock_alone``: then the trigger
    that counts is down, which would be given every row even so.
    """
    if is_alone:
        with triggers_down(WaterHazard._meta.db_table, _HAZARDS_TRIGGER):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hazards.counted_by_writer', 'on', true)")
        yield  # an error ends the transaction, or the part of it, and the setting with it
        cursor.execute("SELECT set_config('hazards.counted_by_writer', '', true)")


def add_counts(added: Mapping[Likeness, int]) -> None:
    """Count what was added inside ``counted_by_writer``; fewer than none are taken away."""
    if added:
        columns = dict(zip(Likeness._fields, map(list, zip(*added, strict=True)), strict=True))
        run(SQL, "add", **columns, hazards=list(added.values()))


@contextmanager
def verdicts_counted_together(
    first_id: int, last_id: int, uncounted: Mapping[Likeness, int]
) -> Iterator[None]:
    """Count the verdicts that the block gives from one key to another with one look, at its end.

    ``uncounted`` are hazards among them that were added and are not counted yet. The triggers that
    count one statement after another are down meanwhile, for everybody: call it under
    ``common.bulkload.lock_alone``, and give verdicts of no other hazards inside.
    """
    added = Counter(uncounted)
    added.subtract(_verdicts_between(first_id, last_id))
    with triggers_down(HazardAssessment._meta.db_table, *_VERDICT_TRIGGERS):
        yield
    added.update(_verdicts_between(first_id, last_id))
    for likeness, hazards in list(added.items()):
        if likeness.verdict:  # without one no longer
            added[likeness._replace(verdict="")] -= hazards
    add_counts({likeness: hazards for likeness, hazards in added.items() if hazards})


def _verdicts_between(first_id: int, last_id: int) -> dict[Likeness, int]:
    """Return how many hazards have which verdict: read by itself, several processes may count."""
    rows = run(SQL, "verdicts_between", first_id=first_id, last_id=last_id)
    return {Likeness(*list(row.values())[:-1]): row["hazards"] for row in rows}


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
