"""Other words for the same choices; nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calibration", "0003_assignment"),
    ]

    operations = [
        migrations.AlterField(
            model_name="session",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "In progress"),
                    ("discussing", "In discussion"),
                    ("agreed", "Finalised"),
                    ("called_off", "Cancelled"),
                ],
                default="reading",
                max_length=20,
            ),
        ),
    ]
