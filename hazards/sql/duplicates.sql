-- name: pairs_in_units
-- Pairs of hazards that lie within reach of each other, with what can be weighed. Metres over the
-- ground; a pair that somebody has decided on is left out. Counts on the index of positions.
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
    ON other.id > one.id AND ST_DWithin(one.location, other.location, %(reach_m)s)
 CROSS JOIN LATERAL (
       SELECT count(*) AS waters FROM hazards_waterhazard AS third
        WHERE ST_DWithin(third.location, one.location, %(around_m)s)
       ) AS near
 WHERE NOT EXISTS (
       SELECT FROM hazards_pairdecision AS decided
        WHERE decided.first_id = one.id AND decided.second_id = other.id)
 LIMIT %(most)s
