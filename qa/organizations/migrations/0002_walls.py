"""The second wall around organizations, and the function behind immutable rows."""

from django.db import migrations

from qa.tenancy.rls import REFUSE_CHANGE, protect, protect_with, setting


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        REFUSE_CHANGE,
        *protect("organizations_team", "organizations_agent"),
        *protect_with(
            "organizations_organization",
            own=f"id = {setting('organization')}::uuid",
            also_readable=f"{setting('directory')} = 'on' OR id IN (SELECT organization_id "
            f"FROM organizations_membership WHERE user_id = {setting('user')}::uuid)",
        ),
        *protect_with(
            "organizations_membership", also_readable=f"user_id = {setting('user')}::uuid"
        ),
        *protect_with("organizations_apikey", also_readable=f"prefix = {setting('api_key')}"),
    ]
