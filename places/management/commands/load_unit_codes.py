"""manage.py load_unit_codes FILE --set NAME --level province:province_code:province ..."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from places.lineage.codes import CodesOptions, load_codes


def _level(text: str) -> tuple[str, str, str]:
    parts = text.split(":")
    if len(parts) != 3 or not all(parts):
        raise ArgumentTypeError(f"{text}: write LEVEL:COLUMN_OF_CODES:COLUMN_OF_NAMES")
    return parts[0], parts[1], parts[2]


class Command(FileCommand):
    help = "Load units known by their codes alone (no outlines), with those above them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", metavar="FILE", type=Path)
        parser.add_argument("--set", required=True, dest="set_name", metavar="NAME")
        parser.add_argument("--valid-from", required=True, type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--valid-to", type=date.fromisoformat, metavar="DATE")
        parser.add_argument(
            "--level", required=True, action="append", type=_level, dest="levels",
            metavar="LEVEL:CODES:NAMES", help="from the top down, once for each level",
        )  # fmt: skip
        parser.add_argument("--title", default="", help="of the set")
        parser.add_argument("--source", default="", help="of the set: who says so")
        parser.add_argument("--accept-good", action="store_true", help="though some are refused")
        parser.add_argument("--report", metavar="FILE.csv", help="write every remark to this file")

    def run(self, *, report: str | None, levels: list[Any], **options: Any) -> None:
        fields = CodesOptions.__dataclass_fields__
        chosen = {k: v for k, v in options.items() if k in fields}
        result = load_codes(CodesOptions(levels=tuple(levels), **chosen))
        self.show(result, report_file=report)
        facts = _("{name}: {rows} rows; new {taken}, unchanged {unchanged}, refused {refused}.")
        facts = facts.format(
            name=result.name, rows=result.rows, taken=result.taken, unchanged=result.unchanged,
            refused=result.refused,
        )  # fmt: skip
        if result.refused and not chosen["accept_good"]:
            raise CommandError(
                f"{facts} " + _("Nothing was written. Mend the rows, or use --accept-good.")
            )
        self.stdout.write(facts)
