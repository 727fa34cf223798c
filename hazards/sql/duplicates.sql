-- name: pairs_in_units
-- Pairs of hazards that lie within reach of each other, with what can be weighed. Metres over the
-- ground; a pair that somebody has decided on is left out. Counts on the index of shapes.
WITH mine AS (
    SELECT hazard.id, hazard.code, hazard.name, hazard.name_plain, hazard.kind, hazard.source,
           hazard.position_method, hazard.position_accuracy_m, hazard.location, hazard.geometry
      FROM hazards_waterhazard AS hazard
      JOIN places_adminunit AS unit ON unit.id = hazard.unit_id
     WHERE hazard.lifecycle <> ALL (%(gone)s::text[])
       AND EXISTS (SELECT FROM unnest(%(lefts)s::bigint[], %(rights)s::bigint[]) AS range (l, r)
                    WHERE unit.tree_left BETWEEN range.l AND range.r)
)
SELECT one.id AS one_id, other.id AS other_id,
       one.kind AS one_kind, other.kind AS other_kind,
       one.name_plain AS one_name, other.name_plain AS other_name,
       one.source AS one_source, other.source AS other_source,
       one.position_method AS one_method, other.position_method AS other_method,
       one.position_accuracy_m AS one_accuracy_m, other.position_accuracy_m AS other_accuracy_m,
       ST_Distance(one.geometry::geography, other.geometry::geography) AS distance_m,
       CASE WHEN ST_Dimension(one.geometry) = 2 AND ST_Dimension(other.geometry) = 2
             AND ST_Intersects(one.geometry, other.geometry)
            THEN ST_Area(ST_Intersection(one.geometry, other.geometry))
                 / nullif(ST_Area(ST_Union(one.geometry, other.geometry)), 0) END AS overlap,
       near.waters / (pi() * %(around_m)s::float8 ^ 2) AS density_per_m2
  FROM mine AS one
  JOIN mine AS other
    ON other.id > one.id
   AND other.geometry && hazards_reach_box(one.location::geometry, %(reach_m)s)
   AND ST_DWithin(one.location, other.location, %(reach_m)s)
 CROSS JOIN LATERAL (
       SELECT count(*) AS waters FROM hazards_waterhazard AS third
        WHERE third.geometry && hazards_reach_box(one.location::geometry, %(around_m)s)
          AND ST_DWithin(third.location, one.location, %(around_m)s)
       ) AS near
 WHERE NOT EXISTS (
       SELECT FROM hazards_pairdecision AS decided
        WHERE decided.first_id = one.id AND decided.second_id = other.id)
 LIMIT %(most)s

-- name: near_shapes
-- For shapes (WKB, degrees) the hazards within reach, with what can be weighed; place counts from 1.
-- Positions decide who is within reach, shapes how far they are apart. Counts on the index of
-- shapes.
WITH asked AS (
    SELECT given.place, ST_SetSRID(ST_GeomFromWKB(given.wkb), 4326) AS geometry
      FROM unnest(%(shapes)s::bytea[]) WITH ORDINALITY AS given (wkb, place)
), placed AS (
    SELECT place, geometry, ST_PointOnSurface(geometry)::geography AS location FROM asked
)
SELECT asked.place, hazard.code, hazard.name, hazard.name_plain, hazard.kind, hazard.source,
       hazard.position_method AS method, hazard.position_accuracy_m AS accuracy_m,
       ST_Distance(asked.geometry::geography, hazard.geometry::geography) AS distance_m,
       CASE WHEN ST_Dimension(asked.geometry) = 2 AND ST_Dimension(hazard.geometry) = 2
             AND ST_Intersects(asked.geometry, hazard.geometry)
            THEN ST_Area(ST_Intersection(asked.geometry, hazard.geometry))
                 / nullif(ST_Area(ST_Union(asked.geometry, hazard.geometry)), 0) END AS overlap,
       around.waters / (pi() * %(around_m)s::float8 ^ 2) AS density_per_m2
  FROM placed AS asked
  JOIN hazards_waterhazard AS hazard
    ON hazard.geometry && hazards_reach_box(asked.location::geometry, %(reach_m)s)
   AND ST_DWithin(hazard.location, asked.location, %(reach_m)s)
  JOIN places_adminunit AS unit ON unit.id = hazard.unit_id
 CROSS JOIN LATERAL (
       SELECT greatest(count(*), 1) AS waters FROM hazards_waterhazard AS third
        WHERE third.geometry && hazards_reach_box(asked.location::geometry, %(around_m)s)
          AND ST_DWithin(third.location, asked.location, %(around_m)s)
       ) AS around
 WHERE hazard.lifecycle <> ALL (%(gone)s::text[])
   AND EXISTS (SELECT FROM unnest(%(lefts)s::bigint[], %(rights)s::bigint[]) AS range (l, r)
                WHERE unit.tree_left BETWEEN range.l AND range.r)
 ORDER BY asked.place, hazard.id
