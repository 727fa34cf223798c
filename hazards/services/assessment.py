"""Work out verdicts in sets, keep those of today, and say when they must be worked out anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from accounts.scoping import AreaScope
from common.planner import planned
from common.sidebyside import side_by_side
from common.sqlfile import execute, run
from hazards.models import ComplianceRule, HazardAssessment, WaterHazard
from hazards.signals import hazards_changed
from hazards.taxonomy import DUTY_OF_SAFEGUARD, LIFECYCLES_WITH_WATER
from places.models import AdminUnit

SQL = Path(__file__).resolve().parent.parent / "sql" / "assessment.sql"
UPKEEP_SQL = SQL.with_name("assessment_upkeep.sql")
ALIKE_SQL = SQL.with_name("assessment_alike.sql")
COUNTS_SQL = SQL.with_name("counts.sql")
FEW_HAZARDS = 1000  # fewer than this are looked up one by one, more read each table once
MANY_HAZARDS = 100_000  # from here on two processes at once are quicker than one
FEW_IN_UNITS = 5000  # the same for a unit: its hazards lie close together on the disk
# For the whole register: sorts and hashes in memory instead of on disk, each table read once. Rows
# written in the same transaction have no statistics yet; taken for few, they were looked up one by
# one within one another, for minutes.
FOR_MANY = {"work_mem": "96MB", "enable_nestloop": "off", "enable_mergejoin": "off", "jit": "off"}
_REFRESH_LOCK = 7_301_965  # any number that no other advisory lock uses
# Hazards of the enclosing assess_once() whose verdicts are not worked out yet.
_waiting: ContextVar[set[int] | None] = ContextVar("waiting", default=None)
_fresh_on: date | None = None  # the day for which this process has seen to it


@dataclass(frozen=True)
class AssessmentCount:
    """Hazards by verdict on a day; ``changed`` are the ids whose kept row is new or other."""

    on: date
    by_verdict: dict[str, int] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.by_verdict.values())


@transaction.atomic
def assess(hazard_ids: Iterable[int] | None = None) -> AssessmentCount:
    """Work out and keep today's verdict of the hazards given, or of all; tells who listens."""
    count = _store(hazard_ids)
    _tell(count.changed)
    return count


def reassess(hazard_ids: list[int]) -> None:
    """Keep today's verdicts of hazards just written; call it inside that transaction.

    Listeners hear of all of them after the commit, since shapes may have changed and verdicts not.
    """
    waiting = _waiting.get()
    if waiting is not None:
        waiting.update(hazard_ids)
        return
    _store(hazard_ids)
    _tell(hazard_ids)


@contextmanager
def assess_once() -> Iterator[None]:
    """Work out the verdicts of all hazards written inside the block once, at its end.

    For imports and other long series of observations; the block is one transaction. Verdicts read
    inside it are those of before.
    """
    outer = _waiting.get()
    if outer is not None:
        yield
        return
    waiting: set[int] = set()
    token = _waiting.set(waiting)
    try:
        with transaction.atomic():
            yield
            _waiting.reset(token)
            if waiting:
                reassess(sorted(waiting))
    finally:
        if _waiting.get() is waiting:
            _waiting.reset(token)


@contextmanager
def hold_assessment() -> Iterator[None]:
    """Leave verdicts of what is written inside the block to the caller, who must see to them."""
    token = _waiting.set(set())
    try:
        yield
    finally:
        _waiting.reset(token)


def assess_range(first_id: int, last_id: int, *, is_alone: bool = False) -> None:
    """Keep today's verdicts of the hazards from one key to another, just written by COPY.

    Of those that the rules cannot tell apart one is judged: a million lines of a file that nobody
    has surveyed yet are a few hundred different ones. ``is_alone`` says that nobody else can write
    verdicts until the transaction ends.
    """
    ends = {"first_id": first_id, "last_id": last_id}
    touched = [row["hazard_id"] for row in run(ALIKE_SQL, "touched", **ends)]
    with planned(**FOR_MANY):
        firsts = [row["id"] for row in run(ALIKE_SQL, "one_of_each", **ends, touched=touched)]
        _store([*firsts, *touched])
        store = "store_alike_alone" if is_alone else "store_alike"
        execute(ALIKE_SQL, store, **ends, firsts=firsts, touched=touched)
    _tell(range(first_id, last_id + 1))  # a million keys by themselves would take 200 MB


