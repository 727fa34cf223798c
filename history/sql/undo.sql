-- name: chosen_of_batch
-- The events of one batch. Counts on the index history_batch.
CREATE TEMPORARY TABLE undo_event ON COMMIT DROP AS
SELECT event.id, event.table_name, event.row_id, event.hazard_id, event.op, event.old
  FROM history_change AS change JOIN history_event AS event ON event.change_id = change.id
 WHERE change.batch = %(batch)s::uuid

-- name: chosen_of_user
-- The events of one person from one moment up to another. Counts on history_change_actor.
CREATE TEMPORARY TABLE undo_event ON COMMIT DROP AS
SELECT event.id, event.table_name, event.row_id, event.hazard_id, event.op, event.old
  FROM history_change AS change JOIN history_event AS event ON event.change_id = change.id
 WHERE change.actor_id = %(actor_id)s
   AND change.at >= %(start)s::timestamptz AND change.at < %(stop)s::timestamptz

-- name: index_chosen
CREATE UNIQUE INDEX ON undo_event (id); CREATE INDEX ON undo_event (table_name, row_id);
ANALYZE undo_event

-- name: plan
-- What would be done to each row, and why some rows are left as they are. ``action`` is restore,
-- withdraw, put_back, kept (somebody changed it later) or stays (added rows of a table whose rows
-- do no harm alone). One field is put back only where no later change of somebody else has written
-- it: then to what it was before the first of the chosen changes after the last other one. So all
-- other changes stand as if the chosen ones had never been.
CREATE TEMPORARY TABLE undo_plan ON COMMIT DROP AS
WITH added AS (
    SELECT table_name, row_id, min(hazard_id) AS hazard_id, min(id) AS id
      FROM undo_event WHERE op = 'I' GROUP BY table_name, row_id
), dropped AS (
    SELECT table_name, row_id, min(hazard_id) AS hazard_id, max(id) AS id,
           (array_agg(old ORDER BY id DESC))[1] AS old
      FROM undo_event WHERE op = 'D' GROUP BY table_name, row_id
), later AS (  -- later changes of an added row, or of anything at an added hazard, by others
    SELECT added.table_name, added.row_id, max(event.id) AS event_id
      FROM added
      JOIN history_event AS event
        ON event.id > added.id
       AND ((event.table_name = added.table_name AND event.row_id = added.row_id)
            OR (added.table_name = %(hazard_table)s AND event.hazard_id = added.row_id))
      LEFT JOIN undo_event AS mine ON mine.id = event.id
     WHERE mine.id IS NULL AND event.op <> 'D'
     GROUP BY added.table_name, added.row_id
), edited AS (
    SELECT DISTINCT edit.table_name, edit.row_id
      FROM undo_event AS edit
     WHERE edit.op = 'U'
       AND NOT EXISTS (SELECT FROM added
                        WHERE added.table_name = edit.table_name AND added.row_id = edit.row_id)
       AND NOT EXISTS (SELECT FROM dropped
                        WHERE dropped.table_name = edit.table_name
                          AND dropped.row_id = edit.row_id)
), touched AS (
    SELECT event.id, event.table_name, event.row_id, event.hazard_id, field.key AS col,
           event.old -> field.key AS old, mine.id IS NOT NULL AS is_mine
      FROM edited
      JOIN history_event AS event
        ON event.table_name = edited.table_name AND event.row_id = edited.row_id
       AND event.op = 'U'
      LEFT JOIN undo_event AS mine ON mine.id = event.id
     CROSS JOIN LATERAL jsonb_each(event.new) AS field
     WHERE field.key <> 'updated_at'
), turn AS (
    SELECT table_name, row_id, col, min(hazard_id) AS hazard_id,
           max(id) FILTER (WHERE is_mine) AS mine_id,
           coalesce(max(id) FILTER (WHERE NOT is_mine), 0) AS other_id
      FROM touched GROUP BY table_name, row_id, col
), field AS (
    SELECT turn.table_name, turn.row_id, turn.col, turn.hazard_id, turn.other_id,
           turn.mine_id > turn.other_id AS is_free,
           (SELECT touched.old FROM touched
             WHERE touched.table_name = turn.table_name AND touched.row_id = turn.row_id
               AND touched.col = turn.col AND touched.is_mine AND touched.id > turn.other_id
             ORDER BY touched.id LIMIT 1) AS old
      FROM turn WHERE turn.mine_id IS NOT NULL
)
SELECT table_name, row_id, min(hazard_id) AS hazard_id, 'restore' AS action,
       jsonb_object_agg(col, old) AS vals, NULL::bigint AS because
  FROM field WHERE is_free GROUP BY table_name, row_id
UNION ALL
SELECT table_name, row_id, min(hazard_id), 'kept', jsonb_object_agg(col, NULL), max(other_id)
  FROM field WHERE NOT is_free GROUP BY table_name, row_id
UNION ALL
SELECT added.table_name, added.row_id, added.hazard_id,
       CASE WHEN later.event_id IS NOT NULL THEN 'kept'
            WHEN added.table_name = ANY (%(staying)s::text[]) THEN 'stays'
            ELSE 'withdraw' END, '{}', later.event_id
  FROM added
  LEFT JOIN later ON later.table_name = added.table_name AND later.row_id = added.row_id
 WHERE NOT EXISTS (SELECT FROM history_event AS gone
                    WHERE gone.table_name = added.table_name AND gone.row_id = added.row_id
                      AND gone.op = 'D' AND gone.id > added.id)
UNION ALL
SELECT dropped.table_name, dropped.row_id, dropped.hazard_id,
       CASE WHEN back.id IS NULL THEN 'put_back' ELSE 'kept' END, dropped.old, back.id
  FROM dropped
  LEFT JOIN LATERAL (
       SELECT max(event.id) AS id FROM history_event AS event
        WHERE event.table_name = dropped.table_name AND event.row_id = dropped.row_id
          AND event.id > dropped.id) AS back ON true
 WHERE NOT EXISTS (SELECT FROM added WHERE added.table_name = dropped.table_name
                      AND added.row_id = dropped.row_id AND added.id < dropped.id)

-- name: plan_counts
SELECT table_name, action, count(*) AS rows FROM undo_plan GROUP BY table_name, action
 ORDER BY table_name, action

-- name: plan_kept
-- The rows left as they are because of a later change, with who made it and when.
SELECT plan.table_name, plan.row_id, plan.hazard_id, change.at, change.actor_id, change.verb,
       change.db_role, ARRAY (SELECT jsonb_object_keys(plan.vals) ORDER BY 1) AS columns
  FROM undo_plan AS plan
  JOIN history_event AS event ON event.id = plan.because
  JOIN history_change AS change ON change.id = event.change_id
 WHERE plan.action = 'kept' ORDER BY event.id LIMIT %(most)s

-- name: plan_columns
-- The columns that are put back in one table.
SELECT DISTINCT jsonb_object_keys(vals) AS col FROM undo_plan
 WHERE table_name = %(table)s AND action = 'restore' ORDER BY col

-- name: plan_hazards
SELECT DISTINCT hazard_id FROM undo_plan
 WHERE hazard_id IS NOT NULL AND action IN ('restore', 'withdraw', 'put_back') ORDER BY hazard_id

-- name: batches
-- The latest batches: who, when, what, how many rows. Newest first.
SELECT batch, min(at) AS began_at, max(at) AS ended_at, min(actor_id) AS actor_id,
       min(verb) AS verb, min(reason) AS reason, sum(rows) AS rows
  FROM history_change WHERE batch IS NOT NULL
 GROUP BY batch ORDER BY max(id) DESC LIMIT %(most)s
