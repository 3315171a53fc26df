"""Members may be deactivated, are seen, and change their address once it is proven."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0010_agents_leave_and_merge")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="new_email",
            field=models.EmailField(db_default="", default="", editable=False, max_length=254),
        ),
        migrations.AddField(
            model_name="membership",
            name="new_email",
            field=models.EmailField(db_default="", default="", editable=False, max_length=254),
        ),
        migrations.AddField(
            model_name="membership",
            name="last_seen_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="deactivated_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="agent_before",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="organizations.agent",
            ),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("interactions:write", "Send conversations"),
                        ("interactions:read", "Read conversations and pre-scores"),
                        ("reviews:read", "Read reviews"),
                        ("reviews:write", "Write reviews"),
                        ("metrics:read", "Read metrics"),
                        ("webhooks:write", "Manage webhooks"),
                    ],
                    max_length=40,
                ),
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(deactivated_at__isnull=True) | models.Q(ended_at__isnull=False),
                name="membership_deactivated_ended",
            ),
        ),
    ]
