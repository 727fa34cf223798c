"""Words of names go into their index many at a time; codes need one index, not two."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hazards", "0014_access_places_and_shapes")]

    operations = [
        migrations.RemoveIndex(model_name="waterhazard", name="hazard_words"),
        migrations.AddIndex(
            model_name="waterhazard",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], gin_pending_list_limit=4096, name="hazard_words"
            ),
        ),
        # Codes are compared byte by byte (collation C): their unique index serves LIKE as well.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS hazards_waterhazard_code_df1e6125_like",
            migrations.RunSQL.noop,
        ),
    ]
