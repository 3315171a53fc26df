"""The second wall around the word that a decision was read; it is said once and stays."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [("disputes", "0003_decisionread")]

    operations = [
        *protect("disputes_decisionread"),
        refuse("disputes_decisionread", changes="UPDATE"),
    ]
