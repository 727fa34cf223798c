"""One spatial index: a position lies on or in its shape, so the index of shapes finds both.

The second one was the dearest of eleven to keep, a sixth of what a row of an import costs.
"""

import django.contrib.gis.db.models.fields
from django.db import migrations

# Holds all within reach of a shape, in degrees; a tenth too wide (geomath.distance.reach_box).
REACH_BOX = """
CREATE FUNCTION hazards_reach_box(around geometry, reach_m double precision) RETURNS geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ST_Expand(around, reach_m / (100000 * cos(radians(
           greatest(abs(ST_YMin(around)), abs(ST_YMax(around)))))))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("hazards", "0019_spellings_of_bodies")]

    operations = [
        migrations.RunSQL(REACH_BOX, "DROP FUNCTION hazards_reach_box(geometry, double precision)"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS hazards_waterhazard_location_9b5ffeff_id",
                    "CREATE INDEX hazards_waterhazard_location_9b5ffeff_id"
                    " ON hazards_waterhazard USING gist (location)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="waterhazard",
                    name="location",
                    field=django.contrib.gis.db.models.fields.PointField(
                        geography=True, spatial_index=False, srid=4326, verbose_name="position"
                    ),
                ),
            ],
        ),
    ]
