"""Child shares by unit, for rasters that count people of all ages."""

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from maps import errors
from maps.models import ChildShare, PopulationDataset
from places.models import AdminUnit, BoundarySet

UNDER_16_OF_15_TO_19: Final = 0.2  # one year of five, taken as even: an estimate
UNITS_NAMED: Final = 20


@dataclass(frozen=True)
class ShareColumns:
    """Which columns say what. One way of three is filled.

    share                      the share itself, 0 to 1
    children, total            children under 16 among all
    under15, age15to19, total  0-14 and one fifth of 15-19 among all (an estimate)
    """

    code: str
    share: str = ""
    children: str = ""
    under15: str = ""
    age15to19: str = ""
    total: str = ""

    def used(self) -> list[str]:
        parts = (self.code, self.share, self.children, self.under15, self.age15to19, self.total)
        return [part for part in parts if part]

    def share_of(self, row: Mapping[str, str]) -> float:
        """Work out a row's share; raises ValueError with the reason."""
        if self.share:
            return number_in(row, self.share)
        total = number_in(row, self.total)
        if total <= 0:
            raise ValueError(_("the total is {total:g}").format(total=total))
        if self.children:
            return number_in(row, self.children) / total
        older = number_in(row, self.age15to19) * UNDER_16_OF_15_TO_19
        return (number_in(row, self.under15) + older) / total


@dataclass(frozen=True)
class ReportRow:
    """What became of one row of the file; ``line`` counts the header as 1."""

    line: int
    code: str
    unit: str
    share: float | None
    outcome: str  # taken, refused
    reason: str = ""


@dataclass(frozen=True)
class SharesReport:
    dataset: PopulationDataset
    rows: list[ReportRow]
    units_without: list[AdminUnit] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)


def number_in(row: Mapping[str, str], column: str) -> float:
    """Read a number; raises ValueError with the reason."""
    text = (row.get(column) or "").strip()
    try:
        return float(text)
    except ValueError:
        raise ValueError(
            _("{column} is {text}, not a number").format(column=column, text=repr(text))
        ) from None


def read_rows(path: Path, columns: ShareColumns) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a CSV or CSV.GZ in UTF-8; raises SharesFileError, SharesColumnError."""
    if not path.is_file():
        raise errors.SharesFileError(filename=path.name, reason=_("there is no such file."))
    opener: Callable[..., object] = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:  # type: ignore[attr-defined]
            reader = csv.DictReader(stream)
            known = reader.fieldnames or []
            for column in columns.used():
                if column not in known:
                    raise errors.SharesColumnError(
                        filename=path.name, column=column, columns=", ".join(known)
                    )
            for row in reader:
                yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error, OSError, EOFError) as problem:
        raise errors.SharesFileError(
            filename=path.name, reason=_("cannot be read as CSV in UTF-8.")
        ) from problem


@transaction.atomic
def load_child_shares(
    *,
    path: Path,
    dataset: PopulationDataset,
    boundary_set: BoundarySet,
    level: str,
    columns: ShareColumns,
    source: str = "",
    default_share: float | None = None,
    actor: User | None = None,
) -> SharesReport:
    """Give each unit of one level its child share; rows that cannot be used are refused one by one.

    The shares replace all earlier ones of the dataset, so that one dataset never mixes two tables.
    """
    if dataset.measures == PopulationDataset.Measures.BANDS:
        raise errors.SharesForBandsError(dataset=dataset.name)
    units = units_by_code(boundary_set, level)
    rows, shares = _judge(read_rows(path, columns), columns, units)
    if not shares:
        reason = next((row.reason for row in rows), _("the file is empty"))
        raise errors.SharesNoneError(filename=path.name, rows=len(rows), reason=reason)
    _replace(dataset, shares, units, source or path.name)
    without = [unit for code, unit in units.items() if code not in shares]
    _note(dataset, boundary_set, level, columns, source or path.name, default_share, without)
    record(
        actor=actor,
        verb="load_child_shares",
        target_kind="population_dataset",
        target_id=dataset.pk,
        file=path.name,
        taken=len(shares),
        refused=len(rows) - len(shares),
    )
    return SharesReport(dataset, rows, without)


def units_by_code(boundary_set: BoundarySet, level: str) -> dict[str, AdminUnit]:
    """Return {code: unit with an outline} of a level; raises NoSuchLevelError if there is none."""
    units = AdminUnit.objects.filter(
        boundary_set=boundary_set, level=level, geometry__isnull=False
    ).defer("geometry")
    found = {unit.code: unit for unit in units if unit.code}
    if not found:
        held = AdminUnit.objects.filter(boundary_set=boundary_set, geometry__isnull=False)
        levels = sorted(set(held.order_by().values_list("level", flat=True)))
        raise errors.NoSuchLevelError(
            set_name=boundary_set.name, level=level, levels=", ".join(levels) or "-"
        )
    return found


def _judge(
    lines: Iterator[tuple[int, dict[str, str]]],
    columns: ShareColumns,
    units: Mapping[str, AdminUnit],
) -> tuple[list[ReportRow], dict[str, float]]:
    rows: list[ReportRow] = []
    shares: dict[str, float] = {}
    for line, row in lines:
        code = (row.get(columns.code) or "").strip()
        unit = units.get(code)
        try:
            share = _checked(code, unit, shares, columns, row)
        except ValueError as problem:
            name = unit.full_name if unit else ""
            rows.append(ReportRow(line, code, name, None, "refused", str(problem)))
            continue
        shares[code] = share
        rows.append(ReportRow(line, code, unit.full_name if unit else "", share, "taken"))
    return rows, shares


def _checked(
    code: str,
    unit: AdminUnit | None,
    shares: Mapping[str, float],
    columns: ShareColumns,
    row: Mapping[str, str],
) -> float:
    if not code:
        raise ValueError(_("no code in {column}").format(column=columns.code))
    if unit is None:
        raise ValueError(_("no unit with this code in the set and level"))
    if code in shares:
        raise ValueError(_("the code came before"))
    share = columns.share_of(row)
    if not 0 <= share <= 1:
        raise ValueError(_("the share is {share:g}; it must lie in 0 to 1").format(share=share))
    return share


def _replace(
    dataset: PopulationDataset,
    shares: Mapping[str, float],
    units: Mapping[str, AdminUnit],
    source: str,
) -> None:
    dataset.child_shares.all().delete()
    ChildShare.objects.bulk_create(
        ChildShare(dataset=dataset, unit=units[code], share=share, source=source[:200])
        for code, share in shares.items()
    )


def _note(
    dataset: PopulationDataset,
    boundary_set: BoundarySet,
    level: str,
    columns: ShareColumns,
    source: str,
    default_share: float | None,
    without: list[AdminUnit],
) -> None:
    dataset.default_child_share = default_share
    dataset.facts["shares"] = {
        "source": source,
        "boundary_set": boundary_set.name,
        "level": level,
        "is_estimate": bool(columns.under15),  # ước tính: one fifth of 15-19
        "units_without": len(without),
        "units_without_named": [f"{unit.code} {unit.full_name}" for unit in without[:UNITS_NAMED]],
    }
    dataset.save(update_fields=["default_child_share", "facts", "updated_at"])
