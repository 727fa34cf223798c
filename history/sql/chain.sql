-- name: wait_for_writers
-- No event with a lower number can appear after this: whoever writes holds the table until his
-- transaction ends. Held for a moment only; gives up soon rather than stop a long import's readers.
SET LOCAL lock_timeout = '1s'; LOCK TABLE history_event IN SHARE MODE

-- name: last_event
SELECT coalesce(max(id), 0) AS id FROM history_event

-- name: block_end
-- The last event of the next block.
SELECT max(id) AS id, min(id) AS first FROM (
    SELECT id FROM history_event WHERE id > %(after)s AND id <= %(until)s
     ORDER BY id LIMIT %(most)s) AS events

-- name: block_hash
SELECT events, hash FROM history_block_hash(%(first)s, %(last)s, %(previous)s)

-- name: odd_changes
-- Changes whose events are not as many as were written, and events without their change.
SELECT change.id, change.table_name, change.rows AS written, count(event.id) AS found
  FROM history_change AS change LEFT JOIN history_event AS event ON event.change_id = change.id
 GROUP BY change.id HAVING count(event.id) <> change.rows
UNION ALL
SELECT event.change_id, min(event.table_name), 0, count(*)
  FROM history_event AS event
 WHERE NOT EXISTS (SELECT FROM history_change AS change WHERE change.id = event.change_id)
 GROUP BY event.change_id

-- name: broken_links
-- Events whose value before is not what the event before left behind. Counts on history_event_row.
SELECT id, table_name, row_id, col
  FROM (SELECT event.id, event.table_name, event.row_id, event.op, field.key AS col,
               event.old -> field.key AS old,
               lag(event.new -> field.key) OVER place AS left_behind,
               lag(event.id) OVER place AS before_id
          FROM history_event AS event CROSS JOIN LATERAL jsonb_each(event.old) AS field
        WINDOW place AS (PARTITION BY event.table_name, event.row_id, field.key ORDER BY event.id)
       ) AS linked
 WHERE before_id IS NOT NULL AND left_behind IS NOT NULL AND old IS DISTINCT FROM left_behind
 ORDER BY id LIMIT 100
