"""What a row of an import costs: no key looked up that cannot be wrong, no index of nothing.

- Verdicts are only ever written from their hazards by one statement, and hazards are never deleted:
  looking each hazard and rule up again by a foreign key cost a tenth of an import.
- Verdicts that time does not change, and hazards with nobody named, need no place in those indexes.
- A writer of many parts may count for all of them at once (hazards.services.counts).
- A verdict added is counted with one look at its hazard instead of two.
"""

import django.db.models.deletion
from django.db import migrations, models

LIKENESS = "unit_id, kind, lifecycle, is_synthetic, has_body, verdict"
OF_HAZARD = """hazard.unit_id, hazard.kind, hazard.lifecycle, hazard.is_synthetic,
               hazard.responsible_body_id IS NOT NULL AS has_body"""


def add(side):
    """Add the sums of a side of a change to the counts."""
    return f"""
        INSERT INTO hazards_hazardcount ({LIKENESS}, hazards)
        SELECT {LIKENESS}, sum(n) FROM ({side}) AS side GROUP BY {LIKENESS} HAVING sum(n) <> 0"""


HAZARD_ADDED = add(f"SELECT {OF_HAZARD}, '' AS verdict, 1 AS n FROM new_rows AS hazard")
VERDICT_ADDED = add(f"""
            SELECT {OF_HAZARD}, turn.verdict, turn.n
              FROM new_rows AS kept
              JOIN hazards_waterhazard AS hazard ON hazard.id = kept.hazard_id
             CROSS JOIN LATERAL (VALUES ('', -1), (kept.verdict, 1)) AS turn (verdict, n)""")
COUNT = f"""
CREATE FUNCTION hazards_count_new_hazards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('hazards.counted_by_writer', true), '') = '' THEN {HAZARD_ADDED};
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION hazards_count_new_verdicts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {VERDICT_ADDED};
    RETURN NULL;
END $$;
"""
TABLES = {"hazards": "hazards_waterhazard", "verdicts": "hazards_hazardassessment"}


def triggers(function):
    """Put the triggers of added rows up anew, with another function."""
    return "".join(
        f"""DROP TRIGGER hazards_count_{what}_insert ON {table};
        CREATE TRIGGER hazards_count_{what}_insert AFTER INSERT ON {table}
        REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION {function.format(what=what)}();"""
        for what, table in TABLES.items()
    )


FORWARDS = COUNT + triggers("hazards_count_new_{what}")
BACKWARDS = (
    triggers("hazards_count_{what}")
    + """
DROP FUNCTION hazards_count_new_hazards(); DROP FUNCTION hazards_count_new_verdicts();
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0020_one_index_of_places"),
        ("places", "0002_lineage_and_former_names"),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RemoveIndex(
            model_name="hazardassessment",
            name="assessment_changes_on",
        ),
        migrations.AlterField(
            model_name="hazardassessment",
            name="hazard",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="assessment",
                serialize=False,
                to="hazards.waterhazard",
                verbose_name="hazard",
            ),
        ),
        migrations.AlterField(
            model_name="hazardassessment",
            name="rule",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hazards.compliancerule",
            ),
        ),
        migrations.AlterField(
            model_name="waterhazard",
            name="responsible_body",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hazards",
                to="hazards.responsiblebody",
                verbose_name="responsible body",
            ),
        ),
        migrations.AddIndex(
            model_name="hazardassessment",
            index=models.Index(
                condition=models.Q(("changes_on__isnull", False)),
                fields=["changes_on"],
                name="assessment_changes_on",
            ),
        ),
        migrations.AddIndex(
            model_name="waterhazard",
            index=models.Index(
                condition=models.Q(("responsible_body__isnull", False)),
                fields=["responsible_body"],
                name="hazard_by_body",
            ),
        ),
    ]
