-- name: fold
-- Put the rows of each likeness together; writers at work add rows of their own meanwhile.
WITH gone AS (
    DELETE FROM hazards_hazardcount RETURNING *
)
INSERT INTO hazards_hazardcount (unit_id, kind, lifecycle, is_synthetic, has_body, verdict, hazards)
SELECT unit_id, kind, lifecycle, is_synthetic, has_body, verdict, sum(hazards)
  FROM gone
 GROUP BY unit_id, kind, lifecycle, is_synthetic, has_body, verdict
HAVING sum(hazards) <> 0

-- name: add
-- Hazards by likeness and verdict, '' for none; fewer than none are taken away.
INSERT INTO hazards_hazardcount (unit_id, kind, lifecycle, is_synthetic, has_body, verdict, hazards)
SELECT unit_id, kind, lifecycle, is_synthetic, has_body, verdict, hazards
  FROM unnest(%(unit_id)s::bigint[], %(kind)s::text[], %(lifecycle)s::text[],
              %(is_synthetic)s::boolean[], %(has_body)s::boolean[], %(verdict)s::text[],
              %(hazards)s::int[])
       AS added (unit_id, kind, lifecycle, is_synthetic, has_body, verdict, hazards)

-- name: verdicts_between
-- Hazards between two keys that have a verdict, by likeness and verdict.
SELECT hazard.unit_id, hazard.kind, hazard.lifecycle, hazard.is_synthetic,
       hazard.responsible_body_id IS NOT NULL AS has_body, kept.verdict, count(*) AS hazards
  FROM hazards_hazardassessment AS kept
  JOIN hazards_waterhazard AS hazard ON hazard.id = kept.hazard_id
 WHERE kept.hazard_id BETWEEN %(first_id)s AND %(last_id)s
 GROUP BY 1, 2, 3, 4, 5, 6

-- name: lock
-- Wait until nobody is writing counts, and hold writers until the transaction ends.
LOCK TABLE hazards_hazardcount IN EXCLUSIVE MODE

-- name: differences
-- Likenesses whose kept count is not that of the hazards themselves.
SELECT unit_id, kind, lifecycle, is_synthetic, has_body, verdict, sum(n) AS too_few
  FROM (
       SELECT hazard.unit_id, hazard.kind, hazard.lifecycle, hazard.is_synthetic,
              hazard.responsible_body_id IS NOT NULL AS has_body,
              coalesce(kept.verdict, '') AS verdict, 1 AS n
         FROM hazards_waterhazard AS hazard
         LEFT JOIN hazards_hazardassessment AS kept ON kept.hazard_id = hazard.id
        UNION ALL
       SELECT unit_id, kind, lifecycle, is_synthetic, has_body, verdict, -hazards
         FROM hazards_hazardcount
       ) AS counted
 GROUP BY unit_id, kind, lifecycle, is_synthetic, has_body, verdict
HAVING sum(n) <> 0

-- name: of_kinds
-- How many hazards there are of each of the kinds, the most first; kinds without any are left out.
SELECT kind, sum(hazards) AS hazards
  FROM hazards_hazardcount
 WHERE kind = ANY (%(kinds)s::text[])
 GROUP BY kind
HAVING sum(hazards) > 0
 ORDER BY sum(hazards) DESC, kind

-- name: rehearse_rest
-- By unit, the verdicts kept for today of the kinds that a rule under trial does not touch.
SELECT unit_id, verdict, sum(hazards) AS hazards
  FROM hazards_hazardcount
 WHERE kind <> ALL (%(kinds)s::text[])
   AND (%(unit_ids)s::bigint[] IS NULL OR unit_id = ANY (%(unit_ids)s::bigint[]))
 GROUP BY unit_id, verdict
HAVING sum(hazards) <> 0

-- name: forget
TRUNCATE hazards_hazardcount

-- name: count_all
-- Every hazard under its likeness. Reads both tables once.
INSERT INTO hazards_hazardcount (unit_id, kind, lifecycle, is_synthetic, has_body, verdict, hazards)
SELECT hazard.unit_id, hazard.kind, hazard.lifecycle, hazard.is_synthetic,
       hazard.responsible_body_id IS NOT NULL, coalesce(kept.verdict, ''), count(*)
  FROM hazards_waterhazard AS hazard
  LEFT JOIN hazards_hazardassessment AS kept ON kept.hazard_id = hazard.id
 GROUP BY 1, 2, 3, 4, 5, 6
