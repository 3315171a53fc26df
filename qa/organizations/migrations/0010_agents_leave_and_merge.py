"""An agent may be deactivated, and may turn out to be another one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0009_redaction_words")]

    operations = [
        migrations.AddField(
            model_name="agent",
            name="deactivated_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="agent",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merged",
                to="organizations.agent",
            ),
        ),
    ]
