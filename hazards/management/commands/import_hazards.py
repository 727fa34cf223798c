"""manage.py import_hazards: waters from GeoJSON, GeoPackage, Shapefile, CSV, XLSX or OSM."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import FileCommand
from hazards.importing.options import ImportOptions
from hazards.importing.run import import_hazards

_COLUMNS = {
    "--source-id-field": "ids of the source; without one the content makes the id",
    "--kind-field": "kinds, as codes or words in Vietnamese or English",
    "--name-field": "names",
    "--lon-field": "longitude: degrees, or degrees minutes seconds",
    "--lat-field": "latitude",
    "--x-field": "easting, metres",
    "--y-field": "northing, metres",
    "--depth-field": "greatest depth, metres",
    "--body-field": "responsible body",
    "--lifecycle-field": "state: planned, under construction, in use, ...",
}


class Command(FileCommand):
    help = "Import hazards from a file; a repeat changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", metavar="FILE", type=Path)
        parser.add_argument("--source", required=True, metavar="NAME", help="who gave the file")
        parser.add_argument(
            "--crs", metavar="EPSG|file", help="coordinate system; needed when the file is silent"
        )
        parser.add_argument("--kind", help="kind of all rows (with --osm: of plain natural=water)")
        for flag, meaning in _COLUMNS.items():
            parser.add_argument(flag, metavar="COLUMN", help=f"column of {meaning}")
        parser.add_argument("--osm", action="store_true", help="read OpenStreetMap tags")
        parser.add_argument("--layer", help="layer or sheet, when the file has several")
        parser.add_argument(
            "--where", action="append", default=[], metavar="COLUMN=VALUE", help="only these rows"
        )
        parser.add_argument(
            "--outside",
            choices=["refuse", "skip"],
            default="refuse",
            help="what to do with rows in no unit of the current set",
        )
        parser.add_argument(
            "--near-km",
            type=float,
            default=0.0,
            help="put rows in no unit under the nearest one up to so many km away",
        )
        parser.add_argument(
            "--twins",
            choices=["take", "skip"],
            default="take",
            help="what to do with new rows that are very likely a hazard of the register already",
        )
        parser.add_argument(
            "--synthetic", action="store_true", dest="is_synthetic", help="mark as invented"
        )
        parser.add_argument(
            "--accept-good", action="store_true", help="take the good rows though some are refused"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only")
        parser.add_argument("--report", metavar="FILE.csv", help="write every remark to this file")

    def run(self, *, report: str | None, where: list[str], **options: Any) -> None:
        fields = ImportOptions.__dataclass_fields__
        chosen = {name: value for name, value in options.items() if name in fields}
        result = import_hazards(ImportOptions(where=tuple(where), **chosen))
        self.show(result, report_file=report)
        facts = _(
            "{name}: {rows} rows; taken {taken}, updated {updated}, unchanged {unchanged}, "
            "outside {outside}, refused {refused}."
        ).format(
            name=result.name,
            rows=result.rows,
            taken=result.taken,
            updated=result.updated,
            unchanged=result.unchanged,
            outside=result.outside,
            refused=result.refused,
        )
        if result.refused and not chosen["accept_good"]:
            raise CommandError(
                f"{facts} " + _("Nothing was written. Mend the rows, or use --accept-good.")
            )
        if not result.is_written:
            facts += " " + _("Nothing was written: --dry-run.")
        self.stdout.write(facts)
