"""Seal the history: chain blocks of events by hashes, and find whatever was tampered with."""

from __future__ import annotations

from pathlib import Path

from django.db import OperationalError, transaction

from common.sqlfile import execute, run
from history.errors import SealingBusyError
from history.models import Block

SQL = Path(__file__).parent.parent / "sql" / "chain.sql"
BLOCK_EVENTS = 5000
GENESIS = "0" * 64
SEAL_LOCK = "history.seal"


def seal() -> list[Block]:
    """Seal every event written so far; returns the new blocks, none when nothing is new.

    Raises SealingBusyError while a long transaction is writing: its events have their numbers
    already, and must not be sealed past.
    """
    try:
        with transaction.atomic():
            execute(SQL, "wait_for_writers")
            until = run(SQL, "last_event")[0]["id"]
    except OperationalError as error:  # the lock was not to be had
        raise SealingBusyError from error
    made = []
    with transaction.atomic():
        last = Block.objects.select_for_update().order_by("-id").first()
        while block := _next_block(last, until):
            block.save(force_insert=True)
            made.append(block)
            last = block
    return made


def _next_block(last: Block | None, until: int) -> Block | None:
    after = last.last_event if last else 0
    end = run(SQL, "block_end", after=after, until=until, most=BLOCK_EVENTS)[0]
    if end["id"] is None:
        return None
    previous = last.hash if last else GENESIS
    sealed = run(SQL, "block_hash", first=after + 1, last=end["id"], previous=previous)[0]
    return Block(
        first_event=after + 1,
        last_event=end["id"],
        events=sealed["events"],
        previous_hash=previous,
        hash=sealed["hash"],
    )


def head() -> Block | None:
    """Return the newest block; its hash on paper guards all before it."""
    return Block.objects.order_by("-id").first()
