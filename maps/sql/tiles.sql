-- Tiles of the hazard layer. Each statement takes the tile (z, x, y), the scope of the user as two
-- arrays (first and last unit numbers), the chosen unit as a range, and filters that are NULL when
-- not set. Nothing is ever cut off by a row limit: low zooms count, high zooms show.
-- Index: hazards_waterhazard_geometry_id (GiST) for the box, then unit_tree.

-- name: hazard_marks
-- Each hazard once, at its position, in the tile that holds it (left and top edge in, others out),
-- and the shapes of lines and areas wherever they cross the tile. Layer hazard_edges holds the
-- neighbours' marks along the edge, so that a mark on an edge is drawn whole: never count it.
WITH tile AS (
    SELECT box, ST_Transform(ST_Expand(box, (ST_XMax(box) - ST_XMin(box)) / 32), 4326) AS box_4326
      FROM ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box
), rows AS (
    SELECT hazard.id, hazard.code, hazard.name, hazard.kind, hazard.geometry,
           COALESCE(given.verdict, assessment.verdict, 'not_surveyed') AS verdict,
           ST_Transform(hazard.location::geometry, 3857) AS position
      FROM tile
      JOIN hazards_waterhazard AS hazard ON hazard.geometry && tile.box_4326
      JOIN places_adminunit AS unit ON unit.id = hazard.unit_id
      LEFT JOIN hazards_hazardassessment AS assessment ON assessment.hazard_id = hazard.id
      LEFT JOIN unnest(%(given_ids)s::bigint[], %(given_verdicts)s::text[])
             AS given(id, verdict) ON given.id = hazard.id
     WHERE unit.tree_left BETWEEN %(unit_first)s AND %(unit_last)s
       AND hazard.lifecycle NOT IN ('duplicate', 'entered_in_error')  -- no waters of their own
       AND EXISTS (SELECT 1 FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS r(first, last)
                    WHERE unit.tree_left BETWEEN r.first AND r.last)
       AND (%(kinds)s::text[] IS NULL OR hazard.kind = ANY (%(kinds)s))
       AND (%(day)s::date IS NULL OR given.id IS NOT NULL)
), chosen AS (
    SELECT * FROM rows WHERE %(verdicts)s::text[] IS NULL OR verdict = ANY (%(verdicts)s)
), placed AS (
    SELECT chosen.*,
           ST_X(position) >= ST_XMin(tile.box) AND ST_X(position) < ST_XMax(tile.box)
           AND ST_Y(position) > ST_YMin(tile.box) AND ST_Y(position) <= ST_YMax(tile.box) AS is_inside
      FROM chosen, tile
), marks AS (
    SELECT placed.id AS feature_id, code, name, kind, verdict,
           ST_AsMVTGeom(position, tile.box, 4096, 0, FALSE) AS geometry
      FROM placed, tile WHERE is_inside
), edges AS (
    SELECT verdict, ST_AsMVTGeom(position, tile.box, 4096, 128, FALSE) AS geometry
      FROM placed, tile WHERE NOT is_inside
), shapes AS (
    SELECT chosen.id AS feature_id, verdict,
           ST_AsMVTGeom(ST_Transform(chosen.geometry, 3857), tile.box, 4096, 64, TRUE) AS geometry
      FROM chosen, tile
     WHERE ST_Dimension(chosen.geometry) > 0
)
SELECT COALESCE((SELECT ST_AsMVT(shapes, 'shapes', 4096, 'geometry', 'feature_id')
                   FROM shapes WHERE geometry IS NOT NULL), ''::bytea)
    || COALESCE((SELECT ST_AsMVT(edges, 'hazard_edges', 4096, 'geometry')
                   FROM edges WHERE geometry IS NOT NULL), ''::bytea)
    || COALESCE((SELECT ST_AsMVT(marks, 'hazards', 4096, 'geometry', 'feature_id') FROM marks),
                ''::bytea) AS tile;

