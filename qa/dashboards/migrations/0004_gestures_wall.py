"""The second wall around the gestures."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0003_gestures")]

    operations = [*protect("dashboards_gesture")]
