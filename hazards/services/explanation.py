"""Say a finding in words: rule, fact, observation and date, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hazards.compliance.evaluate import evaluate
from hazards.compliance.findings import Findings, Reason
from hazards.compliance.words import LOW
from hazards.models import ComplianceRule, WaterHazard
from hazards.services.facts import facts_of_hazards, rule_of
from hazards.taxonomy import DepthClass, Duty, HazardKind, Lifecycle, ObservedState, Verdict


@dataclass(frozen=True)
class Sentence:
    """One reason in words. ``observation`` is the public id of what was seen, empty if nothing."""

    code: str
    text: str
    observation: str = ""


@dataclass(frozen=True)
class Explanation:
    """A verdict with its reasons in words; ``findings`` holds the same for programs."""

    findings: Findings
    verdict_label: str
    rule: ComplianceRule | None
    sentences: list[Sentence]

    @property
    def texts(self) -> list[str]:
        return [sentence.text for sentence in self.sentences]


def explain(hazard: WaterHazard, on: date | None = None) -> Explanation:
    """Judge one hazard on a day (today when not given) and say why; five queries, no writing."""
    rows = list(ComplianceRule.objects.all())
    facts = facts_of_hazards([hazard])[hazard.pk]
    findings = evaluate(facts, [rule_of(row) for row in rows], on or timezone.localdate())
    rule = next((row for row in rows if findings.rule and row.pk == findings.rule.id), None)
    return Explanation(
        findings=findings,
        verdict_label=str(Verdict(findings.verdict).label),
        rule=rule,
        sentences=[
            Sentence(
                code=reason.code,
                text=_in_words(reason, findings, rule),
                observation=str(reason.facts.get("observation", "")),
            )
            for reason in findings.reasons
        ],
    )


def _in_words(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    text = _SAY[reason.code](reason, findings, rule)
    if reason.code.startswith("duty_") and reason.facts.get("place"):
        return _("At {place}: {text}").format(place=reason.facts["place"], text=text)
    return text


def rule_title(rule: ComplianceRule) -> str:
    """Return the rule's title in the reader's language."""
    return rule.title_vi if (get_language() or "vi").startswith("vi") else rule.title_en


def _day(value: Any) -> str:
    return date_format(value, "SHORT_DATE_FORMAT")


def _last_day(first_day_not: Any) -> str:
    """The day before, since people read "until" as a day that still counts."""
    return _day(first_day_not - timedelta(days=1))


def _metres(value: Any) -> str:
    return number_format(f"{float(value):g}", use_l10n=True)


def _duty(reason: Reason) -> str:
    label = str(Duty(str(reason.facts["duty"])).label)
    return label[:1].upper() + label[1:]


def _depth(reason: Reason) -> str:
    if reason.facts.get("depth_m") is not None:
        return _("{metres} m").format(metres=_metres(reason.facts["depth_m"]))
    return str(DepthClass(str(reason.facts["depth_class"])).label)


def _rule(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    title = rule_title(rule) if rule else str(reason.facts["rule"])
    since = _day(reason.facts["valid_from"])
    if rule and rule.legal_reference:
        return _("Rule: {title} ({reference}), in force from {day}.").format(
            title=title, reference=rule.legal_reference, day=since
        )
    return _("Rule: {title}, in force from {day}.").format(title=title, day=since)


def _no_rule(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _("No rule in force on {day} speaks of this hazard ({kind}).").format(
        day=_day(findings.on), kind=HazardKind(str(reason.facts["kind"])).label
    )


def _no_water(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _("State of the hazard: {lifecycle}. There is no water to guard.").format(
        lifecycle=Lifecycle(str(reason.facts["lifecycle"])).label
    )


def _waived(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _("Waived up to and including {day}. Reason given: {reason}").format(
        day=_last_day(reason.facts["until"]), reason=reason.facts["reason"]
    )


def _near(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _("The rule asks for water {limits}. {distances}").format(
        limits=_limits(reason), distances=_distances(reason)
    )


def _nearness_unknown(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _(
        "The rule asks for water {limits}. How far that is from here, nobody has said; until it is "
        "known, the rule holds."
    ).format(limits=_limits(reason))


def _limits(reason: Reason) -> str:
    house_m, school_m = reason.facts["near_house_m"], reason.facts["near_school_m"]
    if school_m is None:
        return _("within {house} m of a house").format(house=_metres(house_m))
    if house_m is None:
        return _("within {school} m of a school").format(school=_metres(school_m))
    return _("within {house} m of a house or {school} m of a school").format(
        house=_metres(house_m), school=_metres(school_m)
    )


def _distances(reason: Reason) -> str:
    """Say the distances that are known and asked for."""
    said = []
    if reason.facts["near_house_m"] is not None and reason.facts["nearest_house_m"] is not None:
        metres = _metres(reason.facts["nearest_house_m"])
        said.append(_("Nearest house: {metres} m.").format(metres=metres))
    if reason.facts["near_school_m"] is not None and reason.facts["nearest_school_m"] is not None:
        metres = _metres(reason.facts["nearest_school_m"])
        said.append(_("Nearest school: {metres} m.").format(metres=metres))
    return " ".join(said)


def _any_depth(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _("The rule holds whatever the depth.")


def _depth_unknown(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _(
        "The depth is not known; the rule asks for water deeper than {limit} m. Until the depth is "
        "known, the hazard counts as unprotected."
    ).format(limit=_metres(reason.facts["min_depth_m"]))


def _deep(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _(
        "Depth: {depth}, known since {day}. The rule asks for water deeper than {limit} m."
    ).format(
        depth=_depth(reason),
        day=_day(reason.facts["seen_on"]),
        limit=_metres(reason.facts["min_depth_m"]),
    )


def _shallow(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _(
        "Depth: {depth}, known since {day}. That is not deeper than {limit} m, so the rule does "
        "not apply."
    ).format(
        depth=_depth(reason),
        day=_day(reason.facts["seen_on"]),
        limit=_metres(reason.facts["min_depth_m"]),
    )


def _met(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _("{duty}: seen in place on {day}; this counts up to and including {last}.").format(
        duty=_duty(reason),
        day=_day(reason.facts["seen_on"]),
        last=_last_day(reason.facts["valid_until"]),
    )


def _places(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    count = int(str(reason.facts["count"]))
    return ngettext(
        "The water is judged where people reach it: {count} place. The worst of them decides.",
        "The water is judged where people reach it: {count} places. The worst of them decides.",
        count,
    ).format(count=number_format(count))


def _place_in_order(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    if reason.facts["valid_until"] is None:
        return _("At {place}: all that is required is in place.").format(**reason.facts)
    return _(
        "At {place}: all that is required was seen in place; this counts up to and including "
        "{last}."
    ).format(place=reason.facts["place"], last=_last_day(reason.facts["valid_until"]))


def _short(reason: Reason, rule: ComplianceRule | None) -> str:
    """A barrier that stands and is yet none, since it can be climbed or crept through."""
    said = {"duty": _duty(reason), "day": _day(reason.facts["seen_on"])}
    if reason.facts["shortfall"] == LOW:
        return _(
            "{duty}: it stood on {day}, but only {found} m high at its lowest; the rule asks for "
            "at least {limit} m."
        ).format(
            **said,
            found=_metres(reason.facts["height_m"]),
            limit=_metres(rule.min_barrier_height_m if rule else 0),
        )
    return _(
        "{duty}: it stood on {day}, but with a gap of {found} mm; the rule allows at most {limit} "
        "mm."
    ).format(
        **said,
        found=_metres(reason.facts["widest_gap_mm"]),
        limit=_metres(rule.max_barrier_gap_mm if rule else 0),
    )


def _unmet(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    if reason.facts.get("shortfall"):
        return _short(reason, rule)
    return _("{duty}: “{state}” on {day}. A gap counts until somebody has seen it mended.").format(
        duty=_duty(reason),
        state=ObservedState(str(reason.facts["state"])).label,
        day=_day(reason.facts["seen_on"]),
    )


def _unknown(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _("{duty}: nobody has looked yet.").format(duty=_duty(reason))


def _expired(reason: Reason, findings: Findings, rule: ComplianceRule | None) -> str:
    return _(
        "{duty}: last seen in place on {day}, which counted up to and including {last}. It must be "
        "looked at again."
    ).format(
        duty=_duty(reason),
        day=_day(reason.facts["seen_on"]),
        last=_last_day(reason.facts["valid_until"]),
    )


_SAY: dict[str, Callable[[Reason, Findings, ComplianceRule | None], str]] = {
    "rule": _rule,
    "no_rule": _no_rule,
    "lifecycle_without_water": _no_water,
    "waived": _waived,
    "near": _near,
    "nearness_unknown": _nearness_unknown,
    "any_depth": _any_depth,
    "depth_unknown": _depth_unknown,
    "deep": _deep,
    "shallow": _shallow,
    "places": _places,
    "place_in_order": _place_in_order,
    "duty_met": _met,
    "duty_unmet": _unmet,
    "duty_unknown": _unknown,
    "duty_expired": _expired,
}
