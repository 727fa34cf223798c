"""Access places, more shapes of one hazard, units reached into, months with water, and what a
rule asks of a barrier's measures.

The figures for barriers (1.1 m, 100 mm) are those of the building code for guard rails; no
Vietnamese rule on fences round ponds names any. A register that holds hazards already keeps its
rules as they were signed: nothing that was reported changes. A new one begins with the figures.
"""

import uuid

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MEASURES_OF_NEW_REGISTERS = """
UPDATE hazards_compliancerule
   SET min_barrier_height_m = 1.1, max_barrier_gap_mm = 100
 WHERE 'barrier' = ANY (duties)
   AND NOT EXISTS (SELECT FROM hazards_waterhazard)
"""
# Metres over the ground; the shores of islands are none that people come to.
SHORES = """
UPDATE hazards_waterhazard AS hazard
   SET perimeter_m = shore.length_m
  FROM (SELECT id, sum(ST_Length(ST_ExteriorRing(part.geom)::geography)) AS length_m
          FROM hazards_waterhazard CROSS JOIN LATERAL ST_Dump(geometry) AS part
         WHERE ST_Dimension(geometry) = 2
         GROUP BY id) AS shore
 WHERE shore.id = hazard.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0013_merges_of_hazards"),
        ("places", "0002_lineage_and_former_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access_point", "access point"),
                            ("shoreline", "stretch of shore"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(max_length=150, verbose_name="name of the place")),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.GeometryField(
                        srid=4326, verbose_name="shape"
                    ),
                ),
                ("known_from", models.DateField(verbose_name="known from")),
                (
                    "known_to",
                    models.DateField(blank=True, null=True, verbose_name="no longer from"),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
            ],
            options={
                "verbose_name": "access place",
                "verbose_name_plural": "access places",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HazardShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("outline", "outline of the water"),
                            ("line", "line"),
                            ("point", "point"),
                        ],
                        max_length=10,
                        verbose_name="form",
                    ),
                ),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.GeometryField(
                        srid=4326, verbose_name="shape"
                    ),
                ),
                (
                    "position_method",
                    models.CharField(
                        choices=[
                            ("gps", "phone position"),
                            ("map", "placed on the map"),
                            ("import", "imported"),
                        ],
                        max_length=10,
                        verbose_name="position from",
                    ),
                ),
                (
                    "accuracy_m",
                    models.FloatField(blank=True, null=True, verbose_name="position accuracy, m"),
                ),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="as it was on")),
            ],
            options={
                "verbose_name": "shape of a hazard",
                "verbose_name_plural": "shapes of hazards",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HazardUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share", models.FloatField(verbose_name="share of the shape, 0 to 1")),
            ],
            options={
                "verbose_name": "unit that a hazard reaches into",
                "verbose_name_plural": "units that hazards reach into",
                "ordering": ["-share", "id"],
            },
        ),
        migrations.AddField(
            model_name="compliancerule",
            name="max_barrier_gap_mm",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="widest gap of a barrier, mm"
            ),
        ),
        migrations.AddField(
            model_name="compliancerule",
            name="min_barrier_height_m",
            field=models.FloatField(blank=True, null=True, verbose_name="barrier at least, m"),
        ),
        migrations.AddField(
            model_name="waterhazard",
            name="perimeter_m",
            field=models.FloatField(blank=True, null=True, verbose_name="length of the shore, m"),
        ),
        migrations.AddField(
            model_name="waterhazard",
            name="water_months",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                null=True,
                size=None,
                verbose_name="months with water",
            ),
        ),
        migrations.AddConstraint(
            model_name="compliancerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_barrier_height_m__isnull", True),
                    ("min_barrier_height_m__gt", 0),
                    _connector="OR",
                ),
                name="rule_min_barrier_height_m_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="waterhazard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("water_months__isnull", True),
                    ("water_months__contained_by", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
                    _connector="OR",
                ),
                name="hazard_water_months_are_months",
            ),
        ),
        migrations.AddField(
            model_name="accessplace",
            name="hazard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="access_places",
                to="hazards.waterhazard",
                verbose_name="hazard",
            ),
        ),
        migrations.AddField(
            model_name="accessplace",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.adminunit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="safeguard",
            name="access_place",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="safeguards",
                to="hazards.accessplace",
                verbose_name="access place",
            ),
        ),
        migrations.AddField(
            model_name="safeguardobservation",
            name="access_place",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="observations",
                to="hazards.accessplace",
                verbose_name="access place",
            ),
        ),
        migrations.AddConstraint(
            model_name="safeguardobservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("safeguard__isnull", True), ("access_place__isnull", True), _connector="OR"
                ),
                name="observation_of_safeguard_or_place",
            ),
        ),
        migrations.AddField(
            model_name="hazardshape",
            name="hazard",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shapes",
                to="hazards.waterhazard",
                verbose_name="hazard",
            ),
        ),
        migrations.AddField(
            model_name="hazardunit",
            name="hazard",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="units_touched",
                to="hazards.waterhazard",
                verbose_name="hazard",
            ),
        ),
        migrations.AddField(
            model_name="hazardunit",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="places.adminunit",
                verbose_name="unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("known_to__isnull", True),
                    ("known_to__gt", models.F("known_from")),
                    _connector="OR",
                ),
                name="access_place_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["access_point", "shoreline"])),
                name="access_place_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardshape",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("hazard", "form"),
                name="shape_once_a_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardshape",
            constraint=models.CheckConstraint(
                condition=models.Q(("form__in", ["outline", "line", "point"])),
                name="shape_form_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardshape",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accuracy_m__isnull", True), ("accuracy_m__gte", 0), _connector="OR"
                ),
                name="shape_accuracy_m_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardunit",
            constraint=models.UniqueConstraint(fields=("hazard", "unit"), name="hazard_unit_once"),
        ),
        migrations.AddConstraint(
            model_name="hazardunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                name="hazard_unit_share_is_a_share",
            ),
        ),
        migrations.RunSQL(MEASURES_OF_NEW_REGISTERS, migrations.RunSQL.noop),
        migrations.RunSQL(SHORES, migrations.RunSQL.noop),
    ]
