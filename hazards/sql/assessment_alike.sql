-- name: touched
-- Hazards from one key to another of which something has been seen or decided.
SELECT hazard_id FROM hazards_safeguardobservation
 WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s
UNION SELECT hazard_id FROM hazards_depthobservation
 WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s
UNION SELECT hazard_id FROM hazards_waiver
 WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s
UNION SELECT hazard_id FROM hazards_accessplace
 WHERE hazard_id BETWEEN %(first_id)s AND %(last_id)s

-- name: one_of_each
-- Of the others, the first of all that the rules cannot tell apart: what assessment.sql reads of a
-- hazard itself is the same.
SELECT min(id) AS id
  FROM hazards_waterhazard
 WHERE id BETWEEN %(first_id)s AND %(last_id)s AND id <> ALL (%(touched)s::bigint[])
 GROUP BY kind, lifecycle, depth_class, registered_on, coalesce(max_depth_m, -1),
          coalesce(nearest_house_m, -1), coalesce(nearest_school_m, -1)

-- part: verdicts_of_the_alike
-- Give the others the verdict kept for the first of those they are like. Those verdicts are few:
-- they are read first, not again for every hazard.
WITH judged AS MATERIALIZED (
    SELECT one.kind, one.lifecycle, one.depth_class AS known_depth_class, one.registered_on,
           coalesce(one.max_depth_m, -1) AS known_depth_m,
           coalesce(one.nearest_house_m, -1) AS house_m,
           coalesce(one.nearest_school_m, -1) AS school_m,
           kept.assessed_on, kept.verdict, kept.sign, kept.barrier, kept.cover, kept.depth_class,
           kept.depth_m, kept.last_observed_on, kept.rule_id, kept.changes_on
      FROM hazards_waterhazard AS one JOIN hazards_hazardassessment AS kept ON kept.hazard_id = one.id
     WHERE one.id = ANY (%(firsts)s::bigint[])
)
INSERT INTO hazards_hazardassessment (
       hazard_id, assessed_on, verdict, sign, barrier, cover, depth_class, depth_m,
       last_observed_on, rule_id, changes_on)
SELECT bare.id, first.assessed_on, first.verdict, first.sign, first.barrier, first.cover,
       first.depth_class, first.depth_m, first.last_observed_on, first.rule_id, first.changes_on
  FROM hazards_waterhazard AS bare
  JOIN judged AS first
    ON first.kind = bare.kind AND first.lifecycle = bare.lifecycle
   AND first.known_depth_class = bare.depth_class AND first.registered_on = bare.registered_on
   AND first.known_depth_m = coalesce(bare.max_depth_m, -1)
   AND first.house_m = coalesce(bare.nearest_house_m, -1)
   AND first.school_m = coalesce(bare.nearest_school_m, -1)
 WHERE bare.id BETWEEN %(first_id)s AND %(last_id)s AND bare.id <> ALL (%(touched)s::bigint[])

-- name: store_alike
-- Others may be giving some of them a verdict at this moment.
-- use: verdicts_of_the_alike
    ON CONFLICT (hazard_id) DO NOTHING

-- name: store_alike_alone
-- Nobody else can: two thirds of the time, since no row is written on trial.
-- use: verdicts_of_the_alike
   AND NOT EXISTS (
       SELECT FROM hazards_hazardassessment AS kept
        WHERE kept.hazard_id = bare.id
          AND kept.hazard_id BETWEEN %(first_id)s AND %(last_id)s)
