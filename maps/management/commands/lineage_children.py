"""manage.py lineage_children --from-set A --to-set B"""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from common.commands import FileCommand
from maps.services.lineage_children import compute_children_shares

SHOWN = 20


class Command(FileCommand):
    help = "Work out which share of each earlier unit's children lives in which later unit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from-set", required=True, metavar="NAME")
        parser.add_argument("--to-set", required=True, metavar="NAME")
        parser.add_argument("--level", default="commune", help="level of the earlier units")
        parser.add_argument("--dataset", default="", help="population; the current one")

    def run(self, *, from_set: str, to_set: str, level: str, dataset: str, **options: Any) -> None:
        done = compute_children_shares(
            from_set=from_set, to_set=to_set, level=level, dataset=dataset
        )
        for name in done.empty[:SHOWN]:
            text = _("{unit}: no child is counted there by {dataset}; its shares stay empty.")
            self.stderr.write(text.format(unit=name, dataset=done.dataset))
        text = _("Shares by children, {dataset}: {pairs} pairs of {units} units; {empty} without "
                 "children.")  # fmt: skip
        self.stdout.write(
            text.format(
                dataset=done.dataset, pairs=done.pairs, units=done.units, empty=len(done.empty)
            )
        )
