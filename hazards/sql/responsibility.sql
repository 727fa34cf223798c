-- part: in_lead
-- For each hazard asked for, the body that leads on the day: contractor, else operator, else owner,
-- else land manager.
in_lead AS (
  SELECT DISTINCT ON (named.hazard_id) named.hazard_id, named.body_id, named.role
    FROM hazards_responsibility AS named
   WHERE named.withdrawn_at IS NULL
     AND named.hazard_id = ANY (%(hazard_ids)s::bigint[])
     AND named.valid_from <= %(day)s
     AND (named.valid_to IS NULL OR named.valid_to > %(day)s)
   ORDER BY named.hazard_id,
            array_position(ARRAY['contractor', 'operator', 'owner', 'land_manager'],
                           named.role::text),
            named.id
)

-- name: responsible_on
WITH
-- use: in_lead
SELECT hazard_id, body_id, role FROM in_lead ORDER BY hazard_id

-- name: derive_bodies
-- Bring the column of the leading body in step; hazards that are in step are not written.
WITH
-- use: in_lead
UPDATE hazards_waterhazard AS hazard
   SET responsible_body_id = wanted.body_id, updated_at = now()
  FROM (SELECT asked.id, in_lead.body_id
          FROM unnest(%(hazard_ids)s::bigint[]) AS asked (id)
          LEFT JOIN in_lead ON in_lead.hazard_id = asked.id) AS wanted
 WHERE hazard.id = wanted.id
   AND hazard.responsible_body_id IS DISTINCT FROM wanted.body_id

-- name: hazards_turning
-- Hazards where a responsibility begins or ends after one day and by another.
SELECT DISTINCT hazard_id
  FROM hazards_responsibility
 WHERE withdrawn_at IS NULL
   AND ((valid_from > %(after)s AND valid_from <= %(until)s)
        OR (valid_to > %(after)s AND valid_to <= %(until)s))

-- name: end_overtaken
-- The column was given another body: end the row that led until then, the day before included. It
-- was cleared: end all, for then nobody answers.
WITH
-- use: in_lead
UPDATE hazards_responsibility AS named
   SET valid_to = CASE WHEN named.valid_from < %(day)s THEN %(day)s ELSE named.valid_to END,
       withdrawn_at = CASE WHEN named.valid_from < %(day)s THEN NULL ELSE now() END,
       updated_at = now()
  FROM in_lead
  JOIN hazards_waterhazard AS hazard ON hazard.id = in_lead.hazard_id
 WHERE named.hazard_id = in_lead.hazard_id
   AND (named.role = in_lead.role OR hazard.responsible_body_id IS NULL)
   AND named.withdrawn_at IS NULL
   AND named.valid_from <= %(day)s
   AND (named.valid_to IS NULL OR named.valid_to > %(day)s)
   AND hazard.responsible_body_id IS DISTINCT FROM in_lead.body_id
RETURNING named.hazard_id, named.role

-- name: name_from_column
-- Name the body of the column, in the role that led or else as operator, where none leads; up to the
-- day from which another is named in that role already.
WITH
-- use: in_lead
INSERT INTO hazards_responsibility
       (public_id, created_at, updated_at, hazard_id, body_id, role, valid_from, valid_to,
        document_no, note)
SELECT gen_random_uuid(), now(), now(), hazard.id, hazard.responsible_body_id,
       coalesce(before.role, 'operator'), %(day)s,
       (SELECT min(later.valid_from) FROM hazards_responsibility AS later
         WHERE later.hazard_id = hazard.id AND later.role = coalesce(before.role, 'operator')
           AND later.valid_from > %(day)s AND later.withdrawn_at IS NULL), '', ''
  FROM hazards_waterhazard AS hazard
  LEFT JOIN in_lead ON in_lead.hazard_id = hazard.id
  LEFT JOIN unnest(%(ended_ids)s::bigint[], %(ended_roles)s::text[]) AS before (hazard_id, role)
         ON before.hazard_id = hazard.id
 WHERE hazard.id = ANY (%(hazard_ids)s::bigint[])
   AND hazard.responsible_body_id IS NOT NULL
   AND in_lead.body_id IS DISTINCT FROM hazard.responsible_body_id
