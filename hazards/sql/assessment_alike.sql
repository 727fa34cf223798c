-- part: alike
-- Hazards from one key to another of which nothing has been seen or decided, each with the first
-- that the rules cannot tell from it: what assessment.sql reads of a hazard itself is the same.
WITH touched AS (
    SELECT hazard_id FROM hazards_safeguardobservation
     WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s
    UNION SELECT hazard_id FROM hazards_depthobservation
     WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s
    UNION SELECT hazard_id FROM hazards_waiver
     WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s
    UNION SELECT hazard_id FROM hazards_accessplace
     WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s
), bare AS (
    SELECT hazard.id, hazard.kind, hazard.lifecycle, hazard.depth_class, hazard.registered_on,
           coalesce(hazard.max_depth_m, -1) AS depth_m,
           coalesce(hazard.nearest_house_m, -1) AS house_m,
           coalesce(hazard.nearest_school_m, -1) AS school_m
      FROM hazards_waterhazard AS hazard
     WHERE hazard.id BETWEEN %(first_id)s AND %(last_id)s
       AND hazard.id NOT IN (SELECT hazard_id FROM touched)
), one_of_each AS (
    SELECT min(id) AS id, kind, lifecycle, depth_class, registered_on, depth_m, house_m, school_m
      FROM bare
     GROUP BY kind, lifecycle, depth_class, registered_on, depth_m, house_m, school_m
)

-- name: one_of_each
-- The first of all that are alike, and every hazard of which something has been seen.
-- use: alike
SELECT id FROM one_of_each UNION SELECT hazard_id FROM touched

-- name: store_alike
-- Give the others the verdict kept for the first of those they are like. Those verdicts are few:
-- they are read first, not again for every hazard.
-- use: alike
, judged AS MATERIALIZED (
    SELECT one.id, one.kind, one.lifecycle, one.depth_class AS known_depth_class,
           one.registered_on, one.depth_m AS known_depth_m, one.house_m, one.school_m,
           kept.assessed_on, kept.verdict, kept.sign, kept.barrier, kept.cover, kept.depth_class,
           kept.depth_m, kept.last_observed_on, kept.rule_id, kept.changes_on
      FROM one_of_each AS one JOIN hazards_hazardassessment AS kept ON kept.hazard_id = one.id
)
INSERT INTO hazards_hazardassessment (
       hazard_id, assessed_on, verdict, sign, barrier, cover, depth_class, depth_m,
       last_observed_on, rule_id, changes_on)
SELECT bare.id, first.assessed_on, first.verdict, first.sign, first.barrier, first.cover,
       first.depth_class, first.depth_m, first.last_observed_on, first.rule_id, first.changes_on
  FROM bare
  JOIN judged AS first
    ON first.kind = bare.kind AND first.lifecycle = bare.lifecycle
   AND first.known_depth_class = bare.depth_class AND first.registered_on = bare.registered_on
   AND first.known_depth_m = bare.depth_m AND first.house_m = bare.house_m
   AND first.school_m = bare.school_m
 WHERE bare.id <> first.id
 ORDER BY bare.id
    ON CONFLICT (hazard_id) DO NOTHING
