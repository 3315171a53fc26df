"""The second wall around what members chose for notices."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_reminders_and_digests")]

    operations = [*protect("notices_noticechoice")]
