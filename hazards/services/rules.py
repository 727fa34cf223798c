"""Rules of the order as dated data: add one, give one a new version, end one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.audit import record
from accounts.models import User
from common.text import tidy
from hazards.errors import (
    DateOrderError,
    RuleDistanceError,
    RuleEmptyError,
    RuleMeasureError,
    RuleMonthsError,
    RuleOrderError,
    RulesOverlapError,
    UnknownWordError,
)
from hazards.models import ComplianceRule, WaterHazard
from hazards.services.assessment import assess
from hazards.services.preparation import read_depth_m
from hazards.taxonomy import LIFECYCLES_WITH_WATER, Duty, HazardKind

DEFAULT_MONTHS: Mapping[str, int] = {Duty.SIGN: 6, Duty.BARRIER: 12, Duty.COVER: 12}
MAX_MONTHS = 120
MAX_NEAR_M = 10_000
MAX_HEIGHT_M = 3.0
MAX_GAP_MM = 1000


@transaction.atomic
def add_rule(*, actor: User | None, **values: Any) -> ComplianceRule:
    """Add a rule, or a new version of one: the version before ends on the day this one begins.

    ``values`` are those of :func:`make_rule`. Refused when another rule lists one of the kinds on a
    day that both are in force. The verdicts of all hazards of the kinds concerned are worked out
    anew.
    """
    rule = make_rule(**values)
    ended = _end_version_before(rule)
    check_overlap(rule)
    rule.save()
    _audit("add_rule", rule, actor, ended=str(ended.public_id) if ended else "")
    _assess_kinds({*rule.kinds, *(ended.kinds if ended else ())})
    return rule


def make_rule(
    *,
    rule_code: str,
    title_vi: str,
    title_en: str,
    kinds: Iterable[str],
    duties: Iterable[str],
    valid_from: date,
    valid_to: date | None = None,
    min_depth_m: Decimal | float | None = None,
    lifecycles: Iterable[str] = (),
    near_house_m: int | None = None,
    near_school_m: int | None = None,
    min_barrier_height_m: float | None = None,
    max_barrier_gap_mm: int | None = None,
    valid_months: Mapping[str, int] | None = None,
    legal_reference: str = "",
) -> ComplianceRule:
    """Return a rule that could be stored, checked by itself; nothing is written."""
    months = dict(DEFAULT_MONTHS) | dict(valid_months or {})
    rule = ComplianceRule(
        rule_code=rule_code,
        title_vi=tidy(title_vi),
        title_en=tidy(title_en),
        legal_reference=tidy(legal_reference),
        kinds=list(dict.fromkeys(kinds)),
        duties=list(dict.fromkeys(duties)),
        min_depth_m=None if min_depth_m is None else read_depth_m(min_depth_m),
        lifecycles=list(dict.fromkeys(lifecycles)),
        near_house_m=near_house_m,
        near_school_m=near_school_m,
        min_barrier_height_m=min_barrier_height_m,
        max_barrier_gap_mm=max_barrier_gap_mm,
        sign_valid_months=months[Duty.SIGN],
        barrier_valid_months=months[Duty.BARRIER],
        cover_valid_months=months[Duty.COVER],
        valid_from=valid_from,
        valid_to=valid_to,
    )
    check_rule(rule)
    return rule


@transaction.atomic
def end_rule(*, rule: ComplianceRule, valid_to: date, actor: User | None) -> ComplianceRule:
    """Say on which day a rule is in force no more."""
    if valid_to <= rule.valid_from:
        raise DateOrderError(start=rule.valid_from, end=valid_to)
    rule.valid_to = valid_to
    check_overlap(rule)
    rule.save(update_fields=["valid_to", "updated_at"])
    _audit("end_rule", rule, actor)
    _assess_kinds(set(rule.kinds))
    return rule


def check_rule(rule: ComplianceRule) -> None:
    """Refuse words that are not known, months that cannot be, and a rule that asks for nothing."""
    if not rule.kinds or not rule.duties:
        raise RuleEmptyError(rule=rule.rule_code)
    _check_words("kinds", rule.kinds, HazardKind.values)
    _check_words("duties", rule.duties, Duty.values)
    _check_words("lifecycles", rule.lifecycles, sorted(LIFECYCLES_WITH_WATER))
    for distance_m in (rule.near_house_m, rule.near_school_m):
        if distance_m is not None and not 1 <= distance_m <= MAX_NEAR_M:
            raise RuleDistanceError(distance_m=distance_m, limit_m=MAX_NEAR_M)
    for measure, most in (
        (rule.min_barrier_height_m, MAX_HEIGHT_M),
        (rule.max_barrier_gap_mm, MAX_GAP_MM),
    ):
        if measure is not None and not 0 < measure <= most:
            raise RuleMeasureError(measure=measure, height_m=MAX_HEIGHT_M, gap_mm=MAX_GAP_MM)
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        raise DateOrderError(start=rule.valid_from, end=rule.valid_to)
    for duty in Duty:
        months = getattr(rule, f"{duty.value}_valid_months")
        if not 1 <= months <= MAX_MONTHS:
            raise RuleMonthsError(months=months, duty=duty.label)


def newest_version(rule: ComplianceRule) -> ComplianceRule | None:
    """Return the stored version of the same rule that begins last."""
    versions = ComplianceRule.objects.filter(rule_code=rule.rule_code).exclude(pk=rule.pk)
    return versions.order_by("-valid_from").first()


def check_overlap(rule: ComplianceRule, *, besides: ComplianceRule | None = None) -> None:
    """Refuse two rules that may speak of one hazard on one day, naming both.

    A narrower rule (states, nearness) may stand beside a wider one: it goes before it. ``besides``
    is a version that will end when ``rule`` begins; it must have begun before.
    """
    if besides is not None and besides.valid_from >= rule.valid_from:
        raise RuleOrderError(rule=rule.rule_code, day=besides.valid_from)
    settled = [rule.pk, besides.pk if besides else None]
    others = ComplianceRule.objects.exclude(pk__in=[pk for pk in settled if pk]).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=rule.valid_from), kinds__overlap=rule.kinds
    )
    if rule.valid_to is not None:
        others = others.filter(valid_from__lt=rule.valid_to)
    other = next((one for one in others.order_by("valid_from") if _as_narrow(rule, one)), None)
    if other is not None:
        kind = next(kind for kind in rule.kinds if kind in other.kinds)
        raise RulesOverlapError(
            first=other.rule_code,
            second=rule.rule_code,
            kind=HazardKind(kind).label,
            day=max(rule.valid_from, other.valid_from),
        )


def _as_narrow(rule: ComplianceRule, other: ComplianceRule) -> bool:
    """Say whether neither of two rules goes before the other where both list a kind."""
    states, other_states = set(rule.lifecycles), set(other.lifecycles)
    if _conditions(rule) != _conditions(other):
        return False
    return not states or not other_states or not states.isdisjoint(other_states)


def _conditions(rule: ComplianceRule) -> int:
    is_near = rule.near_house_m is not None or rule.near_school_m is not None
    return bool(rule.lifecycles) + is_near


def _end_version_before(rule: ComplianceRule) -> ComplianceRule | None:
    newest = newest_version(rule)
    if newest is None:
        return None
    if newest.valid_from >= rule.valid_from:
        raise RuleOrderError(rule=rule.rule_code, day=newest.valid_from)
    if newest.valid_to is not None and newest.valid_to <= rule.valid_from:
        return None
    newest.valid_to = rule.valid_from
    newest.save(update_fields=["valid_to", "updated_at"])
    return newest


def _check_words(field: str, values: Iterable[str], allowed: list[str]) -> None:
    for value in values:
        if value not in allowed:
            raise UnknownWordError(field=field, value=value, allowed=", ".join(allowed))


def _assess_kinds(kinds: set[str]) -> None:
    assess(WaterHazard.objects.filter(kind__in=kinds).values_list("pk", flat=True))


def _audit(verb: str, rule: ComplianceRule, actor: User | None, **facts: str) -> None:
    record(
        actor=actor,
        verb=verb,
        target_kind="rule",
        target_id=rule.public_id,
        rule=rule.rule_code,
        valid_from=rule.valid_from.isoformat(),
        valid_to=rule.valid_to.isoformat() if rule.valid_to else None,
        kinds=rule.kinds,
        duties=rule.duties,
        **facts,
    )
