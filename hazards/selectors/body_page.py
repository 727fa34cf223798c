"""The page of responsible bodies: who answers for how many hazards, and what is left to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from common.text import plain
from hazards.duplicates.spellings import alike_groups
from hazards.models import ResponsibleBody, WaterHazard
from hazards.selectors.reader import Reader
from hazards.taxonomy import NOT_LISTED, SEEN_GAPS, UNPROTECTED, BodyKind

ROWS_MAX = 500
NOT_KNOWN = frozenset(UNPROTECTED) - frozenset(SEEN_GAPS)


@dataclass(frozen=True)
class BodyRow:
    """A body and its hazards in the reader's area; ``gaps`` were seen.

    ``unknown``: nobody has looked, not lately, or the depth is not known. It is not safe.
    """

    body: ResponsibleBody
    hazards: int
    gaps: int
    unknown: int
    spellings: list[ResponsibleBody]


@dataclass(frozen=True)
class BodyPage:
    rows: list[BodyRow]
    total: int  # before the first ROWS_MAX were taken
    groups: list[list[BodyRow]]  # names that may be one body; not looked for in a search


def body_page(reader: Reader, text: str = "") -> BodyPage:
    """Return the bodies of hazards in the reader's area, the most gaps first; no households."""
    hazards = WaterHazard.objects.in_scope(reader.area).exclude(lifecycle__in=NOT_LISTED)
    counted = {
        row["responsible_body"]: row
        for row in hazards.exclude(responsible_body=None)
        .exclude(responsible_body__kind=BodyKind.HOUSEHOLD)
        .order_by()
        .values("responsible_body")
        .annotate(
            hazards=Count("pk"),
            gaps=Count("pk", filter=Q(assessment__verdict__in=SEEN_GAPS)),
            unknown=Count("pk", filter=Q(assessment__verdict__in=NOT_KNOWN)),
        )
    }
    bodies = ResponsibleBody.objects.filter(pk__in=counted).select_related("unit")
    spelled: dict[int, list[ResponsibleBody]] = {}
    for merged in ResponsibleBody.objects.filter(merged_into__in=counted).order_by("name_plain"):
        spelled.setdefault(merged.merged_into_id or 0, []).append(merged)
    rows = {
        body.pk: BodyRow(
            body, counted[body.pk]["hazards"], counted[body.pk]["gaps"],
            counted[body.pk]["unknown"], spelled.get(body.pk, []),
        )
        for body in bodies.defer("unit__geometry")
    }  # fmt: skip
    names = [] if text else [(pk, row.body.name) for pk, row in rows.items()]
    groups = [
        [rows[pk] for pk in group]
        for group in alike_groups(names)
        if _may_be_one([rows[pk].body for pk in group])
    ]
    wanted = plain(text)
    found = [row for row in rows.values() if _is_called(row, wanted)]
    found.sort(key=lambda row: (-row.gaps, -row.hazards, row.body.name_plain))
    return BodyPage(found[:ROWS_MAX], len(found), groups)


def _may_be_one(bodies: list[ResponsibleBody]) -> bool:
    """The same name in two units is two bodies: there is a co-operative "Thống Nhất" in many."""
    units = {body.unit_id for body in bodies} - {None}
    return len(units) <= 1


def _is_called(row: BodyRow, wanted: str) -> bool:
    names = [row.body.name_plain, *(one.name_plain for one in row.spellings)]
    return any(wanted in name for name in names)
