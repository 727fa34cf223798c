"""What load_units may be told, and the errors that stop a whole file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.sourcefile import SourceFileError


@dataclass(frozen=True, kw_only=True)
class UnitsOptions:
    """One load: which file, which columns, which level of which set.

    ``parent_level`` with ``parent_field`` says at which level to look the code up; alone it asks
    for the parent by place: the unit of that level the new unit lies in.
    """

    path: Path
    level: str
    code_field: str
    name_field: str
    set_name: str
    valid_from: date
    valid_to: date | None = None
    full_name_field: str | None = None
    type_field: str | None = None
    second_name_field: str | None = None
    parent_field: str | None = None
    parent_level: str | None = None
    title: str = ""
    source: str = ""
    layer: str | None = None
    crs: str | None = None
    where: tuple[str, ...] = ()
    make_current: bool = False
    accept_good: bool = False
    dry_run: bool = False


class SetNameError(DomainError):
    code = "places.set_name"
    template = _("{text}: the name of a set or level holds only letters a-z, digits, - and _.")


class PeriodError(DomainError):
    code = "places.period"
    template = _("The units would end on {valid_to}, not after they begin on {valid_from}.")


class NoParentsError(SourceFileError):
    code = "places.no_parents"
    template = _(
        "{name}: the set {set_name} holds no units {level} could belong to. Load the level above "
        "first, into the same set."
    )


class SetInUseError(DomainError):
    code = "places.set_in_use"
    status = 409
    template = _(
        "The units of the current set {current} are in use ({uses}). Load {set_name} without "
        "--current, then move everything to it: manage.py use_boundary_set {set_name}"
    )


class NoSuchSetError(DomainError):
    code = "places.no_such_set"
    status = 404
    template = _("There is no boundary set {set_name}. There are: {names}.")


class NoSuchUnitsError(DomainError):
    code = "places.no_such_units"
    status = 404
    template = _("The set {set_name} holds no such units: level {level}, code {unit_code}.")
