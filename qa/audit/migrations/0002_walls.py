"""The audit trail: walled, append-only."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("organizations", "0002_walls")]

    operations = [
        *protect("audit_auditevent"),
        refuse("audit_auditevent"),
    ]
