-- part: verdicts
-- The verdict on each chosen hazard on the day %(on)s, as docs/compliance-rules.md says and
-- hazards/compliance/evaluate.py does for one. Days, metres. Counts on the indexes observation_latest
-- and depth_latest when few hazards are asked for, and reads each table once when all are.
WITH rulebook AS (  -- the stored rules, or those given in their place to try them out
    SELECT id, rule_code, kinds, duties, min_depth_m, sign_valid_months, barrier_valid_months,
           cover_valid_months, valid_from, valid_to, lifecycles, near_house_m, near_school_m,
           min_barrier_height_m, max_barrier_gap_mm
      FROM hazards_compliancerule
     WHERE %(rules)s::jsonb IS NULL
    UNION ALL
    SELECT given.*
      FROM jsonb_to_recordset(%(rules)s::jsonb) AS given (
           id bigint, rule_code text, kinds text[], duties text[], min_depth_m numeric,
           sign_valid_months int, barrier_valid_months int, cover_valid_months int,
           valid_from date, valid_to date, lifecycles text[], near_house_m int, near_school_m int,
           min_barrier_height_m float8, max_barrier_gap_mm int)
     WHERE %(rules)s::jsonb IS NOT NULL
), rule_in_force AS (
    SELECT listed.kind, rule.id, rule.valid_from, rule.rule_code, rule.lifecycles,
           rule.near_house_m, rule.near_school_m,
           (cardinality(rule.lifecycles) > 0)::int
           + (coalesce(rule.near_house_m, rule.near_school_m) IS NOT NULL)::int AS conditions
      FROM rulebook AS rule CROSS JOIN unnest(rule.kinds) AS listed (kind)
     WHERE rule.valid_from <= %(on)s::date
       AND (rule.valid_to IS NULL OR rule.valid_to > %(on)s::date)
), rule_of_kind AS (
    SELECT DISTINCT ON (kind) kind, id
      FROM rule_in_force
     WHERE conditions = 0
     ORDER BY kind, valid_from DESC, rule_code COLLATE "C"
), narrowed AS (  -- hazards under a narrower rule than the one for all of their kind
    SELECT DISTINCT ON (hazard.id) hazard.id AS hazard_id, rule.id
      FROM rule_in_force AS rule
      JOIN hazards_waterhazard AS hazard ON hazard.kind = rule.kind
     WHERE rule.conditions > 0
       AND (cardinality(rule.lifecycles) = 0 OR hazard.lifecycle = ANY (rule.lifecycles))
       AND (coalesce(rule.near_house_m, rule.near_school_m) IS NULL
            OR coalesce(hazard.nearest_house_m, 0) <= rule.near_house_m
            OR coalesce(hazard.nearest_school_m, 0) <= rule.near_school_m)
       AND (%(ids)s::bigint[] IS NULL OR hazard.id = ANY (%(ids)s::bigint[]))
       AND (%(unit_ids)s::bigint[] IS NULL OR hazard.unit_id = ANY (%(unit_ids)s::bigint[]))
     ORDER BY hazard.id, rule.conditions DESC, rule.valid_from DESC, rule.rule_code COLLATE "C"
), chosen AS (
    -- A narrower rule counts before one for the whole kind; a distance that nobody has said brings
    -- the hazard under the rule.
    SELECT hazard.id, hazard.kind, hazard.lifecycle = ANY (%(with_water)s::text[]) AS has_water,
           hazard.max_depth_m AS own_depth_m, hazard.depth_class AS own_depth_class,
           rule.id AS rule_id, hazard.unit_id, rule.min_barrier_height_m AS min_height_m,
           rule.max_barrier_gap_mm AS max_gap_mm
      FROM hazards_waterhazard AS hazard
      LEFT JOIN rule_of_kind ON rule_of_kind.kind = hazard.kind
      LEFT JOIN narrowed ON narrowed.hazard_id = hazard.id
      LEFT JOIN rulebook AS rule ON rule.id = coalesce(narrowed.id, rule_of_kind.id)
     WHERE (%(kinds)s::text[] IS NULL OR hazard.kind = ANY (%(kinds)s::text[]))
       AND (%(ids)s::bigint[] IS NULL OR hazard.id = ANY (%(ids)s::bigint[]))
       AND (%(unit_ids)s::bigint[] IS NULL OR hazard.unit_id = ANY (%(unit_ids)s::bigint[]))
       AND hazard.registered_on <= %(on)s::date
), place AS (  -- where people reach the water on the day; most hazards have none
    SELECT place.id, place.hazard_id, place.known_from - DATE '1900-01-01' AS known_from
      FROM hazards_accessplace AS place JOIN chosen ON chosen.id = place.hazard_id
     WHERE place.withdrawn_at IS NULL
       AND place.known_from <= %(on)s::date
       AND (place.known_to IS NULL OR place.known_to > %(on)s::date)
), place_turn AS (  -- when places next begin or end
    SELECT place.hazard_id, min(turn.day) AS day
      FROM hazards_accessplace AS place
      JOIN chosen ON chosen.id = place.hazard_id
     CROSS JOIN LATERAL (VALUES (place.known_from), (place.known_to)) AS turn (day)
     WHERE place.withdrawn_at IS NULL AND turn.day > %(on)s::date
     GROUP BY place.hazard_id
), rule_turn AS (  -- when rules next begin or end, by kind
    SELECT listed.kind, min(turn.day) AS day
      FROM rulebook AS rule
     CROSS JOIN unnest(rule.kinds) AS listed (kind)
     CROSS JOIN LATERAL (VALUES (rule.valid_from), (rule.valid_to)) AS turn (day)
     WHERE turn.day > %(on)s::date
     GROUP BY listed.kind
), waiver AS (
    SELECT waiver.hazard_id,
           bool_or(waiver.valid_from <= %(on)s::date) AS in_force,
           min(CASE WHEN waiver.valid_from > %(on)s::date THEN waiver.valid_from
                    ELSE waiver.valid_to END) AS turn
      FROM hazards_waiver AS waiver JOIN chosen ON chosen.id = waiver.hazard_id
     WHERE waiver.valid_to > %(on)s::date
       AND waiver.withdrawn_at IS NULL
     GROUP BY waiver.hazard_id
), class_end (depth_class, at_most_m) AS (
    VALUES ('lt_0_5', 0.5), ('0_5_to_1', 1), ('1_to_2', 2), ('gt_2', 'Infinity'::numeric)
), depth_seen AS (  -- the latest depth; of two on one day the deeper
    SELECT DISTINCT ON (seen.hazard_id)
           seen.hazard_id, seen.observed_on, seen.depth_m, seen.depth_class
      FROM hazards_depthobservation AS seen
      JOIN chosen ON chosen.id = seen.hazard_id
      LEFT JOIN class_end ON class_end.depth_class = seen.depth_class
     WHERE seen.observed_on <= %(on)s::date
       AND seen.withdrawn_at IS NULL
       AND (seen.depth_m IS NOT NULL OR seen.depth_class <> 'unknown')
     ORDER BY seen.hazard_id, seen.observed_on DESC,
              coalesce(seen.depth_m, class_end.at_most_m) DESC, seen.depth_m IS NULL
), piece AS (
    -- Of each safeguard the latest day and whether a gap was seen on it, in one number: 2 x day, plus
    -- 1 for a gap. So the latest day wins, and on one day the gap. A barrier measured lower or wider
    -- than the rule asks is a gap, whatever was said of it.
    SELECT seen.hazard_id, seen.duty, seen.safeguard_id,
           max((seen.observed_on - DATE '1900-01-01') * 2
               + (seen.state <> 'present' OR seen.duty = 'barrier' AND (seen.height_m
                  < chosen.min_height_m OR seen.widest_gap_mm > chosen.max_gap_mm) IS TRUE)::int
           ) AS mark,
           min(safeguard.removed_on) AS removed_on, min(safeguard.access_place_id) AS place_id
      FROM hazards_safeguardobservation AS seen
      JOIN chosen ON chosen.id = seen.hazard_id
      JOIN hazards_safeguard AS safeguard ON safeguard.id = seen.safeguard_id
     WHERE seen.observed_on <= %(on)s::date
       AND seen.withdrawn_at IS NULL
       AND safeguard.withdrawn_at IS NULL
       AND seen.state <> 'not_checked'
       AND (safeguard.removed_on IS NULL OR safeguard.removed_on > %(on)s::date)
       AND safeguard.kind || ':' || seen.duty = ANY (%(serving)s::text[])
     GROUP BY seen.hazard_id, seen.duty, seen.safeguard_id
), days AS (
    -- By place where the hazard has places in force, else for the whole (place 0). At a place, what
    -- was seen there speaks; of what was said of the whole hazard or of a safeguard that nobody has
    -- put to a place, each gap; and "all in place" only for places known by then.
    SELECT seen.hazard_id, seen.duty, coalesce(place.id, 0) AS place_id,
           max(whole) AS whole,
           max(mark / 2) FILTER (WHERE mark %% 2 = 0) AS piece_present,
           max(mark / 2) FILTER (WHERE mark %% 2 = 1) AS piece_gap,
           greatest(max(whole), max(mark)) / 2 AS last_seen,
           min(removed_on) AS removal
      FROM (
           SELECT seen.hazard_id, seen.duty, seen.access_place_id AS place_id,
                  NULL::int AS mark, NULL::date AS removed_on,
                  (seen.observed_on - DATE '1900-01-01') * 2
                  + (seen.state <> 'present' OR seen.duty = 'barrier' AND (seen.height_m
                     < chosen.min_height_m OR seen.widest_gap_mm > chosen.max_gap_mm) IS TRUE)::int
                  AS whole
             FROM hazards_safeguardobservation AS seen
             JOIN chosen ON chosen.id = seen.hazard_id
            WHERE seen.safeguard_id IS NULL
              AND seen.withdrawn_at IS NULL
              AND seen.observed_on <= %(on)s::date
              AND seen.state <> 'not_checked'
           UNION ALL
           SELECT hazard_id, duty, place_id, mark, removed_on, NULL FROM piece
           ) AS seen
      LEFT JOIN place ON place.hazard_id = seen.hazard_id
     WHERE CASE WHEN place.id IS NULL THEN seen.place_id IS NULL
                WHEN seen.place_id IS NOT NULL THEN seen.place_id = place.id
                ELSE coalesce(mark, whole) %% 2 = 1 OR whole / 2 >= place.known_from END
     GROUP BY seen.hazard_id, seen.duty, coalesce(place.id, 0)
), parted AS (  -- the latest statement on the whole duty is either of presence or of a gap
    SELECT days.*,
           CASE WHEN whole %% 2 = 0 THEN whole / 2 END AS whole_present,
           CASE WHEN whole %% 2 = 1 THEN whole / 2 END AS whole_gap
      FROM days
), standing AS (
    SELECT parted.hazard_id, parted.place_id, parted.duty, parted.removal, parted.last_seen,
           -- "none anywhere" stands until a safeguard is seen in place on a later day
           coalesce(whole_gap >= coalesce(piece_present, 0), false) AS gap_of_whole,
           -- a gap of one safeguard stands until the whole is seen in place on a later day
           coalesce(piece_gap >= coalesce(whole_present, 0), false) AS gap_of_piece,
           -- "all in place" stands until a safeguard is seen later, or with a gap that day
           greatest(CASE WHEN piece_present >= coalesce(whole_present, 0) THEN piece_present END,
                    CASE WHEN whole_present >= coalesce(piece_present, 0)
                          AND whole_present > coalesce(piece_gap, 0) THEN whole_present END)
               AS present
      FROM parted
), duty AS (  -- the worse the state, the smaller: 1 unmet, 2 unknown (no row), 3 expired, 4 met
    SELECT standing.hazard_id, standing.place_id, standing.duty, standing.removal,
           standing.last_seen,
           coalesce(standing.duty = ANY (rule.duties), false) AS is_required,
           until.day AS valid_until,
           CASE WHEN gap_of_whole THEN 1
                WHEN gap_of_piece AND (standing.duty <> 'sign' OR until.day IS NULL
                                       OR until.day <= %(on)s::date) THEN 1
                WHEN until.day > %(on)s::date THEN 4
                ELSE 3 END AS state
      FROM standing
      JOIN chosen ON chosen.id = standing.hazard_id
      LEFT JOIN rulebook AS rule ON rule.id = chosen.rule_id
     CROSS JOIN LATERAL (
           SELECT (DATE '1900-01-01' + standing.present
                   + make_interval(months => CASE standing.duty
                                             WHEN 'sign' THEN rule.sign_valid_months
                                             WHEN 'barrier' THEN rule.barrier_valid_months
                                             ELSE rule.cover_valid_months END))::date
           ) AS until (day)
), duties AS (
    SELECT duty.hazard_id, duty.place_id,
           max(state) FILTER (WHERE is_required AND duty.duty = 'sign') AS sign,
           max(state) FILTER (WHERE is_required AND duty.duty = 'barrier') AS barrier,
           max(state) FILTER (WHERE is_required AND duty.duty = 'cover') AS cover,
           count(*) FILTER (WHERE is_required) AS seen,
           count(*) FILTER (WHERE is_required AND state = 4) AS met,
           count(*) FILTER (WHERE is_required AND state = 1) AS unmet,
           least(min(valid_until) FILTER (WHERE is_required AND state = 4),
                 min(removal) FILTER (WHERE is_required)) AS turn,
           DATE '1900-01-01' + max(last_seen) AS last_seen_on
      FROM duty
     GROUP BY duty.hazard_id, duty.place_id
), worst AS (
    -- A hazard is as good as the worst of its places. Grades: 1 not compliant, 2 partly, 3 not
    -- surveyed, 4 overdue, 5 compliant. ``seen`` is 0 where nobody has looked at one of the places.
    SELECT chosen.id AS hazard_id,
           min(coalesce(duties.seen, 0)) AS seen,
           min(CASE WHEN duties.seen IS NULL OR duties.seen = 0 THEN 3
                    WHEN duties.met = cardinality(rule.duties) THEN 5
                    WHEN duties.unmet > 0 AND duties.met > 0 THEN 2
                    WHEN duties.unmet > 0 THEN 1
                    WHEN duties.seen < cardinality(rule.duties) THEN 3
                    ELSE 4 END) AS grade,
           min(coalesce(duties.sign, 2)) AS sign, min(coalesce(duties.barrier, 2)) AS barrier,
           min(coalesce(duties.cover, 2)) AS cover,
           min(duties.turn) AS turn, max(duties.last_seen_on) AS last_seen_on
      FROM chosen
      LEFT JOIN rulebook AS rule ON rule.id = chosen.rule_id
      LEFT JOIN place ON place.hazard_id = chosen.id
      LEFT JOIN duties ON duties.hazard_id = chosen.id AND duties.place_id = coalesce(place.id, 0)
     GROUP BY chosen.id
), known AS (
    SELECT chosen.id AS hazard_id, chosen.unit_id, chosen.has_water, rule.id AS rule_id, rule.duties AS required,
           rule.min_depth_m, depth.depth_m,
           coalesce(waiver.in_force, false) AS is_waived, chosen.kind, waiver.turn AS waiver_turn,
           CASE WHEN depth.depth_m IS NULL THEN coalesce(depth.depth_class, 'unknown')
                WHEN depth.depth_m <= 0.5 THEN 'lt_0_5'
                WHEN depth.depth_m <= 1 THEN '0_5_to_1'
                WHEN depth.depth_m <= 2 THEN '1_to_2'
                ELSE 'gt_2' END AS depth_class,
           coalesce(depth.depth_m, class_end.at_most_m) AS at_most_m,
           worst.sign, worst.barrier, worst.cover, worst.grade, worst.seen,
           least(worst.turn, place_turn.day) AS duty_turn,
           greatest(worst.last_seen_on, depth_seen.observed_on) AS last_observed_on
      FROM chosen
      LEFT JOIN rulebook AS rule ON rule.id = chosen.rule_id
      LEFT JOIN waiver ON waiver.hazard_id = chosen.id
      LEFT JOIN depth_seen ON depth_seen.hazard_id = chosen.id
     CROSS JOIN LATERAL (
           SELECT CASE WHEN depth_seen.hazard_id IS NULL THEN chosen.own_depth_m
                       ELSE depth_seen.depth_m END,
                  CASE WHEN depth_seen.hazard_id IS NULL THEN chosen.own_depth_class
                       ELSE depth_seen.depth_class END
           ) AS depth (depth_m, depth_class)
      LEFT JOIN class_end ON class_end.depth_class = depth.depth_class
      LEFT JOIN worst ON worst.hazard_id = chosen.id
      LEFT JOIN place_turn ON place_turn.hazard_id = chosen.id
), judged AS (
    SELECT known.*,
           CASE WHEN NOT has_water OR rule_id IS NULL THEN 'out_of_scope'
                WHEN is_waived THEN 'waived'
                WHEN at_most_m <= min_depth_m THEN 'out_of_scope'
                WHEN min_depth_m IS NOT NULL AND at_most_m IS NULL
                THEN CASE WHEN seen = 0 THEN 'not_surveyed' ELSE 'depth_unknown' END
                ELSE (ARRAY['noncompliant', 'partly', 'not_surveyed', 'expired', 'compliant'])[grade]
                END AS verdict
      FROM known
), verdicts AS (
    SELECT judged.hazard_id, judged.unit_id, %(on)s::date AS assessed_on, judged.verdict,
           CASE WHEN verdict = 'out_of_scope' OR NOT 'sign' = ANY (required) THEN 'not_required'
                ELSE (ARRAY['unmet', 'unknown', 'expired', 'met'])[sign] END AS sign,
           CASE WHEN verdict = 'out_of_scope' OR NOT 'barrier' = ANY (required) THEN 'not_required'
                ELSE (ARRAY['unmet', 'unknown', 'expired', 'met'])[barrier] END AS barrier,
           CASE WHEN verdict = 'out_of_scope' OR NOT 'cover' = ANY (required) THEN 'not_required'
                ELSE (ARRAY['unmet', 'unknown', 'expired', 'met'])[cover] END AS cover,
           judged.depth_class, judged.depth_m, judged.last_observed_on,
           CASE WHEN has_water THEN rule_id END AS rule_id,
           CASE WHEN has_water THEN least(rule_turn.day, waiver_turn,
                CASE WHEN verdict <> 'out_of_scope' THEN duty_turn END) END AS changes_on
      FROM judged
      LEFT JOIN rule_turn ON rule_turn.kind = judged.kind
)

