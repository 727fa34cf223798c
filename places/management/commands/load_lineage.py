"""manage.py load_lineage FILE --from-set A --to-set B"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from places.lineage.load import load_lineage
from places.lineage.options import LineageOptions


class Command(FileCommand):
    help = "Load which old unit became which new ones; both sets must be loaded before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", metavar="FILE", type=Path, help="columns old_code, new_code")
        parser.add_argument("--from-set", required=True, metavar="NAME")
        parser.add_argument("--to-set", required=True, metavar="NAME")
        parser.add_argument("--level", default="commune", help="where the file has no column level")
        parser.add_argument("--source", default="", help="who says so")
        parser.add_argument("--accept-good", action="store_true", help="though some are refused")
        parser.add_argument("--dry-run", action="store_true", help="check only")
        parser.add_argument("--report", metavar="FILE.csv", help="write every remark to this file")

    def run(self, *, report: str | None, **options: Any) -> None:
        fields = LineageOptions.__dataclass_fields__
        result = load_lineage(LineageOptions(**{k: v for k, v in options.items() if k in fields}))
        self.show(result, report_file=report)
        facts = _("{name}: {rows} rows; new {taken}, unchanged {unchanged}, refused {refused}.")
        facts = facts.format(
            name=result.name, rows=result.rows, taken=result.taken, unchanged=result.unchanged,
            refused=result.refused,
        )  # fmt: skip
        if result.refused and not options["accept_good"]:
            raise CommandError(
                f"{facts} " + _("Nothing was written. Mend the rows, or use --accept-good.")
            )
        self.stdout.write(facts)
