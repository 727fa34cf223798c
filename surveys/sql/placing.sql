-- name: finest_unit_at
-- The lowest current unit that covers a position (degrees of EPSG:4326), the first in the tree of
-- several: the one that a hazard there would be put in.
-- Counts on the spatial index of places_adminunit.geometry.
SELECT unit.id, unit.tree_left, unit.full_name
  FROM places_adminunit AS unit
  JOIN places_boundaryset AS boundary_set ON boundary_set.id = unit.boundary_set_id
 WHERE boundary_set.is_current
   AND ST_Covers(unit.geometry,
                 ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326))
 ORDER BY unit.depth DESC, unit.tree_left
 LIMIT 1
