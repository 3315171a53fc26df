"""New names of classes; the tables keep theirs, and nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("calibration", "0002_walls")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Reading", "Assignment"),
                migrations.AlterModelTable("Assignment", "calibration_reading"),
            ]
        )
    ]
