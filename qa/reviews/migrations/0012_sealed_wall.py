"""The second wall around what is kept from the readers of a calibration."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("reviews", "0011_calibration")]

    operations = [*protect("reviews_sealed")]
