"""Whoever invites an address may end the links to it that other organizations have made."""

from django.db import migrations

from qa.tenancy.rls import setting

ON = "ON organizations_invitation"
SAME_ADDRESS = f"email = {setting('inviting')}"


class Migration(migrations.Migration):
    dependencies = [("organizations", "0007_invitation_walls")]

    operations = [
        migrations.RunSQL(
            [
                f"CREATE POLICY same_address {ON} FOR SELECT USING ({SAME_ADDRESS})",
                f"CREATE POLICY same_address_ends {ON} FOR UPDATE USING ({SAME_ADDRESS})",
            ],
            [
                "DROP POLICY IF EXISTS same_address_ends ON organizations_invitation",
                "DROP POLICY IF EXISTS same_address ON organizations_invitation",
            ],
        )
    ]