def assessments_on(
    on: date,
    *,
    hazard_ids: Iterable[int] | None = None,
    unit: AdminUnit | None = None,
    scope: AreaScope | None = None,
) -> list[HazardAssessment]:
    """Return the verdicts of any day as unsaved rows, by hazard id; nothing is stored.

    Hazards registered after that day are left out. Give hazards, a unit with all below it, a
    scope, or several of them: the rows are those that meet all.
    """
    rows = _run("verdicts_on", _values(on, hazard_ids, unit=unit, scope=scope))
    return [HazardAssessment(**row) for row in rows]


def verdict_counts_on(on: date, *, unit: AdminUnit | None = None) -> dict[int, dict[str, int]]:
    """Return {unit id: {verdict: hazards}} of any day, nothing stored."""
    found: dict[int, dict[str, int]] = {}
    for row in _run("counts_on", _values(on, None, unit=unit, scope=None)):
        found.setdefault(row["unit_id"], {})[row["verdict"]] = row["hazards"]
    return found


@transaction.atomic
def compare_rules(
    on: date,
    rules: list[ComplianceRule],
    *,
    unit: AdminUnit | None = None,
    scope: AreaScope | None = None,
) -> list[dict[str, Any]]:
    """Judge under the stored rules and under ``rules`` in their place; nothing is stored.

    Rows {unit_id, verdict_before, verdict_after, hazards}, also of verdicts that stay; several may
    be about the same. Today's are kept already, so that only one side has to be judged, unless time
    has overtaken some.
    """
    stored = _values(on, None, unit=unit, scope=scope)
    given = stored | {"rules": _as_json(rules)}
    if on == timezone.localdate() and not anything_due(on):
        kinds = _kinds_touched(rules)
        changes = _rehearsed_today(given, kinds)
        rest = run(COUNTS_SQL, "rehearse_rest", kinds=kinds, unit_ids=stored["unit_ids"])
        changes += [
            {"unit_id": row["unit_id"], "verdict_before": row["verdict"],
             "verdict_after": row["verdict"], "hazards": row["hazards"]}
            for row in rest
        ]  # fmt: skip
        if all(row["verdict_before"] for row in changes):
            return changes
    _run("rehearse_before", stored)
    changes = _run("rehearse_changes", given)
    run(UPKEEP_SQL, "rehearse_end")
    return changes


def _rehearsed_today(given: dict[str, Any], kinds: list[str]) -> list[dict[str, Any]]:
    """Judge the kinds; where they are many, two processes of the server judge one half each."""
    numbers = [] if given["unit_ids"] is not None else run(COUNTS_SQL, "of_kinds", kinds=kinds)
    if sum(row["hazards"] for row in numbers) < MANY_HAZARDS:
        return _run("rehearse_today", given | {"kinds": kinds})
    halves: list[list[str]] = [[], []]
    sizes = [0, 0]
    for row in numbers:  # the most frequent first
        smaller = sizes.index(min(sizes))
        halves[smaller].append(row["kind"])
        sizes[smaller] += row["hazards"]
    questions = [
        partial(_run, "rehearse_today", given | {"kinds": half}) for half in halves if half
    ]
    return [row for rows in side_by_side(questions) for row in rows]


def refresh_due(on: date | None = None) -> AssessmentCount:
    """Work out anew the verdicts that time has overtaken; costs one index look when there are none.

    Two processes at once do it one after the other; the second finds nothing left.
    """
    today = on or timezone.localdate()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REFRESH_LOCK])
        due = [row["hazard_id"] for row in run(UPKEEP_SQL, "due", on=today)]
        count = _store(due, today) if due else AssessmentCount(today)
        _tell(count.changed)
    return count


