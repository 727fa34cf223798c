"""manage.py load_child_shares CSV --dataset N --set SET --level L --code-field F …"""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from common.errors import DomainError
from maps.management.refused import SHOWN, tell_refused
from maps.selectors.population import dataset_named, set_named
from maps.services.shares import ShareColumns, SharesReport, load_child_shares
from maps.tasks import enqueue_recompute


class Command(BaseCommand):
    help = (
        "Give a dataset of people of all ages the share of children under 16 of each unit, from a "
        "CSV (or .csv.gz) in UTF-8. From five-year bands it is 0-14 and one fifth of 15-19."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", type=Path, metavar="CSV")
        parser.add_argument("--dataset", required=True, help="name of the population dataset")
        parser.add_argument("--set", required=True, help="boundary set of the codes")
        parser.add_argument("--level", required=True, help="level of the units, e.g. district")
        parser.add_argument("--code-field", required=True, help="column with the unit's code")
        parser.add_argument("--share-field", default="", help="column with the share, 0 to 1")
        parser.add_argument("--children-field", default="", help="column with children under 16")
        parser.add_argument("--under15-field", default="", help="column with people of 0 to 14")
        parser.add_argument("--age15to19-field", default="", help="column with people of 15 to 19")
        parser.add_argument("--total-field", default="", help="column with all people")
        parser.add_argument("--source", default="", help="where the table comes from")
        parser.add_argument(
            "--default-share",
            type=float,
            help="share for places that no unit with a share covers; without it they take "
            "the nearest "
            "unit's share",
        )
        parser.add_argument("--report", type=Path, help="write what became of each row to this CSV")

    def handle(self, **options: Any) -> None:
        columns = _columns(options)
        default = options["default_share"]
        if default is not None and not 0 <= default <= 1:
            raise CommandError(_("--default-share must lie in 0 to 1."))
        try:
            report = load_child_shares(
                path=options["csv"],
                dataset=dataset_named(options["dataset"]),
                boundary_set=set_named(options["set"]),
                level=options["level"],
                columns=columns,
                source=options["source"],
                default_share=default,
            )
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        if options["report"]:
            _write_report(options["report"], report)
        self._say(report)
        enqueue_recompute()

    def _say(self, report: SharesReport) -> None:
        tell_refused(self.stderr, report.rows)
        for unit in report.units_without[:SHOWN]:
            self.stderr.write(
                _("{unit} ({code}) has no share; its cells take the nearest unit's.").format(
                    unit=unit.full_name, code=unit.code
                )
            )
        counts = report.counts()
        self.stdout.write(
            _("Rows taken: {taken}; refused: {refused}; units without a share: {without}.").format(
                taken=counts["taken"],
                refused=counts["refused"],
                without=len(report.units_without),
            )
        )


def _columns(options: dict[str, Any]) -> ShareColumns:
    columns = ShareColumns(
        code=options["code_field"],
        share=options["share_field"],
        children=options["children_field"],
        under15=options["under15_field"],
        age15to19=options["age15to19_field"],
        total=options["total_field"],
    )
    ways = [
        bool(columns.share),
        bool(columns.children and columns.total),
        bool(columns.under15 and columns.age15to19 and columns.total),
    ]
    if sum(ways) != 1:
        raise CommandError(
            _(
                "Give the share in one way: --share-field, or --children-field with --total-field, "
                "or --under15-field with --age15to19-field and --total-field."
            )
        )
    return columns


def _write_report(path: Path, report: SharesReport) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "code", "unit", "share_under_16", "outcome", "reason"])
        for row in report.rows:
            share = "" if row.share is None else f"{row.share:.6f}"
            writer.writerow([row.line, row.code, row.unit, share, row.outcome, row.reason])
        for unit in report.units_without:
            writer.writerow(["", unit.code, unit.full_name, "", "without", _("no row in the file")])
