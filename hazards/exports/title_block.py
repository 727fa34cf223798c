"""The words above and below a list that make it fit to be signed. Numbers and dates of the paper
itself stay blank: the clerk gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hazards.selectors.list_facts import ListFacts
from hazards.taxonomy import Verdict


def day(value: date) -> str:
    return formats.date_format(value, "SHORT_DATE_FORMAT")


def figure(value: int) -> str:
    return formats.number_format(value, force_grouping=True)


def title_lines(facts: ListFacts) -> list[str]:
    """Return the lines above the table; the second is the title."""
    return [
        facts.place,
        facts.title.upper(),
        _("As of {day}").format(day=day(facts.as_of)),
        *body_lines(facts),
    ]


def body_lines(facts: ListFacts) -> list[str]:
    """Return the lines between title and table: basis, rules, boundaries, counts, filters."""
    lines = [*basis_lines(facts), count_line(facts), counts_line(facts)]
    if facts.narrowed:
        lines.append(_("Narrowed by: {parts}.").format(parts="; ".join(facts.narrowed)))
    if facts.printed_code:
        lines.append(
            _("Code of this list: {code}. With it the list can be made again and compared.").format(
                code=facts.printed_code
            )
        )
    return lines


def basis_lines(facts: ListFacts) -> list[str]:
    """Return the lines of the legal basis, the rules with their versions, and the boundaries."""
    rules = "; ".join(
        _("{title} (in force from {day})").format(title=rule.title, day=day(rule.valid_from))
        for rule in facts.rules
    )
    lines = []
    if facts.legal_references:
        lines.append(_("Basis: {references}.").format(references="; ".join(facts.legal_references)))
    if rules:
        lines.append(_("Rules applied: {rules}.").format(rules=rules))
    if facts.boundaries:
        lines.append(
            _("Boundaries: {title}, valid from {day}.").format(
                title=facts.boundaries, day=day(facts.boundaries.valid_from)
            )
        )
    if facts.as_of < facts.made_at.date():
        lines.append(
            _(
                "A day gone by: names, states and verdicts are those of that day; units and "
                "figures on children are those of {today}."
            ).format(today=day(facts.made_at.date()))
        )
    return lines


def count_line(facts: ListFacts) -> str:
    return ngettext(
        "{count} hazard in this list, of {total} with the same filters and any verdict.",
        "{count} hazards in this list, of {total} with the same filters and any verdict.",
        facts.count,
    ).format(count=figure(facts.count), total=figure(facts.total))


def counts_line(facts: ListFacts) -> str:
    """Return all verdicts with their counts, so that the unknown is never taken for safe."""
    parts = [
        f"{verdict.label}: {figure(facts.counts.get(verdict, 0))}"
        for verdict in Verdict
        if facts.counts.get(verdict)
    ]
    return _("By verdict: {parts}.").format(parts="; ".join(parts) or "-")


@dataclass(frozen=True)
class Signers:
    left: list[str]
    right: list[str]
    right_column: int = 13


def signature_lines() -> Signers:
    return Signers(
        left=["", _("Drawn up by"), _("(signature, full name)")],
        right=[
            _("................, date ..... month ..... year ......."),
            _("Head of the body"),
            _("(signature, full name, stamp)"),
        ],
    )
