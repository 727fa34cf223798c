"""manage.py lineage_shares --from-set A --to-set B"""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from common.commands import FileCommand
from places.lineage.shares import compute_area_shares

SHOWN = 20


class Command(FileCommand):
    help = "Work out which share of each earlier unit lies in which later one, by area."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from-set", required=True, metavar="NAME")
        parser.add_argument("--to-set", required=True, metavar="NAME")
        parser.add_argument("--level", default="commune")
        parser.add_argument(
            "--derive", action="store_true", help="make lineage of every overlap, where no table is"
        )

    def run(self, *, from_set: str, to_set: str, level: str, derive: bool, **options: Any) -> None:
        done = compute_area_shares(from_set=from_set, to_set=to_set, level=level, derive=derive)
        for unit, share in sorted(done.outside.items(), key=lambda item: -item[1])[:SHOWN]:
            text = _("{unit}: {share:.1%} lies in no unit of {set_name}.")
            self.stderr.write(text.format(unit=unit.full_name, share=share, set_name=to_set))
        for from_unit, to_unit, share in sorted(done.unlisted, key=lambda item: -item[2])[:SHOWN]:
            text = _("{unit}: {share:.1%} lies in {other}, which the lineage does not say.")
            self.stderr.write(
                text.format(unit=from_unit.full_name, share=share, other=to_unit.full_name)
            )
        text = _("Shares by area: {pairs} pairs of {units} units; outside {outside}, not listed "
                 "{unlisted}.")  # fmt: skip
        self.stdout.write(
            text.format(
                pairs=done.pairs,
                units=done.units,
                outside=len(done.outside),
                unlisted=len(done.unlisted),
            )
        )
