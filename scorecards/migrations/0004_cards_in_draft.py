"""Cards have drafts, and are for some channels or for all; the one in use becomes the general."""

from django.db import migrations, models

TABLE = "scorecards_scorecard"
# The owner of the table sees every organization's rows only while the wall is not forced on it.
IN_USE_IS_GENERAL = f"""
    ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;
    UPDATE {TABLE} AS card SET general = true WHERE card.id = (
        SELECT version.scorecard_id FROM scorecards_scorecardversion AS version
        WHERE version.organization_id = card.organization_id
        ORDER BY version.number DESC, version.id DESC LIMIT 1);
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
"""
VERSIONS = "scorecards_scorecardversion"
UNWALLED = f"ALTER TABLE {VERSIONS} NO FORCE ROW LEVEL SECURITY"
WALLED = f"ALTER TABLE {VERSIONS} FORCE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0005_unredacted"),
        ("scorecards", "0003_current_prescore"),
    ]

    operations = [
        migrations.AddField(
            model_name="scorecard",
            name="archived",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="channels",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="draft",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="general",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(UNWALLED, WALLED),
        migrations.RunSQL(IN_USE_IS_GENERAL, migrations.RunSQL.noop),
        migrations.RunSQL(WALLED, UNWALLED),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("general", True)),
                fields=("organization",),
                name="scorecard_one_general",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("archived", True), ("general", True), _negated=True),
                name="scorecard_general_in_use",
            ),
        ),
    ]
