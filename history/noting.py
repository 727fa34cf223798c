"""Write down changes that are made past the triggers: many rows at once, a table written anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models
from psycopg import sql

from common.bulkload import triggers_down
from history.tracking import tracked

_ON_INSERT = "history_on_insert"
_EVENTS = sql.SQL(
    """
    INSERT INTO history_event (change_id, shape_id, table_name, row_id, hazard_id, op, old, new)
    SELECT {change}, {shape}, {name}, moved.id, {hazard}, 'U',
           jsonb_build_object({column}, moved.was), jsonb_build_object({column}, moved.{to})
      FROM {moved} AS moved
    """
)


def note_column(model: type[models.Model], column: str, moved: str) -> int:
    """Note the old and new value of one column, as an UPDATE would; returns the number of events.

    ``moved`` is a table (trusted SQL) with columns ``id``, ``was`` and one named as ``column``; the
    values must be of a kind that JSON keeps as it is, such as numbers. ``model`` is tracked, and is
    the hazard itself or hangs on none.
    """
    entry = tracked()[model._meta.db_table]
    names = {
        "name": sql.Literal(entry.table),
        "column": sql.Literal(column),
        "to": sql.Identifier(column),
        "moved": sql.SQL(moved),
        "hazard": sql.SQL("moved.id" if entry.hazard_column else "NULL"),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('history_change_id_seq'), history_shape_of(%s::regclass, %s, %s, %s)",
            [entry.table, *entry.arguments],
        )
        change, shape = cursor.fetchone()
        cursor.execute(
            _EVENTS.format(change=sql.Literal(change), shape=sql.Literal(shape), **names)
        )
        noted = int(cursor.rowcount)
        if noted:
            cursor.execute("SELECT history_write_change(%s, %s, %s)", [change, entry.table, noted])
    return noted


def note_added(model: type[models.Model], waiting: str, first_pk: int, last_pk: int) -> int:
    """Note that rows are added, as the trigger would; returns the number of events.

    ``waiting`` is a table of the same columns that holds them until they are, in this transaction
    and inside ``noted_already``, word for word.
    """
    entry = tracked()[model._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT history_note_added(%s::regclass, %s, %s, %s, %s::regclass, %s, %s)",
            [entry.table, *entry.arguments, waiting, first_pk, last_pk],
        )
        return int(cursor.fetchone()[0])


@contextmanager
def noted_already(model: type[models.Model], *, is_alone: bool = False) -> Iterator[None]:
    """Add rows inside the block that ``note_added`` noted.

    Nobody else may write the table from here to the end of the transaction: the trigger is off for
    everybody. Checks that wait for that end are made now and at once. ``is_alone`` says that the
    table is locked by ``common.bulkload.lock_alone``.
    """
    if is_alone:
        with triggers_down(model._meta.db_table, _ON_INSERT):
            yield
        return
    table, name = sql.Identifier(model._meta.db_table), sql.Identifier(_ON_INSERT)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table could not be altered
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(table, name))
        yield
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER {}").format(table, name))
