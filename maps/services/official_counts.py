"""Official counts of children by unit: what the raster is rescaled to, beside the raw figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from geomath.distance import FloatArray
from maps import errors
from maps.models import OfficialCount
from maps.services.shares import ShareColumns, number_in, read_rows, units_by_code
from places.models import AdminUnit, BoundarySet


@dataclass(frozen=True)
class CountRow:
    """What became of one row of the file; ``line`` counts the header as 1."""

    line: int
    code: str
    unit: str
    children: float | None
    outcome: str  # new, changed, same, refused
    reason: str = ""


@dataclass(frozen=True)
class CountsReport:
    rows: list[CountRow]
    units_without: list[AdminUnit]

    def counts(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)


@transaction.atomic
def load_official_counts(
    *,
    path: Path,
    boundary_set: BoundarySet,
    level: str,
    code_field: str,
    children_field: str,
    counted_on: date,
    source: str = "",
    actor: User | None = None,
) -> CountsReport:
    """Keep the children under 16 of each unit as counted on a day; bad rows are refused by line.

    The same unit and day again replaces the earlier count. Raises NoSuchLevelError,
    SharesFileError, SharesColumnError, SharesNoneError.
    """
    columns = ShareColumns(code=code_field, children=children_field)
    units = units_by_code(boundary_set, level)
    known = {
        kept.unit_id: kept.children
        for kept in OfficialCount.objects.filter(
            unit__in=[unit.pk for unit in units.values()], counted_on=counted_on
        )
    }
    rows: list[CountRow] = []
    taken: dict[str, float] = {}
    for line, row in read_rows(path, columns):
        code = (row.get(code_field) or "").strip()
        unit = units.get(code)
        name = unit.full_name if unit else ""
        try:
            children = _checked(code, unit, taken, number_in(row, children_field))
        except ValueError as problem:
            rows.append(CountRow(line, code, name, None, "refused", str(problem)))
            continue
        taken[code] = children
        before = known.get(units[code].pk)
        outcome = "new" if before is None else "same" if before == children else "changed"
        rows.append(CountRow(line, code, name, children, outcome))
    if not taken:
        reason = next((row.reason for row in rows), _("the file is empty"))
        raise errors.SharesNoneError(filename=path.name, rows=len(rows), reason=reason)
    for told in rows:
        if told.outcome in ("new", "changed") and told.children is not None:
            OfficialCount.objects.update_or_create(
                unit=units[told.code],
                counted_on=counted_on,
                defaults={"children": told.children, "source": (source or path.name)[:200]},
            )
    report = CountsReport(rows, [unit for code, unit in units.items() if code not in taken])
    record(
        actor=actor,
        verb="load_official_counts",
        target_kind="boundary_set",
        target_id=boundary_set.pk,
        file=path.name,
        **report.counts(),
    )
    return report


def _checked(
    code: str, unit: AdminUnit | None, taken: Mapping[str, float], children: float
) -> float:
    if not code:
        raise ValueError(_("the code is empty"))
    if unit is None:
        raise ValueError(_("no unit with this code in the set and level"))
    if code in taken:
        raise ValueError(_("the code came before"))
    if not (np.isfinite(children) and children >= 0):
        raise ValueError(_("{children:g} is no count of children").format(children=children))
    return children


@dataclass(frozen=True)
class Rescaling:
    """How the raster's children are brought to the official ones, by finest unit.

    factor  official over raw; NaN where nobody counted, or where the raster has nobody to scale
    facts   for the run: which counts, and where they could not be met
    """

    factor: FloatArray
    facts: dict[str, Any]


def rescaling(finest: Sequence[AdminUnit], children: FloatArray, on: date) -> Rescaling | None:
    """Return the factor of each finest unit from the counts of a day; None without any count.

    A count holds for the finest units in its unit; where counts lie inside each other the one of
    the smallest unit holds.
    """
    sets = {unit.boundary_set_id for unit in finest}
    rows = OfficialCount.objects.filter(unit__boundary_set__in=sets, counted_on__lte=on)
    latest = {row.unit_id: row for row in rows.select_related("unit").order_by("counted_on", "id")}
    counts = sorted(latest.values(), key=lambda row: row.unit.depth)
    if not counts:
        return None
    factor, lefts = np.full(len(finest), np.nan), np.array([unit.tree_left for unit in finest])
    nobody = []
    for row in counts:
        inside = (lefts >= row.unit.tree_left) & (lefts <= row.unit.tree_right)
        raw = float(children[inside].sum())
        if raw > 0:
            factor[inside] = row.children / raw
        elif inside.any() and row.children > 0:
            nobody.append(row.unit.full_name)
    days = [row.counted_on for row in counts]
    return Rescaling(
        factor,
        {
            "units": len(counts),
            "sources": sorted({row.source for row in counts})[:10],
            "counted_on": [min(days).isoformat(), max(days).isoformat()],
            "nobody_in_raster": nobody[:50],
        },
    )
