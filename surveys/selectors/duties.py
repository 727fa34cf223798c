"""Which safeguards to ask for at a hazard of a kind: what the rules in force ask."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from hazards.models import ComplianceRule
from hazards.taxonomy import Duty, HazardKind

DEFAULT = (Duty.SIGN, Duty.BARRIER)  # for kinds under no rule: what most waters need


def duties_by_kind() -> dict[str, list[str]]:
    """Return for every kind the duties to ask about today, in the order of ``Duty``."""
    today = timezone.localdate()
    rules = ComplianceRule.objects.filter(valid_from__lte=today).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    )
    asked: dict[str, set[str]] = {}
    for kinds, duties in rules.values_list("kinds", "duties"):
        for kind in kinds:
            asked.setdefault(kind, set()).update(duties)
    return {
        kind: [duty for duty in Duty.values if duty in asked.get(kind, set(DEFAULT))]
        for kind in HazardKind.values
    }
