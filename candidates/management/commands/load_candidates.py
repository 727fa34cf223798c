"""manage.py load_candidates FILE --kind osm|jrc"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from candidates.loading.found import Found
from candidates.loading.jrc import JrcOptions, read_jrc
from candidates.loading.osm import read_osm
from candidates.services.loading import Loaded, load_candidates
from candidates.words import Origin
from common.commands import FileCommand


class Command(FileCommand):
    help = (
        "Load waters that the register may lack: an extract of OpenStreetMap (.osm.pbf, or a file "
        "with its tags) or the JRC layer of water occurrence. They wait in the queue until "
        "somebody decides, and count in no rate. A repeat changes nothing; what was rejected stays "
        "rejected."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=Origin.values, required=True)
        parser.add_argument("--date", type=date.fromisoformat, help="date of the data, YYYY-MM-DD")
        parser.add_argument(
            "--everywhere", action="store_true", help="keep waters outside the current units too"
        )
        parser.add_argument("--min-occurrence", type=int, default=25, metavar="PERCENT")
        parser.add_argument("--min-cells", type=int, default=2, metavar="N")
        parser.add_argument("--seasonality", type=Path, help="JRC layer of months with water")
        parser.add_argument("--min-months", type=int, default=4, metavar="N")

    def run(self, *args: Any, **options: Any) -> None:
        loaded = Loaded()
        try:
            load_candidates(
                _waters(options, loaded),
                origin=Origin(options["kind"]),
                path=options["file"],
                loaded=loaded,
                data_date=options["date"],
                everywhere=options["everywhere"],
            )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        for reason, count in loaded.skipped.most_common():
            self.stdout.write(_("left out, {reason}: {n}").format(reason=reason, n=count))
        said = _(
            "Candidates: {loaded.new} new, {loaded.changed} changed, {loaded.seen_again} as before,"
            " {loaded.decided} decided before, {loaded.registered} in the register already,"
            " {loaded.outside} outside the units."
        )
        self.stdout.write(said.format(loaded=loaded))


def _waters(options: dict[str, Any], loaded: Loaded) -> Iterator[Found]:
    if options["kind"] == Origin.OSM:
        return read_osm(options["file"], loaded.skipped)
    wanted = JrcOptions(options["min_occurrence"], options["min_cells"], options["min_months"])
    return read_jrc(options["file"], loaded.skipped, wanted, seasonality=options["seasonality"])
