"""Verdicts counted by the unit that hazards lie in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hazards.services.assessment import verdict_counts_on
from hazards.taxonomy import IN_SCOPE, Verdict
from places.models import AdminUnit


@dataclass(frozen=True)
class UnitVerdicts:
    """``verdicts`` holds every verdict that occurs, in the order of the taxonomy."""

    code: str
    name: str
    level: str
    verdicts: dict[str, int]

    @property
    def compliant(self) -> int:
        return self.verdicts.get(Verdict.COMPLIANT, 0)

    @property
    def in_scope(self) -> int:
        return sum(self.verdicts.get(verdict, 0) for verdict in IN_SCOPE)

    @property
    def total(self) -> int:
        return sum(self.verdicts.values())

    def share(self) -> str:
        """Return n/N of compliant hazards in scope, "-" where there are none."""
        return f"{self.compliant}/{self.in_scope}" if self.in_scope else "-"


def verdicts_by_unit(on: date, *, unit: AdminUnit | None = None) -> list[UnitVerdicts]:
    """Return a row for each unit with hazards on that day, in the order of the unit tree."""
    counts = verdict_counts_on(on, unit=unit)
    units = AdminUnit.objects.filter(pk__in=counts).defer("geometry").order_by("tree_left")
    return [
        UnitVerdicts(
            code=row.code,
            name=row.full_name,
            level=row.level,
            verdicts={
                str(verdict): counts[row.pk][verdict]
                for verdict in Verdict
                if verdict in counts[row.pk]
            },
        )
        for row in units
    ]
