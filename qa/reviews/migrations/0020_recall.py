"""A submitted review may be opened again, while it has done nothing to anybody.

The wall stays for all else: within a day, not once its agent has read or disputed it, not once it
was corrected, and only from submitted to open. How long an organization allows is its own setting.
"""

from django.db import migrations

RECALLABLE = """
CREATE FUNCTION heard_recallable(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM reviews_review r
        WHERE r.id = wanted AND r.kind = 'regular' AND r.supersedes_id IS NULL
          AND r.confirmed_at > now() - interval '1 day'
          AND NOT EXISTS (SELECT 1 FROM reviews_review n WHERE n.supersedes_id = r.id)
          AND NOT EXISTS (SELECT 1 FROM coaching_acknowledgement a WHERE a.review_id = r.id)
          AND NOT EXISTS (SELECT 1 FROM disputes_dispute d WHERE d.review_id = r.id))
$$
"""
TRIGGER = """
DROP TRIGGER reviews_review_immutable ON reviews_review;
CREATE TRIGGER reviews_review_immutable BEFORE UPDATE ON reviews_review
    FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION heard_refuse_change()
"""
CONFIRMED = "OLD.status = 'confirmed'"
UNLESS_RECALLED = (
    f"{CONFIRMED} AND NOT (NEW.status = 'open' AND NEW.confirmed_at IS NULL "
    "AND heard_recallable(OLD.id))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0019_amendments"),
        ("coaching", "0002_walls"),
        ("disputes", "0002_walls"),
        ("first_steps", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(RECALLABLE, "DROP FUNCTION IF EXISTS heard_recallable(uuid)"),
        migrations.RunSQL(TRIGGER.format(when=UNLESS_RECALLED), TRIGGER.format(when=CONFIRMED)),
    ]
