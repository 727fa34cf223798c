"""Find what was tampered with: the chain, events against each other, rows against events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from common.sqlfile import run
from history.models import Block, RowShape
from history.services.sealing import GENESIS, SQL
from history.tracking import Tracked, tracked

LISTED = 100

# Of each row: the last event that began it, what came after, and whether it is there.
_ROWS = sql.SQL(
    """
    CREATE TEMPORARY TABLE told ON COMMIT DROP AS
    WITH begun AS (
        SELECT row_id, max(id) FILTER (WHERE op IN ('I', 'B')) AS id,
               (array_agg(op ORDER BY id DESC))[1] AS last_op
          FROM history_event WHERE table_name = {name} GROUP BY row_id)
    SELECT begun.row_id, begun.last_op, start.shape_id, start.digest,
           coalesce(history_merge(event.old ORDER BY event.id DESC)
                    FILTER (WHERE event.old IS NOT NULL), '{{}}') AS before,
           coalesce(history_merge(event.new ORDER BY event.id)
                    FILTER (WHERE event.new IS NOT NULL), '{{}}') AS after
      FROM begun LEFT JOIN history_event AS start ON start.id = begun.id
      LEFT JOIN history_event AS event
        ON event.table_name = {name} AND event.row_id = begun.row_id AND event.id > begun.id
     GROUP BY begun.row_id, begun.last_op, start.shape_id, start.digest
    """
)
_MISSING = sql.SQL(
    """
    SELECT coalesce(told.row_id, present.{pk}),
           CASE WHEN told.row_id IS NULL OR told.last_op = 'D' THEN 'added' ELSE 'gone' END
      FROM told FULL JOIN {table} AS present ON present.{pk} = told.row_id
     WHERE told.row_id IS NULL OR (told.last_op = 'D') <> (present.{pk} IS NULL)
     ORDER BY 1 LIMIT {most}
    """
)
_OTHER = sql.SQL(
    """
    SELECT told.row_id
      FROM told JOIN {table} AS present ON present.{pk} = told.row_id
     CROSS JOIN LATERAL jsonb_populate_record(present, told.before) AS first
     CROSS JOIN LATERAL jsonb_populate_record(present, told.after) AS last
     WHERE told.last_op <> 'D' AND told.shape_id = {shape}
       AND (sha256(convert_to(ROW({first})::text, 'UTF8')) <> told.digest
            OR ROW({last})::text <> ROW({present})::text)
     ORDER BY 1 LIMIT {most}
    """
)


@dataclass
class Verification:
    """``faults`` are sentences for people; none means that nothing was found."""

    blocks: int = 0
    events: int = 0
    unused_numbers: int = 0  # of work given up; sealed as such
    rows: int = 0
    unsealed: int = 0
    head: str = ""
    unchecked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def verify() -> Verification:
    """Check everything; reads only. About 20 microseconds a row and event."""
    found = Verification()
    with transaction.atomic():
        with connection.cursor() as cursor:  # the same row must be the same text as when noted
            cursor.execute(
                "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD';"
                "SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1;"
                "SET LOCAL bytea_output = 'hex'"
            )
        _check_chain(found)
        _check_events(found)
        for entry in tracked().values():
            _check_rows(found, entry)
        transaction.set_rollback(True)
    return found


def _check_chain(found: Verification) -> None:
    previous, next_event = GENESIS, 1
    for block in Block.objects.order_by("id").iterator():
        now = run(
            SQL, "block_hash", first=block.first_event, last=block.last_event, previous=previous
        )[0]
        where = {"block": block.pk, "first": block.first_event, "last": block.last_event}
        if block.first_event != next_event or block.previous_hash != previous:
            found.faults.append(_("Block {block}: a block before it is missing.").format(**where))
        elif now["events"] != block.events:
            found.faults.append(
                _(
                    "Block {block}, events {first} to {last}: {was} events were sealed, "
                    "{now} are there."
                ).format(was=block.events, now=now["events"], **where)
            )
        elif now["hash"] != block.hash:
            found.faults.append(
                _(
                    "Block {block}, events {first} to {last}: an event was changed after sealing."
                ).format(**where)
            )
        found.blocks += 1
        found.events += now["events"]
        found.unused_numbers += block.last_event - block.first_event + 1 - block.events
        previous, next_event = block.hash, block.last_event + 1
    found.head = previous if found.blocks else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM history_event WHERE id >= %s", [next_event])
        found.unsealed = cursor.fetchone()[0]


def _check_events(found: Verification) -> None:
    for row in run(SQL, "odd_changes")[:LISTED]:
        found.faults.append(
            _("Change {id} of {table_name}: {written} events were written, {found} are there.")
            .format(**row)
        )  # fmt: skip
    for row in run(SQL, "broken_links"):
        found.faults.append(
            _(
                "Event {id} of {table_name} {row_id}: the value of {col} before it is not "
                "what the event before left behind."
            ).format(**row)
        )


def _check_rows(found: Verification, entry: Tracked) -> None:
    names: dict[str, Any] = {
        "table": sql.Identifier(entry.table),
        "name": sql.Literal(entry.table),
        "pk": sql.Identifier(entry.pk_column),
        "most": sql.Literal(LISTED),
    }
    words = {
        "added": _("{table} {row}: is there, but no event tells of its being added."),
        "gone": _("{table} {row}: is gone, but no event tells of its being deleted."),
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS told")
        cursor.execute(_ROWS.format(**names))
        cursor.execute("ANALYZE told")
        cursor.execute(_MISSING.format(**names))
        for row, kind in cursor.fetchall():
            found.faults.append(words[kind].format(table=entry.table, row=row))
        cursor.execute(
            "SELECT count(*), array_agg(DISTINCT shape_id) FROM told WHERE last_op <> 'D'"
        )
        rows, shapes = cursor.fetchone()
        found.rows += rows
        for shape in RowShape.objects.filter(pk__in=[pk for pk in shapes or [] if pk]):
            if set(shape.columns) - set(_columns(cursor, entry.table)):
                found.unchecked.append(f"{entry.table} ({shape.pk})")
                continue
            listed = {
                alias: sql.SQL(", ").join(sql.Identifier(alias, name) for name in shape.columns)
                for alias in ("first", "last", "present")
            }
            cursor.execute(_OTHER.format(shape=sql.Literal(shape.pk), **listed, **names))
            for (row,) in cursor.fetchall():
                found.faults.append(
                    _("{table} {row}: is not what its events say; it was changed past them.")
                    .format(table=entry.table, row=row)
                )  # fmt: skip


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]
