"""Try a change of a rule out on the register; nothing is written."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from common.errors import DomainError
from hazards.services.rehearsal import DraftRule, Rehearsal, draft_of, rehearse
from hazards.taxonomy import Duty, Verdict
from places.access import unit_by_code


class Command(FileCommand):
    help = (
        "Say how many verdicts would change if a rule were changed as given. What is not given "
        "stays as in the newest version of the rule. Nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--rule", required=True, metavar="CODE", help="e.g. deep-water")
        parser.add_argument("--min-depth", metavar="M", help='deeper than, in metres, or "any"')
        parser.add_argument("--duties", nargs="+", choices=Duty.values)
        for duty in Duty.values:
            parser.add_argument(f"--{duty}-months", type=int, metavar="N")
        parser.add_argument("--from", type=date.fromisoformat, dest="valid_from", metavar="DATE")
        parser.add_argument("--unit", metavar="CODE", help="count only in this unit")
        parser.add_argument("--json", action="store_true", help="one object for programs")

    def run(self, *args: Any, **options: Any) -> None:
        try:
            unit = unit_by_code(options["unit"]) if options["unit"] else None
            found = rehearse(_draft(options), unit=unit)
        except DomainError as error:
            raise CommandError(f"{options['rule']}: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(_plainly(found), ensure_ascii=False))
            return
        for (old, new), hazards in found.changes.items():
            self.stdout.write(f"{Verdict(old).label} -> {Verdict(new).label}: {hazards}")
        for one in found.units:
            self.stdout.write(f"{one.unit.code}\t{one.unit.full_name}\t{one.changed}/{one.total}")
        said = _(
            "Verdicts that would change on {day}: {changed} of {total}; communes touched: "
            "{communes}. Nothing was written."
        )
        self.stdout.write(
            said.format(
                day=found.on,
                changed=found.changed,
                total=found.total,
                communes=len(found.units),
            )
        )


def _draft(options: dict[str, Any]) -> DraftRule:
    changes: dict[str, Any] = {}
    if options["min_depth"] is not None:
        changes["min_depth_m"] = _depth(options["min_depth"])
    if options["duties"]:
        changes["duties"] = tuple(options["duties"])
    if options["valid_from"]:
        changes["valid_from"] = options["valid_from"]
    draft = draft_of(options["rule"], **changes)
    months = {duty: options[f"{duty}_months"] for duty in Duty.values}
    draft.valid_months.update({duty: n for duty, n in months.items() if n is not None})
    return draft


def _depth(text: str) -> Decimal | None:
    if text == "any":
        return None
    try:
        return Decimal(text)
    except InvalidOperation as error:
        said = _('--min-depth {text}: give metres, such as 0.5, or "any".')
        raise CommandError(said.format(text=text)) from error


def _plainly(found: Rehearsal) -> dict[str, Any]:
    return {
        "on": found.on.isoformat(),
        "changed": found.changed,
        "total": found.total,
        "changes": [
            {"from": old, "to": new, "hazards": n} for (old, new), n in found.changes.items()
        ],
        "units": [
            {
                "code": one.unit.code,
                "name": one.unit.full_name,
                "changed": one.changed,
                "total": one.total,
            }
            for one in found.units
        ],
        "before": found.before,
        "after": found.after,
        "in_scope_before": found.in_scope_before,
        "in_scope_after": found.in_scope_after,
    }
