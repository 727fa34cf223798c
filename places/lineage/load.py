"""Load which old unit became which new ones, row by row; faults are reported, not mended."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from common.dbstats import fresh_statistics
from common.rowreport import RowReport
from common.sourcetable import SourceTable
from common.text import tidy
from common.vectors import read_source
from places.lineage.options import LineageColumnsError, LineageOptions
from places.load.options import NoSuchSetError
from places.models import AdminUnit, BoundarySet, UnitLineage
from places.names import name_key

LISTED = 20  # units named in a notice; the rest is counted


@dataclass
class _Units:
    """The units of one set, by level and code and by name."""

    boundary_set: BoundarySet
    by_code: dict[tuple[str, str], AdminUnit] = field(default_factory=dict)
    by_name: dict[object, list[AdminUnit]] = field(default_factory=lambda: defaultdict(list))

    def levels_of(self, code: str) -> list[str]:
        return [level for level, known in self.by_code if known == code]


def load_lineage(options: LineageOptions) -> RowReport:
    """Load the file and return what became of each row; a repeat changes nothing.

    Raises SourceFileError when the file cannot be used at all. A code that does not exist is
    refused, with the unit of that name where there is one; a name that is another than the unit's
    is noted. Notices say which units have no successor or no predecessor, by this file and what
    was loaded before.
    """
    old, new = _units_of(options.from_set), _units_of(options.to_set)
    table = read_source(options.path)
    report = RowReport(name=table.name, rows=len(table))
    pairs = _pairs(table, options, old, new, report)
    report.taken = len(pairs)
    _notice_lonely(pairs, old, new, options, report)
    if options.dry_run or (report.refused and not options.accept_good):
        return report
    with transaction.atomic():
        _store(pairs, options.source or table.name, report)
        fresh_statistics(UnitLineage)
    report.is_written = True
    return report


def boundary_set_named(name: str) -> BoundarySet:
    """Return the set of that name. Raises NoSuchSetError, which lists those that there are."""
    found = BoundarySet.objects.filter(name=name).first()
    if found is None:
        names = ", ".join(BoundarySet.objects.values_list("name", flat=True)) or "-"
        raise NoSuchSetError(set_name=name, names=names)
    return found


def _units_of(set_name: str) -> _Units:
    units = _Units(boundary_set_named(set_name))
    for unit in AdminUnit.objects.filter(boundary_set=units.boundary_set).defer("geometry"):
        if unit.code:
            units.by_code[unit.level, unit.code] = unit
        units.by_name[unit.level, name_key(unit.full_name)].append(unit)
    return units


def _pairs(
    table: SourceTable, options: LineageOptions, old: _Units, new: _Units, report: RowReport
) -> dict[tuple[int, int], tuple[AdminUnit, AdminUnit]]:
    columns = {name: table.find([name]) for name in
               ("level", "old_code", "new_code", "old_name", "new_name")}  # fmt: skip
    if columns["old_code"] is None or columns["new_code"] is None:
        listed = ", ".join(table.column_names) or "-"
        raise LineageColumnsError(name=table.name, columns=listed)
    texts = {name: table.texts(column) if column else [""] * len(table)
             for name, column in columns.items()}  # fmt: skip
    found: dict[tuple[int, int], tuple[AdminUnit, AdminUnit]] = {}
    for i, row in enumerate(table.rows):
        level = texts["level"][i] or options.level
        sides = [
            _unit(int(row), units, level, column, texts[column][i], texts[name][i], report)
            for units, column, name in (
                (old, "old_code", "old_name"), (new, "new_code", "new_name")
            )
        ]  # fmt: skip
        from_unit, to_unit = sides
        if from_unit is None or to_unit is None:
            continue
        key = (from_unit.pk, to_unit.pk)
        if key in found:
            report.note(row, "", texts["old_code"][i], _("this pair stands in the file twice."))
        found[key] = (from_unit, to_unit)
    return found


def _unit(
    row: int, units: _Units, level: str, column: str, code: str, name: str, report: RowReport
) -> AdminUnit | None:
    """Return the unit a row means, refusing what is not there and noting what looks wrong."""
    unit = units.by_code.get((level, code))
    if unit is None:
        elsewhere = units.levels_of(code)
        if len(elsewhere) == 1:
            unit = units.by_code[elsewhere[0], code]
            what = _("is the code of a {level}, {unit}; taken as it stands.").format(
                level=elsewhere[0], unit=unit.full_name
            )
            report.note(row, column, code, what)
            return unit
        what = _("the set {set_name} has no unit of that code.").format(
            set_name=units.boundary_set.name
        )
        same = units.by_name.get((level, name_key(name)), []) if name else []
        if len(same) == 1:
            to_do = _("{unit} has the code {code}.").format(
                unit=same[0].full_name, code=same[0].code
            )
        elif same:
            codes = ", ".join(one.code for one in same[:5])
            to_do = _("{n} units are called {name}: {codes}.").format(
                n=len(same), name=tidy(name), codes=codes
            )
        else:
            to_do = _("Check the code.")
        report.refuse(row, column, code, what, to_do)
        return None
    if name and name_key(name) != name_key(unit.full_name):
        what = _("the file calls it {name}, the set {unit}.").format(
            name=tidy(name), unit=unit.full_name
        )
        report.note(row, column, code, what)
    return unit


def _notice_lonely(
    pairs: dict[tuple[int, int], tuple[AdminUnit, AdminUnit]],
    old: _Units,
    new: _Units,
    options: LineageOptions,
    report: RowReport,
) -> None:
    stored = UnitLineage.objects.filter(
        from_unit__boundary_set=old.boundary_set, to_unit__boundary_set=new.boundary_set
    )
    joined = {*pairs, *stored.values_list("from_unit", "to_unit")}  # another file may have said
    heirs = Counter(from_id for from_id, _to in joined)
    forebears = Counter(to_id for _from, to_id in joined)
    for units, counted, text in (
        (old, heirs, _("Units of {set_name} without a successor: {n}. {names}")),
        (new, forebears, _("Units of {set_name} without a predecessor: {n}. {names}")),
    ):
        lonely = [
            unit for (level, _code), unit in units.by_code.items()
            if level == options.level and unit.pk not in counted
        ]  # fmt: skip
        if lonely:
            names = ", ".join(f"{unit.code} {unit.full_name}" for unit in lonely[:LISTED])
            report.notices.append(
                text.format(set_name=units.boundary_set.name, n=len(lonely), names=names)
            )
    splits = sum(1 for count in heirs.values() if count > 1)
    report.notices.append(_("Units split among several: {n}.").format(n=splits))


def _store(
    pairs: dict[tuple[int, int], tuple[AdminUnit, AdminUnit]], source: str, report: RowReport
) -> None:
    stored = UnitLineage.objects.filter(
        from_unit__in={from_id for from_id, _to in pairs}
    ).values_list("from_unit", "to_unit")
    known = set(stored)
    fresh = [
        UnitLineage(from_unit=from_unit, to_unit=to_unit, source=source[:300])
        for key, (from_unit, to_unit) in pairs.items()
        if key not in known
    ]
    UnitLineage.objects.bulk_create(fresh, batch_size=2000)
    report.unchanged = len(pairs) - len(fresh)
    report.taken = len(fresh)
