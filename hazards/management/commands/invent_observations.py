"""manage.py invent_observations: try the register where nobody has looked yet."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.commands import FileCommand
from hazards.services.invention import invent_observations
from hazards.taxonomy import Verdict
from places.access import unit_by_code


class Command(FileCommand):
    help = (
        "Invent one visit for each of N hazards that nobody has looked at. Every record says that "
        "it is invented. For trying things out only: never in a register that is used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--count", required=True, type=_count, metavar="N", help="hazards")
        parser.add_argument("--seed", required=True, type=int, help="the same seed, the same story")
        parser.add_argument("--unit", metavar="CODE", help="only hazards of this unit")
        parser.add_argument(
            "--until", type=_day, metavar="DATE", help="ages count back from here; default: today"
        )

    def run(
        self, *, count: int, seed: int, unit: str | None, until: date | None, **options: Any
    ) -> None:
        found = invent_observations(
            count=count, seed=seed, until=until, unit=unit_by_code(unit) if unit else None
        )
        verdicts = "; ".join(
            f"{verdict.label}: {found.verdicts[verdict]}"
            for verdict in Verdict
            if found.verdicts[verdict]
        )
        self.stdout.write(
            _(
                "Invented observations for {told} hazards ({kept} had theirs before): {records} "
                "records, each marked as invented. {verdicts}."
            ).format(told=found.told, kept=found.kept, records=found.records, verdicts=verdicts)
        )


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ArgumentTypeError("at least 1")
    return value


def _day(text: str) -> date:
    """Read a day; nobody can have seen anything on a day to come."""
    day = date.fromisoformat(text)
    if day > timezone.localdate():
        raise ArgumentTypeError("lies in the future")
    return day
