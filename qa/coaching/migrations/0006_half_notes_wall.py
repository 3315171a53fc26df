"""The second wall around notes that are being written."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("coaching", "0005_half_notes")]

    operations = [*protect("coaching_halfnote")]
