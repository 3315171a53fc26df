"""Search the words of the turns alone, and those of a very long talk as far as an index goes."""

import django.contrib.postgres.search
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

# PostgreSQL holds at most 1 MB of a text's different words and their places. What may hold more
# is searched in its first 100,000 characters, which never do.
SEARCH = """
CREATE FUNCTION heard_words(turns jsonb) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    words jsonb := jsonb_path_query_array(turns, '$[*].text');
BEGIN
    IF pg_column_size(words) < 100000 THEN
        RETURN jsonb_to_tsvector('simple'::regconfig, words, '["string"]');
    END IF;
    BEGIN
        RETURN jsonb_to_tsvector('simple'::regconfig, words, '["string"]');
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN to_tsvector('simple'::regconfig, left(
            (SELECT string_agg(one, ' ') FROM jsonb_array_elements_text(words) AS one), 100000));
    END;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0005_saved_views")]

    operations = [
        migrations.RunSQL(SEARCH, "DROP FUNCTION heard_words(jsonb)"),
        migrations.RemoveIndex("transcript", "transcript_search"),
        migrations.RemoveField("transcript", "search"),
        migrations.AddField(
            "transcript",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("turns"), function="heard_words"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex("transcript", GinIndex(fields=["search"], name="transcript_search")),
    ]