-- name: hazard_counts
-- True counts by verdict in 16 x 16 cells of the tile, at the mean position of each cell's hazards.
-- Layer count_edges holds the row of cells around the tile, to draw circles whole: never count it.
WITH tile AS (
    SELECT box, (ST_XMax(box) - ST_XMin(box)) / 16 AS cell_m,
           ST_Transform(ST_Intersection(ST_Expand(box, (ST_XMax(box) - ST_XMin(box)) / 16),
                                        ST_TileEnvelope(0, 0, 0)), 4326) AS box_4326
      FROM ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box
), rows AS (
    SELECT COALESCE(given.verdict, assessment.verdict, 'not_surveyed') AS verdict,
           ST_Transform(hazard.location::geometry, 3857) AS position
      FROM tile
      JOIN hazards_waterhazard AS hazard ON hazard.geometry && tile.box_4326
      JOIN places_adminunit AS unit ON unit.id = hazard.unit_id
      LEFT JOIN hazards_hazardassessment AS assessment ON assessment.hazard_id = hazard.id
      LEFT JOIN unnest(%(given_ids)s::bigint[], %(given_verdicts)s::text[])
             AS given(id, verdict) ON given.id = hazard.id
     WHERE unit.tree_left BETWEEN %(unit_first)s AND %(unit_last)s
       AND hazard.lifecycle NOT IN ('duplicate', 'entered_in_error')  -- no waters of their own
       AND EXISTS (SELECT 1 FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS r(first, last)
                    WHERE unit.tree_left BETWEEN r.first AND r.last)
       AND (%(kinds)s::text[] IS NULL OR hazard.kind = ANY (%(kinds)s))
       AND (%(day)s::date IS NULL OR given.id IS NOT NULL)
), placed AS (
    SELECT rows.verdict, ST_X(position) AS x, ST_Y(position) AS y,
           floor((ST_X(position) - ST_XMin(tile.box)) / tile.cell_m) AS col,
           floor((ST_YMax(tile.box) - ST_Y(position)) / tile.cell_m) AS row
      FROM rows, tile
     WHERE %(verdicts)s::text[] IS NULL OR rows.verdict = ANY (%(verdicts)s)
), cells AS (
    SELECT col BETWEEN 0 AND 15 AND row BETWEEN 0 AND 15 AS is_inside,
           ST_SetSRID(ST_MakePoint(avg(x), avg(y)), 3857) AS middle,
           count(*)::int AS n,
           (count(*) FILTER (WHERE verdict = 'compliant'))::int AS compliant,
           (count(*) FILTER (WHERE verdict = 'partly'))::int AS partly,
           (count(*) FILTER (WHERE verdict = 'noncompliant'))::int AS noncompliant,
           (count(*) FILTER (WHERE verdict = 'not_surveyed'))::int AS not_surveyed,
           (count(*) FILTER (WHERE verdict = 'expired'))::int AS expired,
           (count(*) FILTER (WHERE verdict = 'depth_unknown'))::int AS depth_unknown,
           (count(*) FILTER (WHERE verdict = 'waived'))::int AS waived,
           (count(*) FILTER (WHERE verdict = 'out_of_scope'))::int AS out_of_scope
      FROM placed
     WHERE col BETWEEN -1 AND 16 AND row BETWEEN -1 AND 16
     GROUP BY col, row
), drawn AS (
    SELECT is_inside, ST_AsMVTGeom(middle, tile.box, 4096, 256, FALSE) AS geometry, n, compliant,
           partly, noncompliant, not_surveyed, expired, depth_unknown, waived, out_of_scope
      FROM cells, tile
), inside AS (SELECT * FROM drawn WHERE is_inside),
   around AS (SELECT * FROM drawn WHERE NOT is_inside AND geometry IS NOT NULL)
SELECT COALESCE((SELECT ST_AsMVT(around, 'count_edges', 4096, 'geometry') FROM around), ''::bytea)
    || COALESCE((SELECT ST_AsMVT(inside, 'counts', 4096, 'geometry') FROM inside), ''::bytea)
       AS tile;
