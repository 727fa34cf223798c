"""What an import may be told, and the errors that stop a whole file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy as _

from common.sourcefile import SourceFileError


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """One import: which file, under which source name, which columns.

    A column that is not named is looked for under its usual names (columns.py). ``crs`` is an EPSG
    number or "file"; ``kind`` goes for all rows, or for plain water where tags say no more. Rows in
    no unit go to the nearest one up to ``near_km`` away. New rows that are very likely a hazard of
    the register already are taken all the same, or left out (``twins``).
    """

    path: Path
    source: str
    crs: str | None = None
    source_id_field: str | None = None
    kind: str | None = None
    kind_field: str | None = None
    name_field: str | None = None
    lon_field: str | None = None
    lat_field: str | None = None
    x_field: str | None = None
    y_field: str | None = None
    depth_field: str | None = None
    body_field: str | None = None
    lifecycle_field: str | None = None
    layer: str | None = None
    where: tuple[str, ...] = ()
    osm: bool = False
    outside: Literal["refuse", "skip"] = "refuse"
    near_km: float = 0.0
    twins: Literal["take", "skip"] = "take"
    is_synthetic: bool = False
    accept_good: bool = False
    dry_run: bool = False


class NoSourceError(SourceFileError):
    code = "hazards.import_no_source"
    template = _("Name the source of {name} in at most 100 characters (--source).")


class NoKindError(SourceFileError):
    code = "hazards.import_no_kind"
    template = _(
        "{name} does not say what kind of water a row is. Name the column (--kind-field), or the "
        "kind of all rows (--kind): {kinds}. Columns of the file: {columns}."
    )


class KindUnknownError(SourceFileError):
    code = "hazards.import_kind_unknown"
    template = _("{kind} is no kind of water here. Use one of: {kinds}.")


class NoPositionColumnsError(SourceFileError):
    code = "hazards.import_no_position"
    template = _(
        "{name} has no columns with positions that are known here. Name those of longitude and "
        "latitude (--lon-field, --lat-field), or of easting and northing (--x-field, --y-field). "
        "Columns: {columns}."
    )
