"""The second wall around the steps of drafts."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("reviews", "0009_steps")]

    operations = [*protect("reviews_reviewstep")]
