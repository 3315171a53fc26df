"""The second wall around scorecards; versions and pre-scores never change."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [("scorecards", "0001_initial"), ("organizations", "0002_walls")]

    operations = [
        *protect(
            "scorecards_scorecard",
            "scorecards_scorecardversion",
            "scorecards_prescore",
            "scorecards_moment",
        ),
        refuse("scorecards_scorecardversion"),
        refuse("scorecards_prescore", changes="UPDATE"),
    ]
