-- name: add_once
-- Add a survey and return its key; no row when its client_uuid is here already. While another
-- transaction is adding the same one, this waits for it. Counts on the unique index of client_uuid.
INSERT INTO surveys_submission (
       created_at, updated_at, received_at, public_id, client_uuid, surveyor_id, unit_id, hazard_id,
       position, position_accuracy_m, position_is_manual, captured_at, new_kind, new_name,
       lifecycle, sign_state, barrier_state, cover_state, depth_class, depth_method, note, details,
       skipped_shots, photos_expected, state, content_sha256, is_synthetic)
VALUES (
       %(created_at)s, %(updated_at)s, %(received_at)s, %(public_id)s, %(client_uuid)s,
       %(surveyor_id)s, %(unit_id)s, %(hazard_id)s,
       ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography,
       %(position_accuracy_m)s, %(position_is_manual)s, %(captured_at)s, %(new_kind)s, %(new_name)s,
       %(lifecycle)s, %(sign_state)s, %(barrier_state)s, %(cover_state)s, %(depth_class)s,
       %(depth_method)s, %(note)s, %(details)s, %(skipped_shots)s, %(photos_expected)s, %(state)s,
       %(content_sha256)s, %(is_synthetic)s)
    ON CONFLICT (client_uuid) DO NOTHING
RETURNING id
