"""manage.py fit_outlines: draw units as the union of those below them."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from common.commands import FileCommand
from common.numbers import Shown
from places.load.fit import fit_outlines


class Command(FileCommand):
    help = "Replace the outlines of a level by the union of the units below, and say what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--set", required=True, dest="set_name", metavar="NAME")
        parser.add_argument("--level", required=True, help="the level to redraw, e.g. province")
        parser.add_argument("--code", help="only the unit with this code")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")

    def run(self, *, set_name: str, level: str, code: str | None, **options: Any) -> None:
        fits = fit_outlines(set_name=set_name, level=level, code=code, dry_run=options["dry_run"])
        for fit in fits:
            self.stdout.write(
                _(
                    "{unit} ({code}): {area:.2f} km² from {children} units; {difference:.2f} km² "
                    "lay on one side of the old and new outlines only."
                ).format(
                    unit=fit.full_name,
                    code=fit.code,
                    area=Shown(fit.area_m2 / 1e6),
                    children=fit.children,
                    difference=Shown(fit.difference_m2 / 1e6),
                )
            )
        done = (
            _("Outlines that would be redrawn: {n}.")
            if options["dry_run"]
            else _("Outlines redrawn: {n}.")
        )
        self.stdout.write(done.format(n=len(fits)))
