"""Note rows that a table is about to be given, from where they wait; the trigger notes them no more.

The text of a row must be the same in every session, hence the settings, as in ``history_note``.
"""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION history_note_added(
    tab regclass, pk text, hazard text, without text, waiting regclass, first_pk bigint, last_pk bigint
) RETURNS bigint LANGUAGE plpgsql
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
    EXECUTE replace(shape.insert_sql, 'new_rows n', format('%s n WHERE n.%I BETWEEN $3 AND $4', waiting, pk))
      USING change, 'I', first_pk, last_pk;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n > 0 THEN
        PERFORM history_write_change(change, shape.table_name, n);
    END IF;
    RETURN n;
END $$;
"""
BACKWARDS = """
DROP FUNCTION history_note_added(regclass, text, text, text, regclass, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0004_index_of_changed_rows")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
