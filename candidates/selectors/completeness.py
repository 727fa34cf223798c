"""How complete the register is: confirmed candidates of those confirmed or still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from accounts.scoping import AreaScope
from candidates.models import Candidate, CandidateSource
from candidates.words import CandidateState
from places.models import AdminUnit

_HAMLET = "hamlet"


@dataclass(frozen=True)
class Completeness:
    """Of one commune: candidates confirmed, open and rejected. Rejected ones count for nothing."""

    unit: AdminUnit
    confirmed: int
    open: int
    rejected: int

    @property
    def known(self) -> int:
        return self.confirmed + self.open


def completeness(scope: AreaScope, unit: AdminUnit | None = None) -> list[Completeness]:
    """Return a row for each commune with candidates, those with most open ones first."""
    rows = Candidate.objects.in_scope(scope).filter(unit__isnull=False)
    if unit is not None:
        rows = rows.within_unit(unit)
    counted = rows.order_by().values("unit").annotate(
        confirmed=Count("pk", filter=Q(state=CandidateState.CONFIRMED)),
        open=Count("pk", filter=Q(state=CandidateState.NEW)),
        rejected=Count("pk", filter=Q(state=CandidateState.REJECTED)),
    )  # fmt: skip
    units = {
        one.pk: one
        for one in AdminUnit.objects.filter(pk__in=[row["unit"] for row in counted])
        .select_related("parent")
        .defer("geometry", "parent__geometry")
    }
    sums: dict[AdminUnit, list[int]] = {}
    for row in counted:
        own = units[row["unit"]]
        commune = own.parent if own.level == _HAMLET and own.parent else own
        held = sums.setdefault(commune, [0, 0, 0])
        for n, count in enumerate((row["confirmed"], row["open"], row["rejected"])):
            held[n] += count
    found = [Completeness(commune, *numbers) for commune, numbers in sums.items()]
    return sorted(found, key=lambda row: (-row.open, row.unit.tree_left))


def newest_data() -> date | None:
    """Return the day of the newest data that was looked through; None when none was."""
    newest = CandidateSource.objects.aggregate(day=Max("data_date"), loaded=Max("created_at"))
    return newest["day"] or (newest["loaded"].date() if newest["loaded"] else None)
