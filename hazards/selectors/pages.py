"""One page of a list and where it stands: read on from a row, not from a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from common.planner import planned
from hazards.selectors.rows import HazardRow

_MARK = "~"


@dataclass(frozen=True)
class Cursor:
    """The row that a page begins after (or ends before), and how many rows stand before the page.

    The number is what the reader counts on, no more: rows that came or went meanwhile shift it.
    """

    code: str
    skipped: int
    is_before: bool = False

    def __str__(self) -> str:
        return f"{self.code}{_MARK}{self.skipped}"


def read_cursor(after: str, before: str) -> Cursor | None:
    """Read the address; None for the first page, and for what cannot be read."""
    text = after or before
    code, mark, skipped = text.partition(_MARK)
    if not (code and mark and skipped.isdecimal() and len(skipped) < 10):
        return None
    return Cursor(code.upper(), int(skipped), is_before=not after)


@contextmanager
def along_the_order() -> Iterator[None]:
    """Have rows looked for one after another, not gathered first: they are known to turn up soon.

    The planner takes words, kinds and names for independent of each other, and thinks otherwise.
    """
    with planned(enable_bitmapscan="0", enable_seqscan="0", max_parallel_workers_per_gather="0"):
        yield


@contextmanager
def by_itself() -> Iterator[None]:
    """Count a few thousand rows in one process: to start helpers takes longer on two cores."""
    with planned(max_parallel_workers_per_gather="0"):
        yield


@dataclass(frozen=True)
class RowsPage:
    """Rows with the cursors that the pager puts into its links; ``total`` may be a lower bound."""

    rows: list[HazardRow]
    skipped: int
    total: int
    is_cut: bool
    has_next: bool

    @property
    def start_index(self) -> int:
        return self.skipped + 1 if self.rows else 0

    @property
    def end_index(self) -> int:
        return self.skipped + len(self.rows)

    @property
    def next_cursor(self) -> str | None:
        if not self.has_next:
            return None
        return str(Cursor(self.rows[-1].hazard.code, self.end_index))

    @property
    def previous_cursor(self) -> str | None:
        if not self.rows or not self.skipped:
            return None
        return str(Cursor(self.rows[0].hazard.code, self.skipped))
