"""The second wall around notices."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("organizations", "0002_walls")]

    operations = [*protect("notices_notice")]
