"""The second wall around the labels that are withheld."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_kinds_and_blind_readings")]

    operations = [*protect("reviews_withheld")]
