"""The second wall around calibration; what is agreed on, and what was said, never changes."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [("calibration", "0001_initial"), ("reviews", "0012_sealed_wall")]

    operations = [
        *protect(
            "calibration_session",
            "calibration_item",
            "calibration_reading",
            "calibration_comment",
            "calibration_agreed",
        ),
        refuse("calibration_session", when="OLD.state IN ('agreed', 'called_off')"),
        refuse("calibration_comment", changes="UPDATE"),
        refuse("calibration_agreed", when="OLD.final"),
    ]
