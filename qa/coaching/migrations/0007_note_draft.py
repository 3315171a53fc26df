"""New names of classes; the tables keep theirs, and nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coaching", "0006_half_notes_wall")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("HalfNote", "NoteDraft"),
                migrations.AlterModelTable("NoteDraft", "coaching_halfnote"),
            ]
        )
    ]
