-- name: forget_units
DELETE FROM hazards_hazardunit
 WHERE %(ids)s::bigint[] IS NULL OR hazard_id = ANY (%(ids)s::bigint[])

-- name: find_units
-- For lines and outlines, the current units of the finest level that they reach into, with the share
-- of length or area (degrees: shares of one shape, so the scale falls out), where there are several.
WITH finest AS (
    SELECT unit.id, unit.geometry
      FROM places_adminunit AS unit
      JOIN places_boundaryset AS boundary_set ON boundary_set.id = unit.boundary_set_id
     WHERE boundary_set.is_current
       AND unit.geometry IS NOT NULL
       AND NOT EXISTS (SELECT FROM places_adminunit AS below
                        WHERE below.parent_id = unit.id AND below.geometry IS NOT NULL)
), part AS (
    SELECT hazard.id AS hazard_id, finest.id AS unit_id, ST_Dimension(hazard.geometry) AS dimension,
           hazard.geometry AS whole, ST_Intersection(hazard.geometry, finest.geometry) AS inside
      FROM hazards_waterhazard AS hazard
      JOIN finest ON ST_Intersects(hazard.geometry, finest.geometry)
     WHERE ST_Dimension(hazard.geometry) > 0
       AND NOT ST_CoveredBy(hazard.geometry, finest.geometry)
       AND (%(ids)s::bigint[] IS NULL OR hazard.id = ANY (%(ids)s::bigint[]))
), share AS (
    SELECT hazard_id, unit_id,
           least(1.0, CASE dimension WHEN 2 THEN ST_Area(inside) / nullif(ST_Area(whole), 0)
                           ELSE ST_Length(inside) / nullif(ST_Length(whole), 0) END) AS share
      FROM part
), counted AS (
    SELECT share.*, count(*) OVER (PARTITION BY hazard_id) AS units
      FROM share
     WHERE share >= %(least_share)s
)
INSERT INTO hazards_hazardunit (hazard_id, unit_id, share)
SELECT hazard_id, unit_id, share FROM counted WHERE units > 1
