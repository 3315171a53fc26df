"""What lists look for: the failed ones, and parts of ids, names and values that a source gave."""

from django.db import migrations, models
from django.db.models import F, Func, Q, TextField

# One text of a row, in lower case; as long as a row of an index may well be. Not the remarks that
# Heard's own readers keep in the metadata, and no names of values: they would be found everywhere.
SOUGHT = """
CREATE FUNCTION heard_sought(
    external_id text, customer text, customer_name text, subject text, metadata jsonb
) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(lower(concat_ws(E'\\n', external_id, customer, customer_name, subject, (
        SELECT string_agg(one.value, E'\\n' ORDER BY one.key)
        FROM jsonb_each_text(
            CASE jsonb_typeof(metadata) WHEN 'object' THEN metadata ELSE '{}' END
        ) AS one WHERE one.key <> 'reading_remarks'
    ))), 600)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0009_kept_readings")]

    operations = [
        migrations.RunSQL(SOUGHT, "DROP FUNCTION heard_sought(text, text, text, text, jsonb)"),
        migrations.AddField(
            "interaction",
            "sought",
            models.GeneratedField(
                db_persist=True,
                expression=Func(
                    F("external_id"),
                    F("customer_external_id"),
                    F("customer_name"),
                    F("subject"),
                    F("metadata"),
                    function="heard_sought",
                ),
                output_field=TextField(),
            ),
        ),
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["organization", "-started_at", "-id"],
                include=["sought", "file"],
                name="interaction_sought",
            ),
        ),
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["organization", "-started_at", "-id"],
                condition=Q(status="failed"),
                name="interaction_failed",
            ),
        ),
        migrations.AddField(
            "savedview",
            "of",
            models.CharField(max_length=20, default="interactions", db_default="interactions"),
        ),
        migrations.RemoveConstraint("savedview", "saved_view_once_a_name"),
        migrations.AddConstraint(
            "savedview",
            models.UniqueConstraint(fields=["owner", "of", "name"], name="saved_view_once_a_name"),
        ),
    ]
