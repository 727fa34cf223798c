"""Work out verdicts and count them by unit."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from common.commands import FileCommand
from common.errors import DomainError
from hazards.selectors.verdict_counts import UnitVerdicts, verdicts_by_unit
from hazards.services.assessment import assess, refresh_due
from hazards.taxonomy import Verdict
from places.access import unit_by_code


class Command(FileCommand):
    help = (
        "Judge every hazard against the rules and count the verdicts by unit. Without --on the "
        "verdicts of today are worked out anew and kept; with --on nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("unit_code", nargs="?", help="code of the unit, e.g. 75; all if absent")
        parser.add_argument("--on", type=_day, metavar="DATE", help="any other day, YYYY-MM-DD")
        parser.add_argument(
            "--due",
            action="store_true",
            help="work out only what time has overtaken, as each night",
        )
        parser.add_argument("--json", action="store_true", help="a list of units for programs")

    def run(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        on = options["on"] or today
        if on > today:
            raise CommandError(_("{day} lies in the future: nobody has looked yet.").format(day=on))
        try:
            unit = unit_by_code(options["unit_code"]) if options["unit_code"] else None
        except DomainError as error:
            raise CommandError(f"{options['unit_code']}: {error}") from error
        changed = None
        if options["due"]:
            changed = len(refresh_due().changed)
        elif options["on"] is None:
            changed = len(assess().changed)
        rows = verdicts_by_unit(on, unit=unit)
        if options["json"]:
            self.stdout.write(json.dumps([_plainly(row) for row in rows], ensure_ascii=False))
            return
        self._table(rows)
        self._closing(rows, on, changed)

    def _table(self, rows: list[UnitVerdicts]) -> None:
        for row in rows:
            verdicts = "; ".join(
                f"{Verdict(verdict).label}: {hazards}" for verdict, hazards in row.verdicts.items()
            )
            self.stdout.write(f"{row.code}\t{row.name}\t{row.share()}\t{verdicts}")

    def _closing(self, rows: list[UnitVerdicts], on: date, changed: int | None) -> None:
        compliant = sum(row.compliant for row in rows)
        in_scope = sum(row.in_scope for row in rows)
        total = sum(row.total for row in rows)
        share = f"{compliant}/{in_scope}" if in_scope else "-"
        said = _("Hazards on {day}: {n}; compliant of those in scope: {share}.")
        self.stdout.write(said.format(day=on, n=total, share=share))
        if changed is not None:
            self.stdout.write(_("Verdicts that changed: {n}.").format(n=changed))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _plainly(row: UnitVerdicts) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "hazards": row.verdicts,
        "compliant": row.compliant,
        "in_scope": row.in_scope,
        "total": row.total,
    }
