"""The second wall around an organization's own definitions; what was put to use never changes."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [("scorecards", "0006_definitions_in_use")]

    operations = [
        *protect("scorecards_definitionpack", "scorecards_engineinuse"),
        refuse("scorecards_definitionpack"),
    ]
