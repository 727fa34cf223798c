"""The hash of a stretch of events: the one before it and the events' text, in the order of ids."""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION history_block_hash(first_id bigint, last_id bigint, previous text, OUT events bigint, OUT hash text)
LANGUAGE sql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
    SELECT count(*), encode(sha256(convert_to(
               previous || E'\n' || coalesce(string_agg(line, E'\n' ORDER BY id), ''), 'UTF8')), 'hex')
      FROM (SELECT event.id,
                   ROW(event.id, event.shape_id, event.table_name, event.row_id, event.hazard_id, event.op,
                       event.old, event.new, event.digest, change.id, change.rows, change.tx, change.at,
                       change.actor_id, change.verb, change.reason, change.batch, change.db_role)::text AS line
              FROM history_event AS event LEFT JOIN history_change AS change ON change.id = event.change_id
             WHERE event.id BETWEEN first_id AND last_id) AS lines
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0002_note_every_change")]
    operations = [
        migrations.RunSQL(FORWARDS, "DROP FUNCTION history_block_hash(bigint, bigint, text)")
    ]
