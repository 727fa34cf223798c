"""manage.py export_noncompliances: the list of the page of the same name, as a file."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from common.errors import NotFoundError
from hazards.exports.files import FORMATS, file_pieces
from hazards.selectors.filters import ANY_DUTY, ANY_HOUSEHOLD, NO_BODY, HazardFilter
from hazards.selectors.listing import rows_for
from hazards.selectors.order import SORTS
from hazards.selectors.reader import office_reader
from hazards.taxonomy import SEEN_GAPS, Duty, HazardKind, Lifecycle, Verdict
from places.access import unit_by_code
from places.models import AdminUnit


class Command(BaseCommand):
    help = "Write the noncompliant hazards of a unit to a CSV, XLSX or GeoJSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
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
        parser.add_argument("--lang", default="vi", choices=["vi", "en"], help="of the headings")
        parser.add_argument(
            "--name-households", action="store_true", help="for the register's own staff only"
        )

    def handle(self, *, output: Path, lang: str, **options: Any) -> None:
        if not output.parent.is_dir():
            raise CommandError(f"There is no folder {output.parent}. Make it, or give another.")
        reader = office_reader(name_households=options["name_households"])
        rows = rows_for(reader, _filter(options))
        with override(lang):
            pieces = file_pieces(rows, options["format"], lang)
            size = _write(pieces, output)
        wanted = rows.filter
        self.stdout.write(
            f"Hazards written: {rows.count()} of {sum(rows.exact_counts().values())} "
            f"in {wanted.unit}, as of {wanted.as_of.isoformat()}; {size} bytes in {output}."
        )


def _filter(options: dict[str, Any]) -> HazardFilter:
    body = options["body"]
    if body and body not in {NO_BODY, ANY_HOUSEHOLD} and not body.isdecimal():
        raise CommandError(
            f"--body {body}: give the number of a body, {NO_BODY}, or {ANY_HOUSEHOLD}."
        )
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
        where = f"the boundary set {set_name}" if set_name else "the current boundary set"
        raise CommandError(f"There is no unit with the code {code} in {where}.") from None


def _write(pieces: Iterator[bytes], output: Path) -> int:
    """Write beside the target and rename: a reader never meets half a file. Returns bytes."""
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise CommandError(f"Cannot write in {output.parent}: {error.strerror}.") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            for piece in pieces:
                target.write(piece)
        part.chmod(0o640)
        part.replace(output)
    except OSError as error:
        raise CommandError(f"Cannot write {output}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return output.stat().st_size


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
