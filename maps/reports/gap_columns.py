"""The columns of the gap table: one list for the page, the CSV and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hazards.taxonomy import GapKind, Verdict
from maps.selectors.gaps import GapRow

TEXT, COUNT, SHARE, PEOPLE, FACTOR = "text", "count", "share", "people", "factor"


@dataclass(frozen=True)
class Column:
    """``value`` gives a text or a number; a share gives (n, N). None is shown as a dash.

    if_any  left out of the page where no line has a value; files always have the same columns
    """

    key: str
    heading: str | Promise
    kind: str
    value: Callable[[GapRow], Any]
    group: str | Promise = ""
    if_any: bool = False


def _verdict(verdict: str) -> Callable[[GapRow], int]:
    return lambda row: row.coverage.count(verdict)


def _pair(part: str, whole: str) -> Callable[[GapRow], tuple[int, int]]:
    return lambda row: (getattr(row.coverage, part), getattr(row.coverage, whole))


def _near(field: str) -> Callable[[GapRow], float | None]:
    return lambda row: getattr(row.near, field) if row.near else None


_HAZARDS, _CHILDREN = _("Hazards"), _("Children under 16")

COLUMNS: tuple[Column, ...] = (
    Column("in_scope", _("In scope"), COUNT, lambda row: row.coverage.in_scope, _HAZARDS),
    Column("sign", _("With sign"), SHARE, _pair("with_sign", "sign_needed"), _HAZARDS),
    Column("barrier", _("With barrier"), SHARE, _pair("with_barrier", "barrier_needed"), _HAZARDS),
    Column("both", _("With both"), SHARE, _pair("with_both", "both_needed"), _HAZARDS),
    Column(
        "construction", _("Under construction, with both"), SHARE,
        _pair("building_with_both", "building_needed"), _HAZARDS,
    ),
    Column("not_surveyed", _("Not surveyed"), COUNT, _verdict(Verdict.NOT_SURVEYED), _HAZARDS),
    Column("expired", _("Check overdue"), COUNT, _verdict(Verdict.EXPIRED), _HAZARDS),
    Column("depth_unknown", _("Depth not known"), COUNT, _verdict(Verdict.DEPTH_UNKNOWN), _HAZARDS),
    Column("children", _("Children in all"), PEOPLE, _near("children"), _CHILDREN),
    Column("near", _("Near unprotected water"), PEOPLE, _near("near_any"), _CHILDREN),
    Column("near_gap", _("Near a gap that was seen"), PEOPLE, _near("near_seen_gap"), _CHILDREN),
    Column(
        "near_unseen", _("Near water never surveyed"), PEOPLE, _near("near_not_surveyed"), _CHILDREN
    ),
    Column(
        "near_water_here", _("Endangered by water of this unit"), PEOPLE, _near("from_its_waters"),
        _CHILDREN,
    ),
    Column(
        "official", _("Children by official count"), PEOPLE, _near("children_official"), _CHILDREN,
        if_any=True,
    ),
    Column("factor", _("Official / raster"), FACTOR, _near("factor"), _CHILDREN, if_any=True),
    Column(
        "near_adjusted", _("Near unprotected water, by official count"), PEOPLE,
        _near("near_adjusted"), _CHILDREN, if_any=True,
    ),
)  # fmt: skip


def _by_gap(kind: str) -> Callable[[GapRow], float | None]:
    return lambda row: row.near.near_by_gap.get(kind) if row.near else None


# The files say more than fits on a page.
FILE_COLUMNS: tuple[Column, ...] = (
    *COLUMNS,
    *(
        Column(
            f"near_{kind}",
            format_lazy("{}: {}", _("Near open water"), kind.label),
            PEOPLE,
            _by_gap(kind),
            _CHILDREN,
        )
        for kind in GapKind
    ),
)


def columns_of(rows: Sequence[GapRow]) -> list[Column]:
    """Leave out the columns that would be empty."""
    return [
        column
        for column in COLUMNS
        if not column.if_any or any(column.value(row) is not None for row in rows)
    ]
