-- name: in_the_register
-- Places (from 1) of the shapes that a registered hazard meets: its shape touches, or its position is
-- as near as both are uncertain. Metres over the ground. Counts on the index of shapes.
SELECT DISTINCT given.place
  FROM unnest(%(shapes)s::bytea[]) WITH ORDINALITY AS given (wkb, place)
 CROSS JOIN LATERAL ST_SetSRID(ST_GeomFromWKB(given.wkb), 4326) AS shape (geometry)
 WHERE EXISTS (
       SELECT FROM hazards_waterhazard AS hazard
        WHERE ST_Intersects(hazard.geometry, shape.geometry))
    OR EXISTS (
       SELECT FROM hazards_waterhazard AS hazard
        WHERE hazard.geometry && hazards_reach_box(shape.geometry, %(reach_m)s)
          AND ST_DWithin(hazard.location, shape.geometry::geography, %(reach_m)s)
          AND ST_Distance(hazard.location, shape.geometry::geography)
              <= %(tolerance_m)s + coalesce(hazard.position_accuracy_m, 0))

-- name: same_place
-- For each shape the decided candidate of the origin that covers half of it or more, if there is one:
-- a source without lasting ids shows the same water with a slightly other outline.
SELECT given.place, old.id
  FROM unnest(%(shapes)s::bytea[]) WITH ORDINALITY AS given (wkb, place)
 CROSS JOIN LATERAL ST_SetSRID(ST_GeomFromWKB(given.wkb), 4326) AS shape (geometry)
 CROSS JOIN LATERAL (
       SELECT candidate.id
         FROM candidates_candidate AS candidate
        WHERE candidate.origin = %(origin)s
          AND ST_Intersects(candidate.geometry, shape.geometry)
          AND ST_Dimension(candidate.geometry) = 2 AND ST_Dimension(shape.geometry) = 2
          AND 2 * ST_Area(ST_Intersection(candidate.geometry, shape.geometry))
              >= greatest(ST_Area(candidate.geometry), ST_Area(shape.geometry))
        ORDER BY candidate.state = 'new', candidate.id
        LIMIT 1
       ) AS old
