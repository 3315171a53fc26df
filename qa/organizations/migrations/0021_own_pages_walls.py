"""The wall around logos, and the way out: an organization that is closed may be deleted.

What refuses to be deleted otherwise (the trail, confirmed reviews, what an agent was shown) goes
with its organization, and with nothing less: only the DELETE of a row whose organization is
closed passes, and a closed organization neither opens again nor changes.
"""

from django.db import migrations

from qa.tenancy.rls import protect, refuse

CLOSED = """
CREATE FUNCTION heard_closed(organization uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM organizations_organization o
                   WHERE o.id = organization AND o.closed_at IS NOT NULL)
$$
"""
REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION heard_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME USING ERRCODE = '23001';
END $$
"""
REFUSE_ONCE_CONFIRMED = """
CREATE OR REPLACE FUNCTION heard_refuse_once_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    IF EXISTS (SELECT 1 FROM reviews_review WHERE status = 'confirmed'
               AND id IN (OLD.review_id, NEW.review_id)) THEN
        RAISE EXCEPTION 'the review is confirmed' USING ERRCODE = '23001';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
UNLESS_CLOSED = """
    IF TG_OP = 'DELETE' THEN
        IF heard_closed(OLD.organization_id) THEN
            RETURN OLD;
        END IF;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0020_own_pages"),
        ("audit", "0002_walls"),
        ("coaching", "0002_walls"),
        ("reviews", "0002_walls"),
    ]

    operations = [
        *protect("organizations_logo"),
        migrations.RunSQL(CLOSED, "DROP FUNCTION heard_closed(uuid)"),
        *(
            migrations.RunSQL(function.format(unless=UNLESS_CLOSED), function.format(unless=""))
            for function in (REFUSE_CHANGE, REFUSE_ONCE_CONFIRMED)
        ),
        refuse("organizations_organization", changes="UPDATE", when="OLD.closed_at IS NOT NULL"),
    ]
