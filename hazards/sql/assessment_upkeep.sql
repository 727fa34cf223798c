-- name: hazards_in_units
-- How many hazards lie in the units given.
SELECT count(*) AS hazards FROM hazards_waterhazard WHERE unit_id = ANY (%(unit_ids)s::bigint[])

-- name: due
-- Hazards whose kept verdict time has overtaken, or that have none. Counts on assessment_changes_on.
SELECT kept.hazard_id FROM hazards_hazardassessment AS kept WHERE kept.changes_on <= %(on)s::date
UNION ALL
SELECT hazard.id
  FROM hazards_waterhazard AS hazard
 WHERE NOT EXISTS (SELECT FROM hazards_hazardassessment AS kept WHERE kept.hazard_id = hazard.id)

-- name: anything_due
-- Whether a kept verdict has been overtaken by time: one look into assessment_changes_on.
SELECT EXISTS (
    SELECT FROM hazards_hazardassessment AS kept WHERE kept.changes_on <= %(on)s::date) AS due

-- name: store_children_near
-- Keep the figures that the exposure run gives for single hazards; people, metres.
UPDATE hazards_hazardassessment AS kept
   SET children_near = figure.children,
       children_only_here = figure.only_here,
       children_equal_share = figure.equal_share,
       children_mean_others = figure.mean_others,
       children_nearest = figure.nearest,
       children_near_m = CASE WHEN figure.children IS NULL THEN NULL ELSE %(within_m)s::int END
  FROM unnest(%(ids)s::bigint[], %(children)s::float8[], %(only_here)s::float8[],
              %(equal_share)s::float8[], %(mean_others)s::float8[],
              %(nearest)s::float8[])
       AS figure (hazard_id, children, only_here, equal_share, mean_others, nearest)
 WHERE kept.hazard_id = figure.hazard_id

-- name: rehearse_end
-- Two rehearsals in one transaction do not meet.
DROP TABLE pg_temp.rehearsed_before
