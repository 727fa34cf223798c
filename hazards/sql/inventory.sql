-- name: code_numbers
-- The next numbers for hazard codes; a number once drawn never comes again.
SELECT nextval('hazards_code_number') AS number FROM generate_series(1, %(count)s)

-- name: keys_and_numbers
-- Keys and code numbers for many new hazards.
WITH hazard AS MATERIALIZED (
    SELECT pg_get_serial_sequence('hazards_waterhazard', 'id')::regclass AS keys
)
SELECT nextval(hazard.keys) AS key, nextval('hazards_code_number') AS number
  FROM hazard, generate_series(1, %(count)s)

-- name: units_of_points
-- For each position (degrees, in the order given) the lowest current unit that covers it, the first in
-- the tree of several (on a border), or NULL.
-- Counts on the spatial index of places_adminunit.geometry.
SELECT point.place, unit.id AS unit_id
  FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS point (lon, lat, place)
  LEFT JOIN LATERAL (
       SELECT candidate.id
         FROM places_adminunit AS candidate
         JOIN places_boundaryset AS boundary_set ON boundary_set.id = candidate.boundary_set_id
        WHERE boundary_set.is_current
          AND ST_Covers(candidate.geometry, ST_SetSRID(ST_MakePoint(point.lon, point.lat), 4326))
        ORDER BY candidate.depth DESC, candidate.tree_left
        LIMIT 1
       ) AS unit ON true
 ORDER BY point.place

-- name: nearest_unit
-- The current unit nearest to a position, with the distance in metres over the ground.
-- Ten candidates by degrees, then the metres decide.
SELECT near.full_name, near.distance_m
  FROM (SELECT candidate.full_name,
               ST_Distance(candidate.geometry::geography,
                           ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography)
                   AS distance_m
          FROM places_adminunit AS candidate
          JOIN places_boundaryset AS boundary_set ON boundary_set.id = candidate.boundary_set_id
         WHERE boundary_set.is_current AND candidate.geometry IS NOT NULL
         ORDER BY candidate.geometry <-> ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)
         LIMIT 10) AS near
 ORDER BY near.distance_m
 LIMIT 1
