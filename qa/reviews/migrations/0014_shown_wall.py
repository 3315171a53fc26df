"""The second wall around who has been shown what, and what is known of that from before."""

from django.db import migrations

from qa.tenancy.rls import protect

# Whoever opened a review that was not blind, or committed to one, was shown the pre-score.
KNOWN = """
INSERT INTO reviews_shown (id, organization_id, member_id, interaction_id, read, at)
SELECT gen_random_uuid(), organization_id, specialist_id, interaction_id, true, min(opened_at)
FROM reviews_review
WHERE kind <> 'calibration' AND (NOT blind OR committed_at IS NOT NULL)
GROUP BY organization_id, specialist_id, interaction_id
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0013_shown")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE reviews_review NO FORCE ROW LEVEL SECURITY",
                KNOWN,
                "SET CONSTRAINTS ALL IMMEDIATE",
                "ALTER TABLE reviews_review FORCE ROW LEVEL SECURITY",
            ],
            migrations.RunSQL.noop,
        ),
        *protect("reviews_shown"),
    ]
