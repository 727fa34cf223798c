-- name: follow_hazards
-- Put every survey of a registered hazard under that hazard's unit; returns the surveys moved.
UPDATE surveys_submission AS submission
   SET unit_id = hazard.unit_id, updated_at = now()
  FROM hazards_waterhazard AS hazard
 WHERE hazard.id = submission.hazard_id AND submission.unit_id <> hazard.unit_id

-- name: follow_positions
-- Put every survey of a place not yet in the register under the nearest of the units given (the one
-- that holds it is at distance 0); returns the surveys moved. Index: places_adminunit_geometry_id.
UPDATE surveys_submission AS submission
   SET unit_id = near.unit_id, updated_at = now()
  FROM surveys_submission AS lost
  JOIN LATERAL (
       SELECT unit.id AS unit_id
         FROM places_adminunit AS unit
        WHERE unit.id = ANY(%(units)s)
        ORDER BY unit.geometry <-> lost.position::geometry, unit.tree_left
        LIMIT 1
       ) AS near ON TRUE
 WHERE lost.id = submission.id AND lost.hazard_id IS NULL AND lost.unit_id <> near.unit_id
