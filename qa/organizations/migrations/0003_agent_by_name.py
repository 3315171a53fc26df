"""The agents page reads in the order of names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_walls")]

    operations = [
        migrations.AddIndex(
            model_name="agent",
            index=models.Index(fields=["organization", "name", "id"], name="agent_by_name"),
        ),
    ]
