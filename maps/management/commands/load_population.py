"""manage.py load_population FILES…"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from common.errors import DomainError
from maps.errors import PopulationFilesError
from maps.models import PopulationDataset
from maps.remarks import remark_text
from maps.services.rasters import DatasetOptions, FileOptions, Registered, register_population
from maps.tasks import enqueue_recompute


class Command(BaseCommand):
    help = (
        "Register population rasters (WorldPop, HRSL, GHS-POP): people per cell, EPSG:4326. "
        "All files of a call make one dataset; when one is wrong, none is loaded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--name", default="", help="short name of the dataset")
        parser.add_argument("--title", default="", help="title shown on pages")
        parser.add_argument("--year", type=int, help="year, where the file names do not tell it")
        parser.add_argument(
            "--measures",
            choices=["total"],
            default="",
            help="total: files of unknown name hold people of all ages and both sexes",
        )
        parser.add_argument(
            "--nodata", type=float, help="value that means no data, where files declare none"
        )
        parser.add_argument(
            "--current", action="store_true", help="count with this dataset from now on"
        )
        parser.add_argument(
            "--synthetic", action="store_true", help="the people are invented, for training"
        )

        parser.add_argument(
            "--water",
            choices=PopulationDataset.WaterPolicy.values,
            default="",
            help="people in cells that lie at least half under registered water: keep them, "
            "exclude them, or move them to the nearest dry cell of the row (default: keep)",
        )

    def handle(self, *, files: list[Path], **options: Any) -> None:
        try:
            registered = register_population(
                paths=files,
                options=FileOptions(options["year"], options["nodata"], options["measures"]),
                dataset=DatasetOptions(
                    options["name"],
                    options["title"],
                    options["current"],
                    options["synthetic"],
                    options["water"],
                ),
                progress=_bar,
            )
        except PopulationFilesError as problems:
            for problem in problems.facts["problems"]:
                self.stderr.write(str(problem))
            raise CommandError(str(problems)) from problems
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        self._say(registered)
        enqueue_recompute()

    def _say(self, registered: Registered) -> None:
        for warning in registered.warnings:
            self.stderr.write(_("Warning: {text}").format(text=remark_text(warning)))
        dataset = registered.dataset
        held = list(dataset.rasters.all())
        if not registered.is_new:
            self.stdout.write(
                _("Dataset {name} holds these files already; nothing changed.").format(
                    name=dataset.name
                )
            )
            return
        self.stdout.write(
            _("Dataset {name}: {files} files, {people:.0f} people{current}.").format(
                name=dataset.name,
                files=len(held),
                people=sum(raster.people_total for raster in held),
                current=_(", current") if dataset.is_current else "",
            )
        )


def _bar(paths: Sequence[Path]) -> Any:
    return tqdm(paths, unit="file", disable=None)
