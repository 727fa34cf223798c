"""Undo one batch, or what one person did on one day, without touching what others did later.

Nothing is deleted: an added hazard is marked as entered in error, an added observation is
withdrawn. The undoing is itself a batch, so it can be undone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg import sql

from accounts.audit import record
from accounts.models import User
from common.sqlfile import execute, run
from common.text import tidy
from history.context import acting
from history.errors import NothingToUndoError, UndoBlockedError, UndoReasonMissingError
from history.signals import rows_undone
from history.tracking import OnUndo, Tracked, tracked

SQL = Path(__file__).parent.parent / "sql" / "undo.sql"
LISTED = 200  # rows kept because of later changes that a preview names
DONE = ("restore", "withdraw", "put_back")


@dataclass(frozen=True)
class Wanted:
    """What to undo: a batch, or a person's day by Vietnam's clock."""

    batch: uuid.UUID | None = None
    actor_id: int | None = None
    day: date | None = None


@dataclass(frozen=True)
class UndoPlan:
    """``counts`` are rows by (table, action); ``kept`` names rows left alone, at most LISTED.

    ``hazard_ids`` are the hazards at which something is undone.
    """

    counts: dict[tuple[str, str], int]
    kept: list[dict[str, Any]]
    hazard_ids: list[int]

    def rows(self, *actions: str) -> int:
        return sum(n for (_, action), n in self.counts.items() if action in actions)

    @property
    def undone(self) -> int:
        return self.rows(*DONE)

    @property
    def kept_rows(self) -> int:
        return self.rows("kept")


def preview_undo(wanted: Wanted) -> UndoPlan:
    """Say what undoing would do; nothing is changed."""
    with transaction.atomic():
        plan = _plan(wanted)
        transaction.set_rollback(True)
    return plan


def undo(*, wanted: Wanted, actor: User | None, reason: str) -> tuple[UndoPlan, uuid.UUID]:
    """Undo it all in one transaction; returns what was done and the batch that did it."""
    if not tidy(reason):
        raise UndoReasonMissingError
    batch = uuid.uuid4()
    verb = "undo_batch" if wanted.batch else "undo_day"
    with acting(actor=actor, verb=verb, reason=tidy(reason), batch=batch), transaction.atomic():
        plan = _plan(wanted)
        if not plan.undone:
            raise NothingToUndoError
        tables = {table for (table, action) in plan.counts if action in DONE}
        for table in _lowest_first(tables):
            _apply(tracked()[table], plan)
        record(
            actor=actor,
            verb=verb,
            target_kind="batch" if wanted.batch else "user",
            target_id=wanted.batch or wanted.actor_id or "-",
            reason=tidy(reason),
            batch=str(batch),
            day=wanted.day.isoformat() if wanted.day else "",
            undone=plan.undone,
            kept=plan.kept_rows,
        )
        rows_undone.send(sender=UndoPlan, tables=tables, hazard_ids=plan.hazard_ids)
        _forget_plan()
    return plan, batch


def day_ends(day: date) -> tuple[datetime, datetime]:
    """Return the moments between which a day lies by the clock of the site."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _plan(wanted: Wanted) -> UndoPlan:
    if wanted.batch is not None:
        execute(SQL, "chosen_of_batch", batch=wanted.batch)
    else:
        start, stop = day_ends(wanted.day or timezone.localdate())
        execute(SQL, "chosen_of_user", actor_id=wanted.actor_id, start=start, stop=stop)
    execute(SQL, "index_chosen")
    hazard_tables = [name for name, entry in tracked().items() if entry.hazard_column == "id"]
    staying = [name for name, entry in tracked().items() if entry.on_undo is OnUndo.KEEP]
    execute(SQL, "plan", hazard_table="".join(hazard_tables), staying=staying)
    counts = {(row["table_name"], row["action"]): row["rows"] for row in run(SQL, "plan_counts")}
    hazard_ids = [row["hazard_id"] for row in run(SQL, "plan_hazards")]
    return UndoPlan(counts, run(SQL, "plan_kept", most=LISTED), hazard_ids)


def _forget_plan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE undo_plan, undo_event")


def _lowest_first(tables: set[str]) -> list[str]:
    """Return the tables in the order they were registered: rows others point to come first."""
    return [name for name in tracked() if name in tables]


def _apply(entry: Tracked, plan: UndoPlan) -> None:
    table = entry.table
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if plan.counts.get((table, "put_back")):
                cursor.execute(_put_back(entry), [table])
            if plan.counts.get((table, "restore")):
                columns = [row["col"] for row in run(SQL, "plan_columns", table=table)]
                cursor.execute(_restore(entry, columns), [table])
            if plan.counts.get((table, "withdraw")):
                cursor.execute(_withdraw(entry), [table])
            # What stands by its own later must be checked now, while it can still be refused.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise UndoBlockedError(
            table=entry.model._meta.verbose_name, reason=str(error).split("\n")[0]
        ) from error


def _stored(entry: Tracked) -> list[sql.Identifier]:
    fields = entry.model._meta.concrete_fields
    return [sql.Identifier(str(field.column)) for field in fields if not field.generated]


def _put_back(entry: Tracked) -> sql.Composed:
    columns = sql.SQL(", ").join(_stored(entry))
    return sql.SQL(
        "INSERT INTO {table} ({columns})"
        " SELECT {columns} FROM (SELECT past.* FROM undo_plan AS plan"
        " CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, plan.vals) AS past"
        " WHERE plan.table_name = %s AND plan.action = 'put_back') AS past"
    ).format(table=sql.Identifier(entry.table), columns=columns)


def _restore(entry: Tracked, columns: list[str]) -> sql.Composed:
    there = {str(field.column) for field in entry.model._meta.concrete_fields}
    names = [sql.Identifier(name) for name in columns if name in there]
    sets = [sql.SQL("{0} = past.{0}").format(name) for name in names]
    return sql.SQL(
        "UPDATE {table} AS target SET {sets} FROM {table} AS present"
        " JOIN undo_plan AS plan ON plan.row_id = present.{pk} AND plan.action = 'restore'"
        " CROSS JOIN LATERAL jsonb_populate_record(present, plan.vals) AS past"
        " WHERE plan.table_name = %s AND target.{pk} = present.{pk}"
    ).format(
        table=sql.Identifier(entry.table),
        pk=sql.Identifier(entry.pk_column),
        sets=sql.SQL(", ").join(sets + _touch(entry)),
    )


def _withdraw(entry: Tracked) -> sql.Composed:
    which = sql.SQL(
        "{pk} IN (SELECT row_id FROM undo_plan WHERE table_name = %s AND action = 'withdraw')"
    ).format(pk=sql.Identifier(entry.pk_column))
    table = sql.Identifier(entry.table)
    if entry.on_undo is OnUndo.DELETE:
        return sql.SQL("DELETE FROM {} WHERE {}").format(table, which)
    column, value = entry.withdrawn
    mark = sql.SQL("clock_timestamp()") if value == "now" else sql.Literal(value)
    sets = [sql.SQL("{} = {}").format(sql.Identifier(column), mark), *_touch(entry)]
    return sql.SQL("UPDATE {} SET {} WHERE {}").format(table, sql.SQL(", ").join(sets), which)


def _touch(entry: Tracked) -> list[sql.Composable]:
    has = any(field.column == "updated_at" for field in entry.model._meta.concrete_fields)
    return [sql.SQL("updated_at = clock_timestamp()")] if has else []
