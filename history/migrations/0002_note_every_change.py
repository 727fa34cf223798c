"""The functions behind the triggers. history.tracking puts the triggers up after each migrate."""

from django.db import migrations

FORWARDS = r"""
-- One column's value as it is kept: shapes as EWKB hex, all else as JSON that loses nothing.
CREATE FUNCTION history_kept(alias text, col text, typ text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN typ IN ('geometry', 'geography') THEN format('%s.%I::text', alias, col)
                ELSE format('%s.%I', alias, col) END
$$;

-- The id of the table's present columns in history_rowshape, with the statements that note them.
-- Columns by name; generated columns follow from others and are left out.
CREATE FUNCTION history_shape_of(tab regclass, pk text, hazard text, without text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    tab_name text := (SELECT relname FROM pg_class WHERE oid = tab);
    cols text[];
    found bigint;
    row_text_o text; row_text_n text;
    whole text; before text; after text;
    hazard_o text := CASE WHEN hazard = '' THEN 'NULL::bigint' ELSE format('o.%I', hazard) END;
    hazard_n text := CASE WHEN hazard = '' THEN 'NULL::bigint' ELSE format('n.%I', hazard) END;
    head text := 'INSERT INTO history_event (change_id, shape_id, table_name, row_id, hazard_id, op, old, new, digest) ';
BEGIN
    SELECT array_agg(attname::text ORDER BY attname::text COLLATE "C") INTO cols
      FROM pg_attribute
     WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
       AND attname <> ALL (string_to_array(without, ','));
    SELECT id INTO found FROM history_rowshape
     WHERE table_name = tab_name AND columns::text[] = cols AND pk_column = pk AND hazard_column = hazard
     ORDER BY id DESC LIMIT 1;
    IF found IS NOT NULL THEN
        RETURN found;
    END IF;
    SELECT string_agg(format('o.%I', col), ', ' ORDER BY place),
           string_agg(format('n.%I', col), ', ' ORDER BY place)
      INTO row_text_o, row_text_n
      FROM unnest(cols) WITH ORDINALITY AS c (col, place);
    -- jsonb_build_object takes at most 100 arguments, hence the parts of 40 columns
    SELECT string_agg(part, ' || ' ORDER BY nr) INTO whole
      FROM (SELECT (place - 1) / 40 AS nr,
                   'jsonb_build_object(' || string_agg(
                       format('%L, %s', a.attname, history_kept('o', a.attname, t.typname)), ', ') || ')' AS part
              FROM unnest(cols) WITH ORDINALITY AS c (col, place)
              JOIN pg_attribute a ON a.attrelid = tab AND a.attname = c.col
              JOIN pg_type t ON t.oid = a.atttypid
             GROUP BY 1) AS parts;
    SELECT string_agg(format('CASE WHEN %s THEN jsonb_build_object(%L, %s) ELSE ''{}'' END', is_other, col, history_kept('o', col, typ)), ' || '),
           string_agg(format('CASE WHEN %s THEN jsonb_build_object(%L, %s) ELSE ''{}'' END', is_other, col, history_kept('n', col, typ)), ' || ')
      INTO before, after
      FROM (SELECT c.col, t.typname::text AS typ,
                   -- what has an equality looser than its text is compared as text
                   CASE WHEN t.typname IN ('int2', 'int4', 'int8', 'bool', 'text', 'varchar', 'date', 'timestamptz', 'uuid')
                        THEN format('o.%1$I IS DISTINCT FROM n.%1$I', c.col)
                        ELSE format('o.%1$I::text IS DISTINCT FROM n.%1$I::text', c.col) END AS is_other
              FROM unnest(cols) AS c (col)
              JOIN pg_attribute a ON a.attrelid = tab AND a.attname = c.col
              JOIN pg_type t ON t.oid = a.atttypid) AS compared;
    INSERT INTO history_rowshape (table_name, columns, pk_column, hazard_column, insert_sql, update_sql, delete_sql)
    VALUES (tab_name, cols, pk, hazard, '', '', '') RETURNING id INTO found;
    UPDATE history_rowshape SET
        insert_sql = head || format(
            'SELECT $1, %s, %L, n.%I, %s, $2, NULL, NULL, sha256(convert_to(ROW(%s)::text, ''UTF8'')) FROM new_rows n',
            found, tab_name, pk, hazard_n, row_text_n),
        delete_sql = head || format(
            'SELECT $1, %s, %L, o.%I, %s, ''D'', %s, NULL, NULL FROM old_rows o',
            found, tab_name, pk, hazard_o, whole),
        -- a changed key is a row deleted and one added
        update_sql = head || format(
            'SELECT $1, %1$s, %2$L, n.%3$I, %4$s, ''U'', d.before, d.after, NULL::bytea'
            '  FROM old_rows o JOIN new_rows n ON n.%3$I = o.%3$I'
            '  CROSS JOIN LATERAL (SELECT %5$s AS before, %6$s AS after OFFSET 0) AS d'
            ' WHERE d.before <> ''{}'''
            ' UNION ALL SELECT $1, %1$s, %2$L, o.%3$I, %7$s, ''D'', %8$s, NULL::jsonb, NULL::bytea FROM old_rows o'
            ' WHERE NOT EXISTS (SELECT FROM new_rows n WHERE n.%3$I = o.%3$I)'
            ' UNION ALL SELECT $1, %1$s, %2$L, n.%3$I, %4$s, ''I'', NULL::jsonb, NULL::jsonb,'
            '       sha256(convert_to(ROW(%9$s)::text, ''UTF8'')) FROM new_rows n'
            ' WHERE NOT EXISTS (SELECT FROM old_rows o WHERE o.%3$I = n.%3$I)',
            found, tab_name, pk, hazard_n, before, after, hazard_o, whole, row_text_n)
     WHERE id = found;
    RETURN found;
END $$;

-- Write down one statement: who, why, when, how many rows.
CREATE FUNCTION history_write_change(change bigint, tab_name text, n bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    told text := current_setting('history.context', true);
    words jsonb := coalesce(nullif(told, ''), '{}')::jsonb;
BEGIN
    INSERT INTO history_change (id, table_name, rows, tx, at, actor_id, verb, reason, batch, db_role)
    VALUES (change, tab_name, n, pg_current_xact_id()::text::bigint, clock_timestamp(),
            (words ->> 'actor')::bigint, coalesce(words ->> 'verb', ''), coalesce(words ->> 'reason', ''),
            (words ->> 'batch')::uuid, CASE WHEN told <> '' THEN '' ELSE session_user END);
END $$;

-- The trigger of every tracked table; its arguments are the key, the hazard's column and the
-- columns left out. The settings make the same row the same text in every session.
CREATE FUNCTION history_note() RETURNS trigger LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
DECLARE
    shape history_rowshape;
    shape_id bigint;
    change bigint := nextval('history_change_id_seq');
    n bigint;
BEGIN
    shape_id := history_shape_of(TG_RELID::regclass, TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]);
    SELECT * INTO shape FROM history_rowshape WHERE id = shape_id;
    IF TG_OP = 'INSERT' THEN
        EXECUTE shape.insert_sql USING change, 'I';
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE shape.update_sql USING change;
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE shape.delete_sql USING change;
    ELSE
        EXECUTE replace(shape.delete_sql, 'old_rows o', TG_RELID::regclass || ' o') USING change;
    END IF;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n > 0 THEN
        PERFORM history_write_change(change, TG_TABLE_NAME, n);
    END IF;
    RETURN NULL;
END $$;

-- Note the rows that were there before: those without any event yet.
CREATE FUNCTION history_baseline(tab regclass, pk text, hazard text, without text) RETURNS bigint
LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
DECLARE
    shape history_rowshape;
    shape_id bigint;
    change bigint := nextval('history_change_id_seq');
    n bigint;
BEGIN
    shape_id := history_shape_of(tab, pk, hazard, without);
    SELECT * INTO shape FROM history_rowshape WHERE id = shape_id;
    EXECUTE replace(shape.insert_sql, 'new_rows n', tab || ' n') || format(
        ' WHERE NOT EXISTS (SELECT FROM history_event e WHERE e.table_name = %L AND e.row_id = n.%I)',
        shape.table_name, pk) USING change, 'B';
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n > 0 THEN
        PERFORM history_write_change(change, shape.table_name, n);
    END IF;
    RETURN n;
END $$;

-- Later values are overwritten by earlier ones: what a row was before a number of changes.
CREATE AGGREGATE history_merge(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}');

CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is only added to: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER history_is_added_to BEFORE UPDATE OR DELETE ON history_event
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
CREATE TRIGGER history_is_added_to BEFORE UPDATE OR DELETE ON history_change
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
CREATE TRIGGER history_is_added_to BEFORE UPDATE OR DELETE ON history_block
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
"""

BACKWARDS = """
DO $$ DECLARE standing record; BEGIN
    FOR standing IN SELECT tgrelid::regclass AS tab, tgname FROM pg_trigger WHERE tgname LIKE 'history\\_%' LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', standing.tgname, standing.tab);
    END LOOP;
END $$;
DROP FUNCTION history_refuse();
DROP AGGREGATE history_merge(jsonb);
DROP FUNCTION history_baseline(regclass, text, text, text);
DROP FUNCTION history_note();
DROP FUNCTION history_write_change(bigint, text, bigint);
DROP FUNCTION history_shape_of(regclass, text, text, text);
DROP FUNCTION history_kept(text, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_events_blocks_and_printed_lists")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
