-- name: place_near_units
-- Put the hazards that are still in another set under the nearest of the units given, when that is
-- at most near_m metres away; returns the number of hazards that moved.
UPDATE hazards_waterhazard AS hazard
   SET unit_id = near.unit_id, updated_at = now()
  FROM hazards_waterhazard AS lost
  JOIN LATERAL (
       SELECT unit.id AS unit_id, unit.geometry
         FROM places_adminunit AS unit
        WHERE unit.id = ANY(%(units)s)
        ORDER BY unit.geometry <-> lost.location::geometry
        LIMIT 1
       ) AS near ON ST_DWithin(near.geometry::geography, lost.location, %(near_m)s)
 WHERE lost.id = hazard.id AND NOT hazard.unit_id = ANY(%(units)s)

-- name: left_outside
-- Hazards that lie in none of the units given, by the unit they are under now, most first.
SELECT unit.full_name, count(*) AS hazards, min(hazard.code) AS first_code
  FROM hazards_waterhazard AS hazard
  JOIN places_adminunit AS unit ON unit.id = hazard.unit_id
 WHERE NOT EXISTS (SELECT FROM unnest(%(units)s::bigint[]) AS of_set (id)
                    WHERE of_set.id = hazard.unit_id)
 GROUP BY unit.id
 ORDER BY count(*) DESC, unit.id
