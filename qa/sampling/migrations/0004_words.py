"""Other words for the same choices; nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sampling", "0003_queue_entry"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pick",
            name="why",
            field=models.CharField(
                choices=[
                    ("share", "Random share"),
                    ("number", "Random per agent"),
                    ("missed_anger", "Missed anger"),
                    ("dismissed", "Dismissed feeling"),
                    ("low_confidence", "Low confidence"),
                    ("disputed", "Agent with disputes"),
                    ("new_agent", "New agent"),
                    ("unfit", "Couldn't be scored"),
                    ("by_hand", "Assigned by a manager"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="rule",
            name="assignment",
            field=models.CharField(
                choices=[
                    ("shared", "Shared queue"),
                    ("turns", "Round robin"),
                    ("load", "Least busy"),
                ],
                default="shared",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="rule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("share", "Random share"),
                    ("number", "Random per agent"),
                    ("missed_anger", "Missed anger"),
                    ("dismissed", "Dismissed feeling"),
                    ("low_confidence", "Low confidence"),
                    ("disputed", "Agent with disputes"),
                    ("new_agent", "New agent"),
                    ("unfit", "Couldn't be scored"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="rule",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "First"), (2, "Normal"), (3, "Last")], default=2
            ),
        ),
    ]
