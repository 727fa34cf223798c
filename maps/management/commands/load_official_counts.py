"""manage.py load_official_counts CSV --set SET --level L --code-field F --children-field F …"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from common.errors import DomainError
from maps.management.refused import tell_refused
from maps.selectors.population import set_named
from maps.services.official_counts import CountsReport, load_official_counts
from maps.tasks import enqueue_recompute


class Command(BaseCommand):
    help = (
        "Keep official counts of children under 16 by unit, from a CSV (or .csv.gz) in UTF-8. The "
        "figures of the raster are shown raw, and rescaled to these counts with the factor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", type=Path, metavar="CSV")
        parser.add_argument("--set", required=True, help="boundary set of the codes")
        parser.add_argument("--level", required=True, help="level of the units, e.g. commune")
        parser.add_argument("--code-field", required=True, help="column with the unit's code")
        parser.add_argument("--children-field", required=True, help="column with children under 16")
        parser.add_argument(
            "--counted-on", required=True, type=date.fromisoformat, help="day of the count"
        )
        parser.add_argument("--source", default="", help="where the table comes from")
        parser.add_argument("--report", type=Path, help="write what became of each row to this CSV")

    def handle(self, **options: Any) -> None:
        try:
            report = load_official_counts(
                path=options["csv"],
                boundary_set=set_named(options["set"]),
                level=options["level"],
                code_field=options["code_field"],
                children_field=options["children_field"],
                counted_on=options["counted_on"],
                source=options["source"],
            )
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        if options["report"]:
            _write_report(options["report"], report)
        self._say(report)
        enqueue_recompute()

    def _say(self, report: CountsReport) -> None:
        tell_refused(self.stderr, report.rows)
        counts = report.counts()
        self.stdout.write(
            _(
                "Counts new: {new}; changed: {changed}; same: {same}; refused: {refused}; units "
                "without a count: {without}."
            ).format(
                new=counts["new"],
                changed=counts["changed"],
                same=counts["same"],
                refused=counts["refused"],
                without=len(report.units_without),
            )
        )


def _write_report(path: Path, report: CountsReport) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "code", "unit", "children_under_16", "outcome", "reason"])
        for row in report.rows:
            children = "" if row.children is None else f"{row.children:g}"
            writer.writerow([row.line, row.code, row.unit, children, row.outcome, row.reason])
        for unit in report.units_without:
            writer.writerow(["", unit.code, unit.full_name, "", "without", _("no row in the file")])
