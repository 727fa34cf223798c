"""Lists that leave the house: what was asked, when, and a hash, so that they can be made again.

The hash is of the rows in the order of their codes, without the figures on children, which are
worked out from rasters and not from the register. It is taken from the very rows that are printed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.roles import Action
from accounts.scoping import AreaScope, scope_for
from hazards.models import ComplianceRule
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import HazardRows, rows_for
from hazards.selectors.past import past_of
from hazards.selectors.reader import Reader
from hazards.selectors.rows import HazardRow
from history.context import acting
from history.errors import PrintedListUnknownError
from history.models import PrintedList
from places.models import AdminUnit
from places.selectors import current_set

_SHORT = 16  # hex digits of one row's digest: to say which row differs, not to prove anything
LISTED = 50


@dataclass(frozen=True)
class Comparison:
    """A list made again: ``same`` or the codes of the rows that differ."""

    printed: PrintedList
    missing: list[str]
    new: list[str]
    changed: list[str]
    rules_differ: bool
    same: bool


def record_printed_list(
    *, rows: HazardRows, list_name: str, file_format: str, actor: User | None
) -> PrintedList:
    """Note a list that is about to be printed or sent; its ``code`` goes on the sheet."""
    made_at = rows.filter.known_at or timezone.now()
    digests = _digests(rows.stream())
    sha256 = _whole(digests)
    code = hashlib.sha256(f"{sha256} {made_at.isoformat()}".encode()).hexdigest()[:12].upper()
    boundaries = rows.filter.unit.boundary_set if rows.filter.unit else current_set()
    with acting(actor=actor, verb="print_list"), transaction.atomic():
        return PrintedList.objects.create(
            code="-".join((code[:4], code[4:8], code[8:])),
            sha256=sha256,
            list_name=list_name,
            file_format=file_format,
            asked=_asked(rows),
            on=rows.filter.as_of,
            known_at=made_at,
            rulebook_sha256=rulebook_sha256(),
            boundary_set=boundaries.name if boundaries else "",
            rows=len(digests),
            row_digests=digests,
            made_by_id=actor.pk if actor else None,
        )


def check_printed_list(code: str, *, user: Any = None) -> Comparison:
    """Make the list with this code again from what the register knew then, and compare.

    Raises PrintedListUnknownError, also for a list of where ``user`` (None: a command) may not
    export. Letters may be small and dashes left out.
    """
    bare = "".join(c for c in code.upper() if c.isalnum())
    printed = PrintedList.objects.filter(code="-".join((bare[:4], bare[4:8], bare[8:]))).first()
    if printed is None or not _may_check(user, printed):
        raise PrintedListUnknownError(list_code=code)
    rows = _rows_again(printed)
    digests = _digests(rows.stream())
    with past_of(rows.filter):
        rules = rulebook_sha256()
    was, now = dict(printed.row_digests), dict(digests)
    return Comparison(
        printed=printed,
        missing=sorted(was.keys() - now.keys())[:LISTED],
        new=sorted(now.keys() - was.keys())[:LISTED],
        changed=sorted(row for row in was.keys() & now.keys() if was[row] != now[row])[:LISTED],
        rules_differ=rules != printed.rulebook_sha256,
        same=_whole(digests) == printed.sha256 and rules == printed.rulebook_sha256,
    )


def _may_check(user: Any, printed: PrintedList) -> bool:
    """Say whether the list lies in the area of ``user``: by its unit, else by its reader's area."""
    if user is None:
        return True
    scope = scope_for(user, Action.EXPORT)
    unit = AdminUnit.objects.filter(pk=printed.asked["unit"]).first()
    if unit is not None:
        return scope.covers(unit.tree_left)
    ranges = printed.asked["reader"]["area"]
    return all(any(a <= x and y <= b for a, b in scope.ranges) for x, y in ranges)


def rulebook_sha256() -> str:
    """Return the hash of every stored rule, whatever its dates."""
    rules = list(ComplianceRule.objects.order_by("rule_code", "valid_from").values())
    text = json.dumps(rules, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _digests(rows: Iterable[HazardRow]) -> list[list[str]]:
    with override("vi"):
        found = [[row.hazard.code, _digest(row)] for row in rows]
    return sorted(found)


def _digest(row: HazardRow) -> str:
    hazard, state = row.hazard, row.state
    facts = [
        hazard.code, hazard.name, hazard.kind, hazard.lifecycle, row.hamlet, row.commune.full_name,
        row.commune.code, f"{row.lat:.7f}", f"{row.lon:.7f}", row.body_name, hazard.source,
        hazard.is_synthetic, row.photos_n, row.has_invented_sight, row.as_of.isoformat(),
        str(state.verdict), str(state.sign), str(state.barrier), str(state.cover),
        str(state.depth_class), None if state.depth_m is None else f"{state.depth_m:.2f}",
        state.last_observed_on.isoformat() if state.last_observed_on else None,
    ]  # fmt: skip
    text = json.dumps(facts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]


def _whole(digests: list[list[str]]) -> str:
    return hashlib.sha256(json.dumps(digests).encode()).hexdigest()


def _asked(rows: HazardRows) -> dict[str, Any]:
    wanted = rows.filter
    plain = {
        name: value for name, value in vars(wanted).items() if name not in ("unit", "known_at")
    }
    return {
        "filter": json.loads(json.dumps(plain, cls=DjangoJSONEncoder)),
        "unit": wanted.unit.pk if wanted.unit else None,
        "reader": {name: scope["ranges"] for name, scope in asdict(rows.reader).items()},
    }


def _rows_again(printed: PrintedList) -> HazardRows:
    asked = printed.asked
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in asked["filter"].items()
    }
    unit = AdminUnit.objects.filter(pk=asked["unit"]).first() if asked["unit"] else None
    wanted = HazardFilter(**values | {"unit": unit, "as_of": date.fromisoformat(values["as_of"])})
    scopes = {
        name: AreaScope(tuple((first, last) for first, last in ranges))
        for name, ranges in asked["reader"].items()
    }
    return rows_for(Reader(**scopes), replace(wanted, known_at=_moment(printed)))


def _moment(printed: PrintedList) -> datetime:
    return printed.known_at
