"""What a rule would change before it is signed: judged in sets, nothing written."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.scoping import AreaScope
from common.errors import NotFoundError
from hazards.models import ComplianceRule
from hazards.services.assessment import compare_rules
from hazards.services.rules import check_overlap, make_rule, newest_version
from hazards.taxonomy import IN_SCOPE, Verdict
from places.models import AdminUnit

HAMLET = "hamlet"


@dataclass(frozen=True, kw_only=True)
class DraftRule:
    """A rule not signed yet: the next version of ``rule_code``, or a new rule. Metres, months."""

    rule_code: str
    title_vi: str
    title_en: str
    kinds: tuple[str, ...]
    duties: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    min_depth_m: Decimal | None = None
    lifecycles: tuple[str, ...] = ()
    near_house_m: int | None = None
    near_school_m: int | None = None
    min_barrier_height_m: float | None = None
    max_barrier_gap_mm: int | None = None
    valid_months: dict[str, int] = field(default_factory=dict)
    legal_reference: str = ""

    def values(self) -> dict[str, Any]:
        """Return what ``services.rules.add_rule`` takes, but for the actor."""
        return asdict(self)


@dataclass(frozen=True)
class UnitChange:
    """A commune: hazards whose verdict would be another, and all that it has in the register."""

    unit: AdminUnit
    changed: int
    total: int


@dataclass(frozen=True)
class Rehearsal:
    """Hazards by (from, to) verdict and by commune, and all verdicts before and after, on a day."""

    on: date
    changes: dict[tuple[str, str], int]
    units: list[UnitChange]
    before: dict[str, int]
    after: dict[str, int]

    @property
    def changed(self) -> int:
        return sum(self.changes.values())

    @property
    def total(self) -> int:
        return sum(self.before.values())

    @property
    def in_scope_before(self) -> int:
        return sum(self.before.get(verdict, 0) for verdict in IN_SCOPE)

    @property
    def in_scope_after(self) -> int:
        return sum(self.after.get(verdict, 0) for verdict in IN_SCOPE)


def rehearse(
    draft: DraftRule,
    on: date | None = None,
    scope: AreaScope | None = None,
    *,
    unit: AdminUnit | None = None,
) -> Rehearsal:
    """Say which verdicts the draft would change; nothing is written.

    Both sides are judged on the same day, so that what time alone changes is not put down to the
    rule: ``on``, else today or the draft's first day, whichever is later. What has been seen until
    now counts. Refused for the same reasons as signing. Counts only hazards in ``scope`` and below
    ``unit``.
    """
    day = on or max(timezone.localdate(), draft.valid_from)
    rows = compare_rules(day, _rules_with(draft), unit=unit, scope=scope)
    changes: Counter[tuple[str, str]] = Counter()
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for row in rows:
        old, new, hazards = row["verdict_before"], row["verdict_after"], row["hazards"]
        before[old] += hazards
        after[new] += hazards
        if old != new:
            changes[old, new] += hazards
    return Rehearsal(
        on=day,
        changes=dict(sorted(changes.items(), key=lambda item: (-item[1], item[0]))),
        units=_unit_changes(rows),
        before={str(verdict): before[verdict] for verdict in Verdict if before[verdict]},
        after={str(verdict): after[verdict] for verdict in Verdict if after[verdict]},
    )


def draft_of(rule_code: str, **changes: Any) -> DraftRule:
    """Return the newest version of a rule as a draft, with changes; it begins today or later.

    Raises NotFoundError when no rule has the code.
    """
    newest = ComplianceRule.objects.filter(rule_code=rule_code).order_by("-valid_from").first()
    if newest is None:
        raise NotFoundError
    draft = DraftRule(
        rule_code=newest.rule_code,
        title_vi=newest.title_vi,
        title_en=newest.title_en,
        legal_reference=newest.legal_reference,
        kinds=tuple(newest.kinds),
        duties=tuple(newest.duties),
        min_depth_m=newest.min_depth_m,
        lifecycles=tuple(newest.lifecycles),
        near_house_m=newest.near_house_m,
        near_school_m=newest.near_school_m,
        min_barrier_height_m=newest.min_barrier_height_m,
        max_barrier_gap_mm=newest.max_barrier_gap_mm,
        valid_months={
            "sign": newest.sign_valid_months,
            "barrier": newest.barrier_valid_months,
            "cover": newest.cover_valid_months,
        },
        valid_from=max(timezone.localdate(), newest.valid_from + timedelta(days=1)),
    )
    return replace(draft, **changes)


def _rules_with(draft: DraftRule) -> list[ComplianceRule]:
    """Return all rules as they would stand after signing; refused as signing would be."""
    rule = make_rule(**draft.values())
    newest = newest_version(rule)
    check_overlap(rule, besides=newest)
    rules = list(ComplianceRule.objects.all())
    for other in rules:
        is_newest = newest is not None and other.pk == newest.pk
        if is_newest and (other.valid_to is None or other.valid_to > rule.valid_from):
            other.valid_to = rule.valid_from  # on the copy in memory; nobody saves it
    return [*rules, rule]


def _unit_changes(rows: list[dict[str, Any]]) -> list[UnitChange]:
    """Return the communes that would change, those with most changes first; hamlets count there."""
    communes = _commune_of({row["unit_id"] for row in rows})
    changed: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for row in rows:
        commune, hazards = communes[row["unit_id"]], row["hazards"]
        total[commune] += hazards
        if row["verdict_before"] != row["verdict_after"]:
            changed[commune] += hazards
    units = AdminUnit.objects.filter(pk__in=changed.keys()).defer("geometry")
    found = [UnitChange(unit, changed[unit.pk], total[unit.pk]) for unit in units]
    return sorted(found, key=lambda one: (-one.changed, one.unit.tree_left))


def _commune_of(unit_ids: set[int]) -> dict[int, int]:
    """Return of each unit the one it is counted under: of a hamlet its commune, else itself."""
    found = AdminUnit.objects.filter(pk__in=unit_ids).order_by()
    return {
        pk: parent_id if level == HAMLET and parent_id else pk
        for pk, parent_id, level in found.values_list("pk", "parent_id", "level")
    }
