"""The register as it was known at a moment: every table, through the same queries as today's.

``known_at(moment)`` lays over each tracked table that has changed since a temporary view of the
same name, which PostgreSQL finds before the table itself. The view takes the rows that have not
changed from the table, with its indexes, and the changed ones with their later changes undone. So
a list, a verdict or a map of the past is made by the code that makes today's, and the cost grows
with what has changed since, not with the register. All of it is gone at the end of the block.

Nothing may be written inside: the block is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from history.tracking import tracked

_SCHEMA = sql.Identifier("public")

# Each row that changed after the moment, what it was before, and whether it was there.
_CHANGED = sql.SQL(
    """
    CREATE TEMPORARY TABLE {touched} ON COMMIT DROP AS
    SELECT event.row_id,
           coalesce(history_merge(event.old ORDER BY event.id DESC)
                    FILTER (WHERE event.old IS NOT NULL), '{{}}') AS before,
           (array_agg(event.op ORDER BY event.id))[1] <> 'I' AS was_there
      FROM history_change AS change
      JOIN history_event AS event ON event.change_id = change.id
     WHERE change.table_name = {name} AND change.at > {moment}
       AND (event.op IN ('U', 'D') OR event.op = 'I' AND change.at > {added_until})
     GROUP BY event.row_id
    """
)
_ROWS = sql.SQL(
    """
    CREATE TEMPORARY TABLE {then} (LIKE {schema}.{table} INCLUDING GENERATED) ON COMMIT DROP;
    INSERT INTO {then} ({columns})
    SELECT {columns_of_past}
      FROM {touched} AS touched
      LEFT JOIN {schema}.{table} AS present ON present.{pk} = touched.row_id
     CROSS JOIN LATERAL jsonb_populate_record(present, touched.before) AS past
     WHERE touched.was_there;
    ALTER TABLE {touched} ADD PRIMARY KEY (row_id);
    CREATE INDEX ON {then} ({pk});
    ANALYZE {touched};
    ANALYZE {then}
    """
)
_VIEW = sql.SQL(
    """
    CREATE TEMPORARY VIEW {table} AS
    SELECT {all_of_present} FROM {schema}.{table} AS present
     WHERE NOT EXISTS (SELECT FROM {touched} AS touched WHERE touched.row_id = present.{pk})
    UNION ALL SELECT {all_columns} FROM {then}
    """
)


@dataclass(frozen=True)
class Layer:
    """Tables (all tracked ones when None) as they were known at a moment.

    Rows that came later, but by ``added_until``, are shown too, as they first were: for a day
    before the register began, when the dates in the rows decide.
    """

    moment: datetime
    tables: frozenset[str] | None = None
    added_until: datetime | None = None


@contextmanager
def known_at(moment: datetime) -> Iterator[None]:
    """Show all tracked tables as they were known at ``moment``."""
    with laid_over(Layer(moment)):
        yield


@contextmanager
def laid_over(*layers: Layer) -> Iterator[None]:
    """Show tables as their layer says; a table may be in one layer only. Cannot be nested."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for layer in layers:
                for table in sorted(tracked() if layer.tables is None else layer.tables):
                    _lay_over(cursor, table, layer.moment, layer.added_until or layer.moment)
            # From here on nothing lasting can be written, and only until the roll-back below.
            cursor.execute("SET LOCAL transaction_read_only = on")
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _lay_over(cursor: Any, table: str, moment: datetime, added_until: datetime) -> None:
    stored, all_columns = _columns(cursor, table)
    key = sql.Identifier(tracked()[table].pk_column)
    names = {
        "schema": _SCHEMA,
        "table": sql.Identifier(table),
        "name": sql.Literal(table),
        "moment": sql.Literal(moment),
        "added_until": sql.Literal(added_until),
        "touched": sql.Identifier(f"then_ids_{table}"),
        "then": sql.Identifier(f"then_{table}"),
        "pk": key,
        "columns": _listed(stored),
        "columns_of_past": _listed(stored, "past"),
        "all_columns": _listed(all_columns),
        "all_of_present": _listed(all_columns, "present"),
    }
    cursor.execute(_CHANGED.format(**names))
    if cursor.rowcount == 0:
        return
    cursor.execute(_ROWS.format(**names))
    cursor.execute(_VIEW.format(**names))


def _columns(cursor: Any, table: str) -> tuple[list[str], list[str]]:
    """Return the columns that are stored, and all with the generated ones."""
    cursor.execute(
        "SELECT attname, attgenerated = '' FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [f"public.{table}"],
    )
    found = cursor.fetchall()
    return [name for name, is_stored in found if is_stored], [name for name, _ in found]


def _listed(columns: list[str], alias: str = "") -> sql.Composable:
    names = [sql.Identifier(alias, name) if alias else sql.Identifier(name) for name in columns]
    return sql.SQL(", ").join(names)
