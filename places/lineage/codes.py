"""Units that are known by their codes alone: a list of communes with those above them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from common.dbstats import fresh_statistics
from common.rowreport import RowReport
from common.sourcetable import SourceTable
from common.text import plain, tidy
from common.vectors import read_source
from places.load.options import UnitsOptions
from places.load.writing import BATCH_ROWS, find_set, store_set
from places.models import AdminUnit, BoundarySet
from places.names import name_key
from places.services import renumber_tree


@dataclass(frozen=True, kw_only=True)
class CodesOptions:
    """``levels`` from the top down: (level, column of codes, column of full names)."""

    path: Path
    set_name: str
    valid_from: date
    levels: tuple[tuple[str, str, str], ...]
    valid_to: date | None = None
    title: str = ""
    source: str = ""
    accept_good: bool = False


@dataclass(frozen=True)
class _Named:
    row: int
    full_name: str
    parent: tuple[str, str] | None  # (level, code)


def load_codes(options: CodesOptions) -> RowReport:
    """Load the list and return what became of each row; a repeat changes nothing.

    Units get no outline: they carry lineage and group figures. One code with two names, or under
    two parents, is refused; a row that ends above the last level is a unit without any below it.
    """
    table = read_source(options.path)
    report = RowReport(name=table.name, rows=len(table))
    found = _found(table, options, report)
    if report.refused and not options.accept_good:
        return report
    with transaction.atomic():
        _store(found, options, report)
    report.is_written = True
    return report


def _found(
    table: SourceTable, options: CodesOptions, report: RowReport
) -> dict[str, dict[str, _Named]]:
    columns = [(level, table.texts(code), table.texts(name))
               for level, code, name in options.levels]  # fmt: skip
    found: dict[str, dict[str, _Named]] = {level: {} for level, *_rest in columns}
    for i, row in enumerate(table.rows):
        parent: tuple[str, str] | None = None
        for level, codes, names in columns:
            code, full_name = codes[i], tidy(names[i])
            if not code:
                what = _("no {level} stands here; {above} has none below it.").format(
                    level=level, above=parent[1] if parent else "-"
                )
                report.note(row, level, "", what)
                break
            known = found[level].setdefault(code, _Named(int(row), full_name, parent))
            if name_key(known.full_name) != name_key(full_name):
                what = _("the code stands in row {first} for {name}.").format(
                    first=known.row, name=known.full_name
                )
                report.refuse(row, level, f"{code} {full_name}", what)
            elif known.parent != parent:
                what = _("the code stands in row {first} under another unit.").format(
                    first=known.row
                )
                report.refuse(row, level, code, what)
            elif known.row != row and level == columns[-1][0]:
                report.refuse(row, level, code, _("stands in row {first} already.").format(
                    first=known.row))  # fmt: skip
            parent = (level, code)
    return found


def _store(found: dict[str, dict[str, _Named]], options: CodesOptions, report: RowReport) -> None:
    boundary_set = _set(options)
    stored = {
        (unit.level, unit.code): unit
        for unit in AdminUnit.objects.filter(boundary_set=boundary_set).defer("geometry")
    }
    for level, units in found.items():
        fresh = []
        for code, named in units.items():
            unit = stored.get((level, code))
            if unit is None:
                above = stored.get(named.parent) if named.parent else None
                unit = AdminUnit(
                    boundary_set=boundary_set, level=level, code=code,
                    name=bare_name(named.full_name), full_name=named.full_name,
                    name_plain=plain(named.full_name), parent=above,
                    valid_from=options.valid_from, valid_to=options.valid_to,
                )  # fmt: skip
                fresh.append(unit)
            elif name_key(unit.full_name) != name_key(named.full_name):
                what = _("the set calls it {unit}; it keeps that name.").format(unit=unit.full_name)
                report.note(named.row, level, f"{code} {named.full_name}", what)
            stored[level, code] = unit
        AdminUnit.objects.bulk_create(fresh, batch_size=BATCH_ROWS)
        report.taken += len(fresh)
        report.unchanged += len(units) - len(fresh)
    if report.taken:
        fresh_statistics(AdminUnit)
        renumber_tree()


def _set(options: CodesOptions) -> BoundarySet:
    words = UnitsOptions(
        path=options.path, level="list", code_field="", name_field="", set_name=options.set_name,
        valid_from=options.valid_from, valid_to=options.valid_to, title=options.title,
        source=options.source,
    )  # fmt: skip
    return find_set(words) or store_set(words)


_TYPES = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")


def bare_name(full_name: str) -> str:
    """Return a name without its type.

    >>> bare_name("Thị trấn Ba Chẽ"), bare_name("Thành phố Hà Nội")
    ('Ba Chẽ', 'Hà Nội')
    """
    for kind in _TYPES:
        if full_name.lower().startswith(f"{kind} "):
            return full_name[len(kind) + 1 :]
    return full_name
