"""manage.py render_coverage_map --unit CODE --output FILE.html"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.scoping import AreaScope
from common.errors import DomainError
from hazards.services.assessment import refresh_due
from maps.reports.folium_map import coverage_map
from maps.selectors.webmap import MapView
from places.access import unit_by_code


class Command(BaseCommand):
    help = "Write the coverage map of a unit as one HTML file that opens without a network."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", required=True, help="official code of the unit")
        parser.add_argument("--set", default=None, help="boundary set (default: the current one)")
        parser.add_argument("--output", required=True, type=Path, help="the HTML file to write")
        parser.add_argument("--within", type=int, default=200, help="metres (default 200)")
        parser.add_argument("--as-of", type=date.fromisoformat, help="YYYY-MM-DD (default: today)")
        parser.add_argument("--lang", choices=["vi", "en"], default=settings.LANGUAGE_CODE)

    def handle(self, **options: Any) -> None:
        day = options["as_of"] or timezone.localdate()
        if day > timezone.localdate():
            raise CommandError(_("--as-of lies in the future."))
        output: Path = options["output"]
        if not output.parent.is_dir():
            raise CommandError(
                _("The folder %(folder)s does not exist.") % {"folder": output.parent}
            )
        try:
            unit = unit_by_code(options["unit"], set_name=options["set"])
        except DomainError as problem:
            raise CommandError(
                _("There is no unit with the code %(code)s in this boundary set.")
                % {"code": options["unit"]}
            ) from problem
        refresh_due()  # no worker or page may have done it today: overdue must not look compliant
        scope = AreaScope(((unit.tree_left, unit.tree_right),))
        with translation.override(options["lang"]):
            html = coverage_map(
                MapView(scope=scope, unit=unit, day=day), distance_m=options["within"]
            )
        _write_whole(output, html)
        self.stdout.write(f"{output}: {len(html.encode()) / 1_000_000:.1f} MB.")


def _write_whole(output: Path, html: str) -> None:
    """Write beside the file and rename, so that nobody meets half a map."""
    part = output.with_name(output.name + ".part")
    part.write_text(html, encoding="utf-8")
    part.replace(output)
