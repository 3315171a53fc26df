"""The second wall around transcripts."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0001_initial"), ("organizations", "0002_walls")]

    operations = [
        *protect(
            "transcripts_upload",
            "transcripts_uploadedfile",
            "transcripts_interaction",
            "transcripts_transcript",
            "transcripts_idempotentanswer",
        ),
    ]
