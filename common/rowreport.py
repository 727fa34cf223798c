"""What became of each row of a file: taken, changed, the same, outside, or refused and why."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

REFUSED, NOTED, OUTSIDE = "refused", "noted", "outside"
SHAPE = "geometry"  # the field of remarks about shapes
_FORMULA_STARTS = ("=", "+", "@", "\t")
_SHOWN_CHARS = 80
_OPTIONS = re.compile(r" \(--[^)]*\)")


def without_options(message: str) -> str:
    """Return a message without the options of commands, which stand in brackets, for a page.

    >>> without_options("Leave such rows out (--outside skip).")
    'Leave such rows out.'
    """
    return _OPTIONS.sub("", message)


@dataclass(frozen=True)
class RowRemark:
    """One remark on one row: what was found in which field, and what to do about it."""

    row: int
    outcome: str  # refused, noted, outside
    field: str
    value: str
    what: str
    to_do: str = ""

    def for_page(self) -> RowRemark:
        """Return the remark without options of commands, which a page does not have."""
        what, to_do = without_options(self.what), without_options(self.to_do)
        return replace(self, what=what, to_do=to_do)

    def line(self) -> str:
        value = f" “{self.value}”" if self.value else ""
        place = f", {self.field}{value}" if self.field else value
        return f"{_('row {n}').format(n=self.row)}{place}: {self.what} {self.to_do}".rstrip()


@dataclass
class RowReport:
    """Counts of rows and the remarks on them."""

    name: str
    rows: int = 0
    taken: int = 0
    updated: int = 0
    unchanged: int = 0
    outside: int = 0
    is_written: bool = False
    remarks: list[RowRemark] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # about the whole file

    def refuse(self, row: int, field: str, value: object, what: str, to_do: str = "") -> None:
        self.add(row, REFUSED, field, value, what, to_do)

    def note(self, row: int, field: str, value: object, what: str, to_do: str = "") -> None:
        self.add(row, NOTED, field, value, what, to_do)

    def put_outside(self, row: int, field: str, value: object, what: str, to_do: str = "") -> None:
        self.add(row, OUTSIDE, field, value, what, to_do)

    def add(self, row: int, outcome: str, field: str, value: object, what: str, to_do: str) -> None:
        text = str(value)
        shown = text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"
        self.remarks.append(RowRemark(int(row), outcome, field, shown, what, to_do))

    def add_part(self, part: RowReport) -> None:
        """Take in the report of a part of the same file; a notice said before is not said again."""
        for name in ("rows", "taken", "updated", "unchanged", "outside"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        self.remarks += part.remarks
        self.notices += [notice for notice in part.notices if notice not in self.notices]

    @property
    def refusals(self) -> list[RowRemark]:
        return [remark for remark in self.remarks if remark.outcome == REFUSED]

    @property
    def refused_rows(self) -> set[int]:
        return {remark.row for remark in self.remarks if remark.outcome == REFUSED}

    @property
    def refused(self) -> int:
        return len(self.refused_rows)

    @property
    def refused_shapes(self) -> set[int]:
        return {remark.row for remark in self.refusals if remark.field == SHAPE}

    @property
    def outside_rows(self) -> set[int]:
        return {remark.row for remark in self.remarks if remark.outcome == OUTSIDE}

    def write_csv(self, path: Path | str) -> None:
        """Write all remarks as CSV that Excel opens as UTF-8; raises OSError."""
        with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
            self.write_remarks(file)

    def write_remarks(self, file: TextIO) -> None:
        writer = csv.writer(file)
        writer.writerow(["row", "outcome", "field", "value", "what", "what_to_do"])
        for remark in sorted(self.remarks, key=lambda item: item.row):
            cells = [remark.outcome, remark.field, remark.value, remark.what, remark.to_do]
            writer.writerow([remark.row, *map(_safe, cells)])


def _safe(cell: str) -> str:
    """Keep a spreadsheet from taking a cell of a stranger's file for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
