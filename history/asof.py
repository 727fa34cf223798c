"""The register as it was known at a moment: every table, through the same queries as today's.

``known_at(moment)`` lays over each tracked table that has changed since a temporary view of the
same name, which PostgreSQL finds before the table itself. The view takes the rows that have not
changed from the table, with its indexes, and the changed ones with their later changes undone. So
a list, a verdict or a map of the past is made by the code that makes today's, and the cost grows
with what has changed since, not with the register. All of it is gone at the end of the block.

Columns named in ``Layer.columns_as_known`` (the unit a hazard is counted under) are shown as they
stood at ``added_until``, whatever they were at the moment: so a day before the boundaries changed
is told in the units of whoever asks.

Nothing may be written inside: the block is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
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
           coalesce(history_merge(event.old - {as_known}::text[] ORDER BY event.id DESC)
                    FILTER (WHERE event.old IS NOT NULL), '{{}}')
           || coalesce(history_merge({old_as_known} ORDER BY event.id DESC)
                       FILTER (WHERE event.op = 'D'
                               OR event.op = 'U' AND change.at > {added_until}), '{{}}')
           AS before,
           (array_agg(event.op ORDER BY event.id))[1] <> 'I' AS was_there
      FROM history_change AS change
     CROSS JOIN LATERAL (
           SELECT id, row_id, op, old FROM history_event
            WHERE change_id = change.id AND op IN ('U', 'D')
            UNION ALL
           SELECT id, row_id, op, old FROM history_event
            WHERE change_id = change.id AND op = 'I' AND change.at > {added_until}
           ) AS event
     WHERE change.table_name = {name} AND change.at > {moment}
       AND (change.at > {added_until} OR change.verb <> {verb_as_known})
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
    columns_as_known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by table
    verb_as_known: str = ""  # changes of nothing but such columns: need not be read


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
                    _lay_over(cursor, table, layer)
            # From here on nothing lasting can be written, and only until the roll-back below.
            cursor.execute("SET LOCAL transaction_read_only = on")
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _lay_over(cursor: Any, table: str, layer: Layer) -> None:
    stored, all_columns = _columns(cursor, table)
    as_known = list(layer.columns_as_known.get(table, ()))
    key = sql.Identifier(tracked()[table].pk_column)
    names = {
        "schema": _SCHEMA,
        "table": sql.Identifier(table),
        "name": sql.Literal(table),
        "moment": sql.Literal(layer.moment),
        "added_until": sql.Literal(layer.added_until or layer.moment),
        "as_known": sql.Literal(as_known),
        "old_as_known": _picked(as_known),
        "verb_as_known": sql.Literal(layer.verb_as_known if as_known else ""),
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


def _picked(columns: list[str]) -> sql.Composable:
    """Return what takes these columns alone out of an event's old values."""
    part = sql.SQL(
        "CASE WHEN event.old ? {0} THEN jsonb_build_object({0}, event.old -> {0}) ELSE '{{}}' END"
    )
    parts = [part.format(sql.Literal(name)) for name in columns]
    return sql.SQL(" || ").join([sql.SQL("'{{}}'::jsonb").format(), *parts])


def _listed(columns: list[str], alias: str = "") -> sql.Composable:
    names = [sql.Identifier(alias, name) if alias else sql.Identifier(name) for name in columns]
    return sql.SQL(", ").join(names)
