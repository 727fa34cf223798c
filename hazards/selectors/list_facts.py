"""What a list must say of itself to be signed: place, day, rules, boundaries, filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hazards.models import ComplianceRule
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import HazardRows
from hazards.selectors.words import list_title, narrowed_by
from places.models import BoundarySet
from places.selectors import current_set, unit_trail


@dataclass(frozen=True)
class RuleFact:
    code: str
    valid_from: date
    title: str
    legal_reference: str


@dataclass(frozen=True)
class ListFacts:
    """``place`` runs from the smallest unit up: "Xã Lộc Ninh, Tỉnh Đồng Nai"."""

    place: str
    as_of: date
    made_at: datetime
    count: int
    counts: dict[str, int]
    rules: list[RuleFact]
    boundaries: BoundarySet | None
    title: str
    narrowed: list[str]
    printed_code: str = ""  # on the sheet, to make the list again by

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def legal_references(self) -> list[str]:
        return list(dict.fromkeys(r.legal_reference for r in self.rules if r.legal_reference))


def list_facts(rows: HazardRows) -> ListFacts:
    wanted = rows.filter
    trail = unit_trail(wanted.unit) if wanted.unit else []
    counts = rows.exact_counts()
    return ListFacts(
        place=", ".join(unit.full_name for unit in reversed(trail)) or _("the whole register"),
        as_of=wanted.as_of,
        made_at=timezone.localtime(),
        count=rows.count(),
        counts=counts,
        rules=_rules(wanted),
        boundaries=wanted.unit.boundary_set if wanted.unit else current_set(),
        title=list_title(wanted.verdicts),
        narrowed=narrowed_by(wanted, rows.reader),
        printed_code=rows.printed_code,
    )


def _rules(wanted: HazardFilter) -> list[RuleFact]:
    """Return the rules in force on the day that touch the kinds asked for."""
    in_force = ComplianceRule.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=wanted.as_of), valid_from__lte=wanted.as_of
    )
    if wanted.kinds:
        in_force = in_force.filter(kinds__overlap=list(wanted.kinds))
    in_vietnamese = (get_language() or "vi").startswith("vi")
    return [
        RuleFact(
            code=rule.rule_code,
            valid_from=rule.valid_from,
            title=rule.title_vi if in_vietnamese else rule.title_en,
            legal_reference=rule.legal_reference,
        )
        for rule in in_force
    ]
