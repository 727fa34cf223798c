"""manage.py load_units: administrative units from any OGR file."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from places.load.load import load_units
from places.load.options import UnitsOptions


class Command(FileCommand):
    help = "Load one level of administrative units into a boundary set; a repeat changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", metavar="FILE", type=Path, help=".geojson(.gz) .gpkg .zip ...")
        needed = parser.add_argument_group("needed")
        needed.add_argument("--level", required=True, help="province, district, commune, hamlet...")
        needed.add_argument("--code-field", required=True, metavar="COLUMN")
        needed.add_argument("--name-field", required=True, metavar="COLUMN")
        needed.add_argument("--valid-from", required=True, type=date.fromisoformat, metavar="DATE")
        needed.add_argument("--set", required=True, dest="set_name", metavar="NAME")
        parser.add_argument("--full-name-field", metavar="COLUMN", help='holds "Xã Lộc Ninh"')
        parser.add_argument("--type-field", metavar="COLUMN", help='holds "Xã"')
        parser.add_argument(
            "--second-name-field",
            metavar="COLUMN",
            help="full name by another source; rows in which the two differ are named",
        )
        parser.add_argument("--parent-field", metavar="COLUMN", help="code of the unit above")
        parser.add_argument(
            "--parent-level",
            metavar="LEVEL",
            help="level of the unit above; without --parent-field it is found by place",
        )
        parser.add_argument("--valid-to", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--title", default="", help="of the set")
        parser.add_argument("--source", default="", help="of the set: who drew it")
        parser.add_argument("--layer", help="of the file, when it has several")
        parser.add_argument("--crs", metavar="EPSG", help="when the file does not say")
        parser.add_argument(
            "--where", action="append", default=[], metavar="COLUMN=VALUE", help="only these rows"
        )
        parser.add_argument(
            "--current", action="store_true", dest="make_current", help="make the set current"
        )
        parser.add_argument(
            "--accept-good", action="store_true", help="load the good rows though some are refused"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only")
        parser.add_argument("--report", metavar="FILE.csv", help="write every remark to this file")

    def run(self, *, report: str | None, where: list[str], **options: Any) -> None:
        fields = UnitsOptions.__dataclass_fields__
        chosen = {name: value for name, value in options.items() if name in fields}
        result = load_units(UnitsOptions(where=tuple(where), **chosen))
        self.show(result, report_file=report)
        facts = _(
            "{name}: {rows} rows; new {taken}, changed {updated}, unchanged {unchanged}, "
            "refused {refused}."
        ).format(
            name=result.name,
            rows=result.rows,
            taken=result.taken,
            updated=result.updated,
            unchanged=result.unchanged,
            refused=result.refused,
        )
        if result.refused and not chosen["accept_good"]:
            raise CommandError(
                f"{facts} " + _("Nothing was written. Mend the rows, or use --accept-good.")
            )
        if not result.is_written:
            facts += " " + _("Nothing was written: --dry-run.")
        self.stdout.write(facts)
