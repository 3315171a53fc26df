"""The second wall around sampling."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("sampling", "0001_initial"), ("organizations", "0002_walls")]

    operations = [
        *protect(
            "sampling_rule",
            "sampling_stratum",
            "sampling_pick",
            "sampling_place",
            "sampling_exclusion",
        )
    ]