-- name: verdicts_on
-- One row a hazard: the columns of hazards_hazardassessment for the day, nothing stored.
-- use: verdicts
SELECT hazard_id, assessed_on, verdict, sign, barrier, cover, depth_class, depth_m,
       last_observed_on, rule_id, changes_on
  FROM verdicts
 ORDER BY hazard_id

-- name: counts_on
-- How many hazards have each verdict on the day, by the unit they lie in.
-- use: verdicts
SELECT unit_id, verdict, count(*) AS hazards FROM verdicts GROUP BY unit_id, verdict

-- name: rehearse_today
-- By unit, how many hazards go from the verdict kept for today to which under the rules given, or
-- stay. None before: none is kept, or time has overtaken it.
-- use: verdicts
SELECT verdicts.unit_id, kept.verdict AS verdict_before, verdicts.verdict AS verdict_after,
       count(*) AS hazards
  FROM verdicts
  LEFT JOIN hazards_hazardassessment AS kept
       ON kept.hazard_id = verdicts.hazard_id
      AND (kept.changes_on IS NULL OR kept.changes_on > %(on)s::date)
 GROUP BY verdicts.unit_id, kept.verdict, verdicts.verdict

-- name: rehearse_before
-- Verdicts under the stored rules, in a table that only this connection sees and that goes with the
-- transaction at the latest.
CREATE TEMPORARY TABLE rehearsed_before ON COMMIT DROP AS
-- use: verdicts
SELECT hazard_id, verdict FROM verdicts

