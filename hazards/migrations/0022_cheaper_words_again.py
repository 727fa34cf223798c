"""Words of a name are looked through for signs only where it has any; the words stay the same."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

WORDS = (
    "array_to_tsvector(array_remove(string_to_array("
    "CASE WHEN %(expressions)s ~ '[^a-z0-9 ]' "
    "THEN regexp_replace(%(expressions)s, '[^[:alnum:]]+', ' ', 'g') "
    "ELSE %(expressions)s END, ' '), ''))"
)


class Migration(migrations.Migration):
    dependencies = [("hazards", "0021_cheaper_rows")]

    operations = [
        migrations.RemoveIndex(model_name="waterhazard", name="hazard_words"),
        migrations.RemoveField(model_name="waterhazard", name="words"),
        migrations.AddField(
            model_name="waterhazard",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                editable=False,
                expression=models.Func(models.F("name_plain"), template=WORDS),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="waterhazard",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], gin_pending_list_limit=4096, name="hazard_words"
            ),
        ),
        # A new column is not looked at by itself: ways of counting are chosen by how common words are.
        migrations.RunSQL("ANALYZE hazards_waterhazard (words)", migrations.RunSQL.noop),
    ]
