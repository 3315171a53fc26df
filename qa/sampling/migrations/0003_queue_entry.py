"""New names of classes; the tables keep theirs, and nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sampling", "0002_walls")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Place", "QueueEntry"),
                migrations.AlterModelTable("QueueEntry", "sampling_place"),
            ]
        )
    ]