def anything_due(on: date | None = None) -> bool:
    """Say whether a kept verdict has been overtaken by time."""
    return bool(run(UPKEEP_SQL, "anything_due", on=on or timezone.localdate())[0]["due"])


def ensure_fresh() -> None:
    """Refresh what is due, once a day in this process; call it before stored verdicts are read.

    Verdicts stored later that day name a later day, so one look a day is enough.
    """
    global _fresh_on
    today = timezone.localdate()
    if _fresh_on == today:
        return
    if anything_due(today):
        refresh_due(today)
    _fresh_on = today


def _store(hazard_ids: Iterable[int] | None, on: date | None = None) -> AssessmentCount:
    today = on or timezone.localdate()
    return _stored(_values(today, hazard_ids, unit=None, scope=None))


def _stored(values: dict[str, Any]) -> AssessmentCount:
    rows = _run("store", values)
    return AssessmentCount(
        on=values["on"],
        by_verdict={row["verdict"]: row["hazards"] for row in rows},
        changed=sorted(hazard_id for row in rows for hazard_id in row["changed"]),
    )


def _run(name: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a statement on verdicts, planned for the number of hazards it asks for."""
    if _asks_for_few(values):
        return run(SQL, name, **values)
    with planned(**FOR_MANY):
        return run(SQL, name, **values)


def _asks_for_few(values: dict[str, Any]) -> bool:
    if values["ids"] is not None:
        return len(values["ids"]) < FEW_HAZARDS
    if values["unit_ids"] is None:
        return False
    found = run(UPKEEP_SQL, "hazards_in_units", unit_ids=values["unit_ids"])
    return bool(found[0]["hazards"] < FEW_IN_UNITS)


def _tell(hazard_ids: Sequence[int]) -> None:
    if hazard_ids:
        ids = hazard_ids if isinstance(hazard_ids, range) else list(hazard_ids)
        transaction.on_commit(lambda: hazards_changed.send(sender=WaterHazard, hazard_ids=ids))


def _values(
    on: date,
    hazard_ids: Iterable[int] | None,
    *,
    unit: AdminUnit | None,
    scope: AreaScope | None,
) -> dict[str, Any]:
    return {
        "on": on,
        "ids": None if hazard_ids is None else list(hazard_ids),
        "unit_ids": _unit_ids(unit, scope),
        "with_water": [str(lifecycle) for lifecycle in LIFECYCLES_WITH_WATER],
        "rules": None,  # the stored ones
        "kinds": None,  # all
        "serving": [f"{kind}:{duty}" for kind, duty in DUTY_OF_SAFEGUARD.items()],
    }


def _kinds_touched(rules: list[ComplianceRule]) -> list[str]:
    """Return the kinds listed by a rule that is not, or not so, among the stored ones."""
    columns = [field.attname for field in ComplianceRule._meta.concrete_fields]
    stored = {row["id"]: row for row in ComplianceRule.objects.values(*columns)}
    kinds: set[str] = set()
    for rule in rules:
        given = {name: getattr(rule, name) for name in columns}
        before = stored.pop(rule.pk, None)
        if given != before:
            kinds.update(rule.kinds, before["kinds"] if before else ())
    for gone in stored.values():
        kinds.update(gone["kinds"])
    return sorted(kinds)


def _as_json(rules: list[ComplianceRule]) -> str:
    """Return rules for the statement; one not stored gets an id that no stored rule has."""
    columns = [field.attname for field in ComplianceRule._meta.concrete_fields]
    rows = [{name: getattr(rule, name) for name in columns} for rule in rules]
    for number, row in enumerate(rows, start=1):
        row["id"] = row["id"] or -number
    return json.dumps(rows, cls=DjangoJSONEncoder)


def _unit_ids(unit: AdminUnit | None, scope: AreaScope | None) -> list[int] | None:
    """Return the ids of the units that lie in the unit and in the scope; None stands for all."""
    if unit is None and scope is None:
        return None
    units = AdminUnit.objects.order_by()
    if unit is not None:
        units = units.within(unit)
    if scope is not None:
        units = units.filter(scope.q(unit_field=""))
    return list(units.values_list("pk", flat=True))
