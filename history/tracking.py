"""Which tables are tracked, and the triggers that track them.

An app above this one registers its own tables in its ``ready``: ``track(Model, ...)``. The triggers
are put up after every ``migrate``, so that a new table needs a line here and no migration. They are
triggers on statements: an UPDATE of a million rows calls one function once, and COPY, bulk edits
and statements typed by hand are seen like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import AppConfig
from django.db import connection, models, transaction
from psycopg import sql

_EVENTS = (
    ("insert", "AFTER INSERT", "REFERENCING NEW TABLE AS new_rows"),
    ("update", "AFTER UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    ("delete", "AFTER DELETE", "REFERENCING OLD TABLE AS old_rows"),
    ("truncate", "BEFORE TRUNCATE", ""),
)


class OnUndo(Enum):
    """What undoing a batch does to a row that the batch added. Nothing in a register is deleted."""

    KEEP = "keep"  # stays; harmless alone
    WITHDRAW = "withdraw"  # the column given is set: it no longer counts
    DELETE = "delete"  # a grant, not a fact: it is taken back


@dataclass(frozen=True)
class Tracked:
    """One tracked table. ``withdrawn`` = (column, value) for OnUndo.WITHDRAW; "now" is a moment."""

    model: type[models.Model]
    hazard_column: str = ""
    without: tuple[str, ...] = ()  # columns that are nobody's business, such as a password
    on_undo: OnUndo = OnUndo.KEEP
    withdrawn: tuple[str, str] = ("", "")

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def pk_column(self) -> str:
        return str(self.model._meta.pk.column)

    @property
    def arguments(self) -> tuple[str, str, str]:
        """Return what the trigger is told: key, column of the hazard, columns left out."""
        return self.pk_column, self.hazard_column, ",".join(sorted(self.without))


_tracked: dict[str, Tracked] = {}
_untracked: dict[str, str] = {}


def track(model: type[models.Model], **options: Any) -> None:
    """Have every change of a table written down."""
    entry = Tracked(model, **options)
    _tracked[entry.table] = entry


def leave_untracked(model: type[models.Model], *, reason: str) -> None:
    """Say why a table is not tracked."""
    if not reason:
        raise ValueError("a table is left untracked for a reason")
    _untracked[str(model._meta.db_table)] = reason


def tracked() -> dict[str, Tracked]:
    return dict(_tracked)


def untracked() -> dict[str, str]:
    return dict(_untracked)


def track_lower_apps() -> None:
    """Register the tables of places and accounts, which may not know this app."""
    from accounts.models import AuditEntry, Membership, User
    from places import models as places

    track(Membership, on_undo=OnUndo.DELETE)
    track(places.BoundarySet)
    track(places.AdminUnit)
    track(places.UnitLineage)
    track(places.UnitName)
    leave_untracked(AuditEntry, reason="is itself a trail that is only added to")
    track(User, without=("password", "last_login"))


def install_after_migrate(sender: AppConfig, **kwargs: Any) -> None:
    """Put up the triggers when the last app has been migrated; called by Django's signal."""
    if sender.name == "history" and kwargs.get("using", "default") == "default":
        install()


def install() -> list[str]:
    """Put up missing triggers and take down those no longer asked for; returns tables begun.

    Rows that are there already get an event of their own, so that they can be checked later.
    """
    begun = []
    with transaction.atomic(), connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if "history_event" not in present:
            return []
        standing = _standing(cursor)
        for table in standing.keys() - _tracked.keys():
            _take_down(cursor, table)
        for table, entry in _tracked.items():
            if table not in present or standing.get(table) == {entry.arguments}:
                continue
            _take_down(cursor, table)
            _put_up(cursor, entry)
            if table not in standing:
                begun.append(table)
    return begun


def _standing(cursor: Any) -> dict[str, set[tuple[str, ...]]]:
    """Return {table: what its triggers are told}; nothing where one of them is missing."""
    cursor.execute(
        "SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger"
        " WHERE tgname LIKE 'history\\_on\\_%'"
    )
    found: dict[str, list[tuple[str, ...]]] = {}
    for table, told in cursor.fetchall():
        found.setdefault(table, []).append(tuple(told.split("\\000")[:-1]))
    return {
        table: set(told) if len(told) == len(_EVENTS) else set() for table, told in found.items()
    }


def _put_up(cursor: Any, entry: Tracked) -> None:
    for event, when, rows in _EVENTS:
        statement = sql.SQL(
            "CREATE TRIGGER {} {} ON {} {} FOR EACH STATEMENT EXECUTE FUNCTION history_note({})"
        ).format(
            sql.Identifier(f"history_on_{event}"),
            sql.SQL(when),
            sql.Identifier(entry.table),
            sql.SQL(rows),
            sql.SQL(", ").join(sql.Literal(word) for word in entry.arguments),
        )
        cursor.execute(statement)
    cursor.execute(
        "SELECT history_baseline(%s::regclass, %s, %s, %s)", [entry.table, *entry.arguments]
    )


def _take_down(cursor: Any, table: str) -> None:
    for event, _when, _rows in _EVENTS:
        statement = sql.SQL("DROP TRIGGER IF EXISTS {} ON {}")
        cursor.execute(
            statement.format(sql.Identifier(f"history_on_{event}"), sql.Identifier(table))
        )
