-- What the map page draws beside the tiles.

-- name: areas
-- The units right below the chosen one (or the chosen one itself when none is below it), with a
-- simplified outline as GeoJSON text (degrees) and hazards in scope and compliant.
-- Index: places_adminunit_parent, hazards_waterhazard_unit.
WITH chosen AS (
    SELECT unit.* FROM places_adminunit AS unit
     WHERE unit.geometry IS NOT NULL
       AND (unit.parent_id = %(unit_id)s
            OR (unit.id = %(unit_id)s AND NOT EXISTS (
                    SELECT 1 FROM places_adminunit AS below
                     WHERE below.parent_id = unit.id AND below.geometry IS NOT NULL)))
       AND EXISTS (SELECT 1 FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS r(first, last)
                    WHERE unit.tree_left BETWEEN r.first AND r.last)
), verdicts AS (
    SELECT chosen.id AS unit_id,
           COALESCE(given.verdict, assessment.verdict, 'not_surveyed') AS verdict,
           count(*) AS n
      FROM chosen
      JOIN places_adminunit AS unit
        ON unit.tree_left BETWEEN chosen.tree_left AND chosen.tree_right
      JOIN hazards_waterhazard AS hazard ON hazard.unit_id = unit.id
      LEFT JOIN hazards_hazardassessment AS assessment ON assessment.hazard_id = hazard.id
      LEFT JOIN unnest(%(given_ids)s::bigint[], %(given_verdicts)s::text[])
             AS given(id, verdict) ON given.id = hazard.id
     WHERE %(day)s::date IS NULL OR given.id IS NOT NULL
     GROUP BY 1, 2
)
SELECT chosen.id, chosen.full_name AS name, chosen.tree_left,
       ST_AsGeoJSON(ST_SimplifyPreserveTopology(chosen.geometry, %(tolerance_deg)s), 5) AS outline,
       COALESCE((SELECT jsonb_object_agg(verdict, n) FROM verdicts
                  WHERE verdicts.unit_id = chosen.id), '{}'::jsonb) AS by_verdict
  FROM chosen
 ORDER BY chosen.tree_left;

-- name: extent
-- West, south, east and north (degrees) of the outlines of a unit, of all units in scope if none.
SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
  FROM (SELECT ST_Extent(unit.geometry)::geometry AS box
          FROM places_adminunit AS unit
          JOIN places_boundaryset AS boundary_set
            ON boundary_set.id = unit.boundary_set_id AND boundary_set.is_current
         WHERE unit.tree_left BETWEEN %(unit_first)s AND %(unit_last)s
           AND EXISTS (SELECT 1 FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[])
                                  AS r(first, last)
                        WHERE unit.tree_left BETWEEN r.first AND r.last)) AS all_units
 WHERE box IS NOT NULL;
