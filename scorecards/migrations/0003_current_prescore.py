"""Exactly one pre-score of an interaction is current; of several that are here, the newest."""

from django.db import migrations, models

from qa.tenancy.rls import refuse

TABLE = "scorecards_prescore"
UNLIKE = "to_jsonb(OLD) - 'current' IS DISTINCT FROM to_jsonb(NEW) - 'current'"
# The owner of the table sees every organization's rows only while the wall is not forced on it.
NEWEST_IS_CURRENT = f"""
    ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;
    UPDATE {TABLE} AS older SET current = false WHERE EXISTS (
        SELECT 1 FROM {TABLE} AS newer WHERE newer.interaction_id = older.interaction_id
        AND (newer.created_at, newer.id) > (older.created_at, older.id));
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
"""


def undone(operation: migrations.RunSQL) -> migrations.RunSQL:
    """The same with its ways changed round."""
    return migrations.RunSQL(operation.reverse_sql, operation.sql)


class Migration(migrations.Migration):
    dependencies = [("scorecards", "0002_walls")]

    operations = [
        undone(refuse(TABLE, changes="UPDATE")),
        migrations.AddField(
            model_name="prescore",
            name="current",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunSQL(NEWEST_IS_CURRENT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="prescore",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)),
                fields=("interaction",),
                name="prescore_one_current",
            ),
        ),
        refuse(TABLE, changes="UPDATE", when=UNLIKE),
    ]
