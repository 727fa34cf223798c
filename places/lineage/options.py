"""What the commands on lineage may be told, and the errors that stop a whole file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.sourcefile import SourceFileError


@dataclass(frozen=True, kw_only=True)
class LineageOptions:
    """A table with a row for each pair of an old and a new code; both sets are loaded before."""

    path: Path
    from_set: str
    to_set: str
    level: str = "commune"
    source: str = ""
    accept_good: bool = False
    dry_run: bool = False


class LineageColumnsError(SourceFileError):
    code = "places.lineage_columns"
    template = _("{name} has no columns old_code and new_code. It has: {columns}.")


class NoOutlinesError(DomainError):
    code = "places.no_outlines"
    status = 422
    template = _("The set {set_name} holds no unit of the level {level} with an outline.")
