"""The second wall around what is set for feedback, and around automatic feedback."""

from django.db import migrations

from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("coaching", "0003_feedbackpolicy_sharedprescore")]

    operations = [*protect("coaching_feedbackpolicy", "coaching_sharedprescore")]
