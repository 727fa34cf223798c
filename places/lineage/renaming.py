"""Give units new names or types from a day on; outline, code and history stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from common.rowreport import RowReport
from common.text import plain, tidy
from common.vectors import read_source
from places.lineage.codes import bare_name
from places.lineage.load import boundary_set_named
from places.models import AdminUnit, UnitName
from places.names import name_key


@transaction.atomic
def rename_units(
    *, path: Path, set_name: str, level: str, code_field: str, full_name_field: str,
    effective_on: date, source: str = "", spelling_too: bool = False,
) -> RowReport:  # fmt: skip
    """Take the full names of a list; a unit that is called otherwise keeps its old name until then.

    Names that differ only in case, spaces or the place of a tone mark are left alone unless
    ``spelling_too``. Codes that the set does not have are refused, units the list does not name
    are counted in a notice; a repeat changes nothing.
    """
    table = read_source(path)
    report = RowReport(name=table.name, rows=len(table))
    codes, names = table.texts(code_field), table.texts(full_name_field)
    units = {
        unit.code: unit
        for unit in AdminUnit.objects.filter(
            boundary_set=boundary_set_named(set_name), level=level
        ).defer("geometry")
    }
    for row, code, text in dict(
        zip(codes, zip(table.rows, codes, names, strict=True), strict=True)
    ).values():
        unit, full_name = units.pop(code, None), tidy(text)
        if unit is None:
            what = _("the set {set_name} has no unit of that code.").format(set_name=set_name)
            report.refuse(row, code_field, code, what, _("Check the code."))
        elif full_name == unit.full_name or (
            not spelling_too and name_key(full_name) == name_key(unit.full_name)
        ):
            report.unchanged += 1
        else:
            report.note(row, code_field, code, f"{unit.full_name} → {full_name}")
            _rename(unit, full_name, effective_on, source or table.name)
            report.updated += 1
    if units:
        text = _("{n} units of the set are not in the list; they keep their names.")
        report.notices.append(text.format(n=len(units)))
    report.is_written = True
    return report


def name_on(unit: AdminUnit, day: date) -> str:
    """Return the full name that ``unit`` bore on a day."""
    former = unit.former_names.filter(valid_to__gt=day).order_by("valid_to").first()
    return former.full_name if former else unit.full_name


def _rename(unit: AdminUnit, full_name: str, effective_on: date, source: str) -> None:
    UnitName.objects.update_or_create(
        unit=unit,
        valid_to=effective_on,
        defaults={
            "name": unit.name,
            "full_name": unit.full_name,
            "name_plain": unit.name_plain,
            "source": source[:300],
        },
    )
    unit.name, unit.full_name, unit.name_plain = bare_name(full_name), full_name, plain(full_name)
    unit.save(update_fields=["name", "full_name", "name_plain", "updated_at"])
