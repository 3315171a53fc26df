"""A conversation that an admin deletes takes with it what is settled of it.

The triggers that keep reviews, notes, acknowledgements and disputes let the DELETE of a sample's
rows pass (first_steps, 0002). They ask the same function, which now also knows the conversations
that the transaction has named in `heard.deleting`.
"""

from django.db import migrations

IS_SAMPLE = """
CREATE OR REPLACE FUNCTION heard_is_sample(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT {named}EXISTS (SELECT 1 FROM transcripts_interaction
                   WHERE id = wanted AND received_from = 'sample')
$$
"""
# Never NULL: a trigger whose condition is not known does not fire.
NAMED = (
    "wanted::text = ANY (string_to_array(coalesce(current_setting('heard.deleting', true), ''), "
    "',')) OR "
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0020_recall"), ("first_steps", "0002_walls")]

    operations = [
        migrations.RunSQL(IS_SAMPLE.format(named=NAMED), IS_SAMPLE.format(named="")),
    ]
