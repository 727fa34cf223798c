"""From an address to the list it asks for: the same for the page, its map and its files."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.context import chosen_date, chosen_unit
from accounts.roles import Action
from accounts.scoping import scope_for
from hazards.forms import HazardFilterForm
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import HazardRows, rows_for
from hazards.selectors.reader import Reader, reader_for
from hazards.taxonomy import SEEN_GAPS


@dataclass(frozen=True)
class ListKind:
    """One of the two lists: what it shows until somebody narrows it."""

    name: str
    file_stem: str
    action: Action
    verdicts: tuple[str, ...]
    sort: str


REGISTER = ListKind("list", "diem-nguy-co", Action.VIEW, (), "code")
GAPS = ListKind(
    "noncompliances",
    "diem-nguy-co-chua-dat",
    Action.EXPORT,
    tuple(verdict.value for verdict in SEEN_GAPS),
    "children",
)
LIST_KINDS = {kind.name: kind for kind in (REGISTER, GAPS)}


@dataclass(frozen=True)
class Asked:
    kind: ListKind
    form: HazardFilterForm
    filter: HazardFilter
    reader: Reader

    def rows(self) -> HazardRows:
        return rows_for(self.reader, self.filter)


def read_list(request: HttpRequest, kind: ListKind, action: Action | None = None) -> Asked:
    """Read the address. The place is that of the bar above the page: bounded by what may be seen.

    ``action`` bounds the rows; an export may ask for more than its page does.
    """
    reader = reader_for(request.user, action or kind.action)
    unit = chosen_unit(request, scope_for(request.user, Action.VIEW))  # type: ignore[arg-type]
    form = HazardFilterForm(request.GET, reader=reader, unit=unit)
    wanted = form.to_filter(
        as_of=chosen_date(request), default_verdicts=kind.verdicts, default_sort=kind.sort
    )
    return Asked(kind=kind, form=form, filter=wanted, reader=reader)