-- name: rehearse_changes
-- By unit, hazards by verdict before and after; counts on rehearse_before in the same transaction.
-- use: verdicts
SELECT verdicts.unit_id, before.verdict AS verdict_before, verdicts.verdict AS verdict_after,
       count(*) AS hazards
  FROM verdicts
  JOIN pg_temp.rehearsed_before AS before ON before.hazard_id = verdicts.hazard_id
 GROUP BY verdicts.unit_id, before.verdict, verdicts.verdict

-- name: store
-- Keep the verdicts of the day and return, by verdict, how many there are and the hazards whose row
-- is new or other than before. Rows that would stay as they are, but for the day, are not written
-- again. What is kept beside them (children near) stays.
-- use: verdicts
, stored AS (
    INSERT INTO hazards_hazardassessment AS kept (
           hazard_id, assessed_on, verdict, sign, barrier, cover, depth_class, depth_m,
           last_observed_on, rule_id, changes_on)
    SELECT verdicts.hazard_id, verdicts.assessed_on, verdicts.verdict, verdicts.sign,
           verdicts.barrier, verdicts.cover, verdicts.depth_class, verdicts.depth_m,
           verdicts.last_observed_on, verdicts.rule_id, verdicts.changes_on
      FROM verdicts
      LEFT JOIN hazards_hazardassessment AS old ON old.hazard_id = verdicts.hazard_id
     WHERE (old.verdict, old.sign, old.barrier, old.cover, old.depth_class, old.depth_m,
            old.last_observed_on, old.rule_id, old.changes_on)
           IS DISTINCT FROM
           (verdicts.verdict, verdicts.sign, verdicts.barrier, verdicts.cover,
            verdicts.depth_class, verdicts.depth_m, verdicts.last_observed_on, verdicts.rule_id,
            verdicts.changes_on)
     ORDER BY verdicts.hazard_id  -- two runs at once lock in the same order
        ON CONFLICT (hazard_id) DO UPDATE
       SET assessed_on = excluded.assessed_on, verdict = excluded.verdict, sign = excluded.sign,
           barrier = excluded.barrier, cover = excluded.cover,
           depth_class = excluded.depth_class, depth_m = excluded.depth_m,
           last_observed_on = excluded.last_observed_on, rule_id = excluded.rule_id,
           changes_on = excluded.changes_on
    RETURNING kept.hazard_id
)
SELECT verdicts.verdict, count(*) AS hazards, coalesce(
       array_agg(stored.hazard_id) FILTER (WHERE stored.hazard_id IS NOT NULL), '{}') AS changed
  FROM verdicts LEFT JOIN stored ON stored.hazard_id = verdicts.hazard_id
 GROUP BY verdicts.verdict
