"""manage.py verify_history: find whatever was changed, added or deleted past the history."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from history.models import Block
from history.services.verifying import verify

SHOWN = 50


class Command(FileCommand):
    help = "Check the chain, the events and the rows. Ends with code 1 when something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--hash", help="a hash written down earlier: must be of some block")

    def run(self, *args: Any, **options: Any) -> None:
        found = verify()
        written = "".join((options["hash"] or "").split()).lower()
        if written and not Block.objects.filter(hash=written).exists():
            found.faults.append(_("No block has the hash given: the chain is not the one of then."))
        for fault in found.faults[:SHOWN]:
            self.stderr.write(fault)
        self.stdout.write(
            _(
                "{blocks} blocks, {events} events sealed, {unsealed} not yet, {rows} rows "
                "compared, {unused} numbers never used; faults: {faults}."
            ).format(
                blocks=found.blocks,
                events=found.events,
                unsealed=found.unsealed,
                rows=found.rows,
                unused=found.unused_numbers,
                faults=len(found.faults),
            )
        )
        for name in found.unchecked:
            self.stdout.write(
                _("{name}: columns are gone since; its first values cannot be compared.").format(
                    name=name
                )
            )
        if found.faults:
            raise CommandError(_("The history does not agree. Keep this machine as it is and ask."))
