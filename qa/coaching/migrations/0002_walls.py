"""The second wall around coaching; what the agent was shown never changes."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [("coaching", "0001_initial"), ("reviews", "0002_walls")]

    operations = [
        *protect("coaching_coachingnote", "coaching_acknowledgement"),
        refuse("coaching_acknowledgement"),
        migrations.RunSQL(
            """
            CREATE TRIGGER coaching_coachingnote_immutable
                BEFORE INSERT OR UPDATE OR DELETE ON coaching_coachingnote
                FOR EACH ROW EXECUTE FUNCTION heard_refuse_once_confirmed();
            """,
            "DROP TRIGGER IF EXISTS coaching_coachingnote_immutable ON coaching_coachingnote",
        ),
    ]
