import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_agent_by_name")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="email_domains",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=253),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
    ]
