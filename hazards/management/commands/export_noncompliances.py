"""manage.py export_noncompliances: the list of the page of the same name, as a file."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.commands import FileCommand
from common.errors import NotFoundError
from hazards.exports.files import FORMATS, file_pieces
from hazards.selectors.filters import ANY_DUTY, ANY_HOUSEHOLD, NO_BODY, HazardFilter
from hazards.selectors.listing import rows_for
from hazards.selectors.order import SORTS
from hazards.selectors.reader import office_reader
from hazards.taxonomy import SEEN_GAPS, Duty, HazardKind, Lifecycle, Verdict
from places.access import unit_by_code
from places.models import AdminUnit


class Command(FileCommand):
    help = "Write the noncompliant hazards of a unit to a CSV, XLSX or GeoJSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, metavar="CODE", help="official code, as text")
        parser.add_argument("--set", metavar="NAME", help="boundary set; the current one if absent")
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")
        gaps = " ".join(str(verdict) for verdict in SEEN_GAPS)
        parser.add_argument("--verdict", nargs="+", choices=Verdict.values, help=f"default: {gaps}")
        parser.add_argument("--kind", nargs="+", default=[], choices=HazardKind.values)
        parser.add_argument("--state", nargs="+", default=[], choices=Lifecycle.values)
        parser.add_argument("--missing", default="", choices=[*Duty.values, ANY_DUTY])
        parser.add_argument("--body", default="", help=f"id, {NO_BODY}, or {ANY_HOUSEHOLD}")
        parser.add_argument("--text", default="", help="words of the name, with or without marks")
        parser.add_argument("--children-near-min", type=_whole, metavar="N")
        parser.add_argument("--days-since-look-min", type=_whole, metavar="N", help="days")
        parser.add_argument("--real-only", action="store_true", help="leave invented records out")
        parser.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="default: today")
        parser.add_argument("--sort", default="children", choices=SORTS)
        parser.add_argument(
            "--name-households", action="store_true", help="for the register's own staff only"
        )

    def run(self, *, output: Path, **options: Any) -> None:
        if not output.parent.is_dir():
            said = _("There is no folder {folder}. Make it, or give another.")
            raise CommandError(said.format(folder=output.parent))
        reader = office_reader(name_households=options["name_households"])
        rows = rows_for(reader, _filter(options))
        size = _write(file_pieces(rows, options["format"], str(get_language())), output)
        wanted = rows.filter
        said = _(
            "Hazards written: {written} of {all} in {unit}, as of {day}; {size} bytes in {file}."
        )
        self.stdout.write(
            said.format(
                written=rows.count(),
                all=sum(rows.exact_counts().values()),
                unit=wanted.unit,
                day=wanted.as_of.isoformat(),
                size=size,
                file=output,
            )
        )


def _filter(options: dict[str, Any]) -> HazardFilter:
    body = options["body"]
    if body and body not in {NO_BODY, ANY_HOUSEHOLD} and not body.isdecimal():
        said = _("--body {body}: give the number of a body, {nobody}, or {household}.")
        raise CommandError(said.format(body=body, nobody=NO_BODY, household=ANY_HOUSEHOLD))
    return HazardFilter(
        unit=_unit(options["unit"], options["set"]),
        text=options["text"],
        kinds=tuple(options["kind"]),
        verdicts=tuple(options["verdict"] or (str(verdict) for verdict in SEEN_GAPS)),
        missing=options["missing"],
        body=body,
        lifecycles=tuple(options["state"]),
        children_near_min=options["children_near_min"],
        days_since_look_min=options["days_since_look_min"],
        real_only=options["real_only"],
        as_of=options["as_of"] or timezone.localdate(),
        sort=options["sort"],
    )


def _unit(code: str, set_name: str | None) -> AdminUnit:
    try:
        return unit_by_code(code, set_name=set_name)
    except NotFoundError:
        said = (
            _("There is no unit with the code {code} in the boundary set {set_name}.")
            if set_name
            else _("There is no unit with the code {code} in the current boundary set.")
        )
        raise CommandError(said.format(code=code, set_name=set_name)) from None


def _write(pieces: Iterator[bytes], output: Path) -> int:
    """Write beside the target and rename: a reader never meets half a file. Returns bytes."""
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise _not_writable(output.parent, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            for piece in pieces:
                target.write(piece)
        part.chmod(0o640)
        part.replace(output)
    except OSError as error:
        raise _not_writable(output, error) from error
    finally:
        part.unlink(missing_ok=True)
    return output.stat().st_size


def _not_writable(path: Path, error: OSError) -> CommandError:
    said = _("Cannot write {path}: {reason}.")
    return CommandError(said.format(path=path, reason=error.strerror))


def _whole(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def _day(text: str) -> date:
    """Read a day; a day to come cannot be judged yet."""
    day = date.fromisoformat(text)
    if day > timezone.localdate():
        raise ValueError
    return day
