"""New names of classes; the tables keep theirs, and nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reviews", "0014_shown_wall")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Shown", "Exposure"),
                migrations.AlterModelTable("Exposure", "reviews_shown"),
                migrations.RenameModel("Sealed", "Embargo"),
                migrations.AlterModelTable("Embargo", "reviews_sealed"),
            ]
        )
    ]
