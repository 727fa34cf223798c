"""Give a table very many rows: its indexes are taken down, and built again when they are in.

To keep an index in order row by row costs several times what building it at the end does, the
spatial one above all. Triggers that would be given the rows may be down too. Nobody can read the
table meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg import sql
from psycopg.errors import LockNotAvailable

LOCK_WAIT_S = 30  # others who come meanwhile wait too
_MEMORY = "256MB"  # for building an index
_LOCK = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE")
# Those enabled as usual.
_TRIGGERS = """
SELECT format('DROP TRIGGER %%I ON %%s', tgname, tgrelid::regclass), pg_get_triggerdef(oid)
  FROM pg_trigger
 WHERE tgrelid = %(table)s::regclass AND tgname = ANY (%(names)s::name[]) AND tgenabled = 'O'
"""
# Foreign keys and unique constraints, then plain indexes: how each is taken down, how built again.
_PARTS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
              conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint
 WHERE conrelid = %(table)s::regclass AND contype IN ('f', 'u')
UNION ALL
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  FROM pg_index
 WHERE indrelid = %(table)s::regclass AND NOT indisprimary
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')
"""


def lock_alone(tables: Sequence[str]) -> bool:
    """Shut everybody else out of the tables until the transaction ends.

    False when somebody who uses one of them does not end within LOCK_WAIT_S. Checks that
    wait for the end of the transaction are made now: while they wait, a table cannot be altered.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(f"{LOCK_WAIT_S}s"))
            cursor.execute(_LOCK.format(names))
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True


@contextmanager
def indexes_built_after(tables: Sequence[str]) -> Iterator[None]:
    """Take down what is built beside the tables, save primary keys, and build it after the block.

    Call it under ``lock_alone``. What the block wrote must keep to unique and foreign keys: they
    are checked when they are built, with the usual IntegrityError. Other tables may point at the
    primary keys only.
    """
    with connection.cursor() as cursor:
        parts = [part for table in tables for part in _parts(cursor, table)]
        for take_down, _build in parts:
            cursor.execute(take_down)
        yield
        cursor.execute(sql.SQL("SET LOCAL maintenance_work_mem = {}").format(_MEMORY))
        for _take_down, build in parts:
            cursor.execute(build)
        cursor.execute("SET LOCAL maintenance_work_mem = DEFAULT")


@contextmanager
def triggers_down(table: str, *names: str) -> Iterator[None]:
    """Take triggers down for the block. Call it under ``lock_alone``.

    A trigger that is given the new rows costs nearly as much as writing them, even while it is
    disabled: they are put aside for it all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS, {"table": table, "names": list(names)})
        parts = cursor.fetchall()
        for take_down, _build in parts:
            cursor.execute(take_down)
        yield
        for _take_down, build in parts:
            cursor.execute(build)


def _parts(cursor: Any, table: str) -> list[tuple[str, str]]:
    cursor.execute(_PARTS, {"table": table})
    return list(cursor.fetchall())
