"""The second wall around the dashboards' tables."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0001_initial"), ("organizations", "0002_walls")]

    operations = [
        *protect("dashboards_dailymoments", "dashboards_dailyinteractions"),
    ]
