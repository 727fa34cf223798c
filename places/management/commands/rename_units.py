"""manage.py rename_units FILE --set NAME --effective DATE"""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from common.commands import FileCommand
from places.lineage.renaming import rename_units


class Command(FileCommand):
    help = "Give units the names and types of a list from a day on; outlines and history stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", metavar="FILE", type=Path)
        parser.add_argument("--set", required=True, dest="set_name", metavar="NAME")
        parser.add_argument("--level", required=True)
        parser.add_argument("--code-field", required=True, metavar="COLUMN")
        parser.add_argument("--full-name-field", required=True, metavar="COLUMN")
        parser.add_argument(
            "--effective", required=True, type=date.fromisoformat, metavar="DATE",
            dest="effective_on", help="first day of the new names",
        )  # fmt: skip
        parser.add_argument("--source", default="", help="resolution that says so")
        parser.add_argument("--spelling-too", action="store_true", help="tone marks, case, spaces")
        parser.add_argument("--report", metavar="FILE.csv", help="write every remark to this file")

    def run(self, *, report: str | None, **options: Any) -> None:
        words = ("path", "set_name", "level", "code_field", "full_name_field", "effective_on",
                 "source", "spelling_too")  # fmt: skip
        result = rename_units(**{name: options[name] for name in words})
        self.show(result, report_file=report)
        facts = _("{name}: {updated} renamed, {unchanged} as before, {refused} refused.")
        self.stdout.write(
            facts.format(
                name=result.name,
                updated=result.updated,
                unchanged=result.unchanged,
                refused=result.refused,
            )
        )
