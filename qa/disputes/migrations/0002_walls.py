"""The second wall around disputes; what was decided never changes."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse

SETTLED = "OLD.status IN ('declined', 'withdrawn') OR OLD.corrected_id IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("disputes", "0001_initial"), ("reviews", "0002_walls")]

    operations = [
        *protect("disputes_dispute"),
        refuse("disputes_dispute", when=SETTLED),
    ]
