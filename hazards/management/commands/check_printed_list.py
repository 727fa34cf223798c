"""manage.py check_printed_list CODE: make a printed list again and say whether it is the same."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from hazards.services.printed import check_printed_list


class Command(FileCommand):
    help = "Make the list with the code at the foot of a sheet again, and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", help="as printed, such as 7F3A-92BC-01DE")

    def run(self, *args: Any, **options: Any) -> None:
        found = check_printed_list(options["code"])
        if found.same:
            self.stdout.write(_("identical") + f": {found.printed.sha256}")
            return
        if found.rules_differ:
            self.stdout.write(_("The rules are not those of then."))
        for words, codes in (
            (_("no longer in the list"), found.missing),
            (_("new in the list"), found.new),
            (_("different"), found.changed),
        ):
            if codes:
                self.stdout.write(f"{words}: {', '.join(codes)}")
        raise CommandError(_("The list made again is not the one that was printed."))
