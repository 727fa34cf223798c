"""manage.py run_exposure --within 200 --within 500"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from common.errors import DomainError
from maps.selectors.trend import is_worked_out, month_ends
from maps.services.exposure import UnitFigures, figures_json, run_exposure
from maps.services.scene import RunRequest


class Command(BaseCommand):
    help = (
        "Count children within a distance of at least one unprotected hazard, by unit: each child "
        "once, cells on the edge by their part, metres over the ground."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--within",
            type=int,
            action="append",
            metavar="METRES",
            help="distance; may be given several times (default: EXPOSURE_DISTANCES_M)",
        )
        parser.add_argument("--unit", default="", help="code of a unit: it and all below it")
        parser.add_argument("--set", default="", help="boundary set (default: the current one)")
        parser.add_argument("--level", default="", help="level of the finest units to show")
        parser.add_argument("--as-of", type=date.fromisoformat, help="YYYY-MM-DD (default: today)")
        parser.add_argument(
            "--months",
            type=int,
            default=0,
            metavar="N",
            help="also the ends of the last N months that are not worked out yet, for the trend",
        )
        parser.add_argument("--dataset", default="", help="population dataset (default: current)")
        parser.add_argument(
            "--cluster",
            default=settings.EXPOSURE_SCHEDULER,
            metavar="ADDRESS",
            help="a Dask scheduler that works the blocks out (default: EXPOSURE_SCHEDULER)",
        )
        parser.add_argument("--json", action="store_true", help="write a JSON list to the output")
        parser.add_argument("--output", type=Path, help="write the JSON list to this file")

    def handle(self, **options: Any) -> None:
        if options["as_of"] and options["as_of"] > timezone.localdate():
            raise CommandError(_("--as-of lies in the future."))
        request = RunRequest(
            distances_m=tuple(options["within"] or settings.EXPOSURE_DISTANCES_M),
            unit_code=options["unit"],
            set_name=options["set"],
            level=options["level"],
            dataset_name=options["dataset"],
            as_of=options["as_of"],
        )
        try:
            for day in month_ends(timezone.localdate(), options["months"]):
                self._month(request, day, options["cluster"])
            run, figures = run_exposure(request=request, progress=_bar, cluster=options["cluster"])
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        text = json.dumps(figures_json(figures), ensure_ascii=False, indent=1)
        if options["output"]:
            options["output"].write_text(text + "\n", encoding="utf-8")
        if options["json"]:
            self.stdout.write(text)
        else:
            self._say(figures, run.facts["seconds"])

    def _month(self, request: RunRequest, day: date, cluster: str) -> None:
        if is_worked_out(day, request.distances_m):
            self.stdout.write(_("{day}: worked out before.").format(day=day.isoformat()))
            return
        run, _figures = run_exposure(
            request=replace(request, as_of=day), progress=_bar, cluster=cluster
        )
        self.stdout.write(
            _("{day}: worked out in {seconds:.1f} s.").format(
                day=day.isoformat(), seconds=run.facts["seconds"]
            )
        )

    def _say(self, figures: Sequence[UnitFigures], seconds: float) -> None:
        depth = min(found.unit.depth for found in figures)
        tops = [found for found in figures if found.unit.depth == depth]
        children = sum(found.children for found in tops)
        near = ", ".join(
            _("{children:.0f} within {metres} m").format(
                children=sum(found.exposed["any", metres] for found in tops), metres=metres
            )
            for metres in sorted({metres for _group, metres in figures[0].exposed})
        )
        self.stdout.write(
            _(
                "Units: {units}; children under 16: {children:.0f}; near unprotected water: "
                "{near}; "
                "{seconds:.1f} s."
            ).format(units=len(figures), children=children, near=near, seconds=seconds)
        )


def _bar(strips: Sequence[slice]) -> Iterable[slice]:
    return tqdm(strips, unit="strip", disable=None, file=sys.stderr)
