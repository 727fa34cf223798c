"""The rules in force, past and coming, with what each judges where the reader may look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.scoping import AreaScope
from hazards.models import ComplianceRule, HazardAssessment
from hazards.taxonomy import Duty, HazardKind, Lifecycle

IN_FORCE, COMING, PAST = "in_force", "coming", "past"


@dataclass(frozen=True)
class RuleRow:
    """A rule as the page shows it. ``judged``: hazards whose verdict of today rests on it."""

    rule: ComplianceRule
    state: str
    judged: int

    @property
    def kinds(self) -> list[str]:
        return [str(HazardKind(kind).label) for kind in self.rule.kinds]

    @property
    def where(self) -> str:
        """Say which states and places the rule is narrowed to."""
        parts = [str(Lifecycle(state).label) for state in self.rule.lifecycles]
        said = [_("only: {states}").format(states="; ".join(parts))] if parts else []
        limits = {
            _("within {metres} m of a house"): self.rule.near_house_m,
            _("within {metres} m of a school"): self.rule.near_school_m,
        }
        near = [text.format(metres=m) for text, m in limits.items() if m is not None]
        if near:
            said.append(_(" or ").join(near))
        return "; ".join(said) or _("everywhere, in any state with water")

    @property
    def measures(self) -> str:
        """Say what is asked of a barrier's measures; "-" where they are not judged."""
        height_m, gap_mm = self.rule.min_barrier_height_m, self.rule.max_barrier_gap_mm
        said = []
        if height_m is not None:
            height = number_format(f"{height_m:g}")
            said.append(_("at least {metres} m high").format(metres=height))
        if gap_mm is not None:
            said.append(_("no gap over {gap} mm").format(gap=number_format(gap_mm)))
        return ", ".join(said) or "-"

    @property
    def duties(self) -> list[tuple[str, int]]:
        """Return (duty, months that evidence of it counts)."""
        return [
            (str(Duty(duty).label), getattr(self.rule, f"{duty}_valid_months"))
            for duty in self.rule.duties
        ]


def rulebook(scope: AreaScope, today: date) -> list[RuleRow]:
    """Return every rule, those in force first, then those coming, then those past."""
    kept = HazardAssessment.objects.filter(scope.q("hazard__unit")).order_by()
    judged = dict(kept.values_list("rule").annotate(Count("pk")))
    order = [IN_FORCE, COMING, PAST]
    rows = [
        RuleRow(rule, _state(rule, today), judged.get(rule.pk, 0))
        for rule in ComplianceRule.objects.order_by("rule_code", "-valid_from")
    ]
    return sorted(rows, key=lambda row: order.index(row.state))


def _state(rule: ComplianceRule, today: date) -> str:
    if rule.valid_from > today:
        return COMING
    return PAST if rule.valid_to is not None and rule.valid_to <= today else IN_FORCE
