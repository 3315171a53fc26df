"""The second wall around merges of agents, and around what is handed over."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("organizations", "0012_merges_and_handovers")]

    operations = [*protect("organizations_merge"), *protect("organizations_handover")]
