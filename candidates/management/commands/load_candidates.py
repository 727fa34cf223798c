"""manage.py load_candidates FILE --kind osm|jrc"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from candidates.loading.found import Found
from candidates.loading.jrc import JrcOptions, read_jrc
from candidates.loading.osm import read_osm
from candidates.services.loading import Loaded, load_candidates
from candidates.words import Origin
from common.errors import DomainError


class Command(BaseCommand):
    help = (
        "Load waters that the register may lack: an extract of OpenStreetMap (.osm.pbf, or a file "
        "with its tags) or the JRC layer of water occurrence. They wait in the queue until "
        "somebody decides, and count in no rate. A repeat changes nothing; what was rejected stays "
        "rejected."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
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

    def handle(self, *args: Any, **options: Any) -> None:
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
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        for reason, count in loaded.skipped.most_common():
            self.stdout.write(f"left out, {reason}: {count}")
        self.stdout.write(
            f"Candidates: {loaded.new} new, {loaded.changed} changed, "
            f"{loaded.seen_again} as before, {loaded.decided} decided before, "
            f"{loaded.registered} in the register already, "
            f"{loaded.outside} outside the units."
        )


def _waters(options: dict[str, Any], loaded: Loaded) -> Iterator[Found]:
    if options["kind"] == Origin.OSM:
        return read_osm(options["file"], loaded.skipped)
    wanted = JrcOptions(options["min_occurrence"], options["min_cells"], options["min_months"])
    return read_jrc(options["file"], loaded.skipped, wanted, seasonality=options["seasonality"])
