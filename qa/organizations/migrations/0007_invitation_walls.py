"""The wall around invitations; what ended shows its person nothing; accounts stay where they are."""

from django.db import migrations

from qa.tenancy.rls import protect_with, refuse, setting

OWN_MEMBERSHIPS = f"user_id = {setting('user')}::uuid"
POLICY = "CREATE POLICY before_tenant ON organizations_membership FOR SELECT USING"


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_invitations")]

    operations = [
        *protect_with(
            "organizations_invitation", also_readable=f"link_hash = {setting('invitation')}"
        ),
        migrations.RunSQL(
            [
                "DROP POLICY before_tenant ON organizations_membership",
                f"{POLICY} ({OWN_MEMBERSHIPS} AND ended_at IS NULL)",
            ],
            [
                "DROP POLICY before_tenant ON organizations_membership",
                f"{POLICY} ({OWN_MEMBERSHIPS})",
            ],
        ),
        # An account that is good in one organization only joins no other, whatever the code does.
        migrations.RunSQL(
            """
            CREATE FUNCTION heard_refuse_foreign_account() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM organizations_user WHERE id = NEW.user_id
                           AND only_in_id <> NEW.organization_id) THEN
                    RAISE EXCEPTION 'this account is good in another organization only'
                        USING ERRCODE = '23001';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER organizations_membership_account
                BEFORE INSERT OR UPDATE OF user_id, organization_id ON organizations_membership
                FOR EACH ROW EXECUTE FUNCTION heard_refuse_foreign_account()
            """,
            """
            DROP TRIGGER IF EXISTS organizations_membership_account ON organizations_membership;
            DROP FUNCTION IF EXISTS heard_refuse_foreign_account()
            """,
        ),
        refuse(
            "organizations_user",
            changes="UPDATE OF only_in_id",
            when="OLD.only_in_id IS DISTINCT FROM NEW.only_in_id",
        ),
    ]
