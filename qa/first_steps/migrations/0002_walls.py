"""The second wall around what members want to be offered; and samples may go though they were reviewed.

What is settled is never changed, of samples neither. But a sample is invented, and whoever has
tried everything with it wants it gone: its review, its notes and its reader's word go with it.
Only rows of an interaction that was received from "sample", which no client can be.
"""

from django.db import migrations

from qa.tenancy.rls import protect

FUNCTIONS = migrations.RunSQL(
    """
    CREATE FUNCTION heard_is_sample(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT 1 FROM transcripts_interaction
                       WHERE id = wanted AND received_from = 'sample')
    $$;
    CREATE FUNCTION heard_reviews_sample(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT 1 FROM reviews_review
                       WHERE id = wanted AND heard_is_sample(interaction_id))
    $$;
    """,
    """
    DROP FUNCTION IF EXISTS heard_reviews_sample(uuid);
    DROP FUNCTION IF EXISTS heard_is_sample(uuid);
    """,
)
SETTLED = "OLD.status IN ('declined', 'withdrawn') OR OLD.corrected_id IS NOT NULL"
# Of each table: what it refuses beside DELETE, for which rows, how, and what makes a row a sample's.
TABLES = (
    (
        "reviews_review",
        "UPDATE",
        "OLD.status = 'confirmed'",
        "heard_refuse_change",
        "heard_is_sample(OLD.interaction_id)",
    ),
    (
        "reviews_reviewmoment",
        "INSERT OR UPDATE",
        "",
        "heard_refuse_once_confirmed",
        "heard_reviews_sample(OLD.review_id)",
    ),
    (
        "coaching_coachingnote",
        "INSERT OR UPDATE",
        "",
        "heard_refuse_once_confirmed",
        "heard_reviews_sample(OLD.review_id)",
    ),
    (
        "coaching_acknowledgement",
        "UPDATE",
        "",
        "heard_refuse_change",
        "heard_reviews_sample(OLD.review_id)",
    ),
    (
        "disputes_dispute",
        "UPDATE",
        SETTLED,
        "heard_refuse_change",
        "heard_reviews_sample(OLD.review_id)",
    ),
)


def spare_samples(
    table: str, changes: str, when: str, function: str, sample: str
) -> migrations.RunSQL:
    """Refuse the same changes as before, and DELETE unless the row is a sample's."""
    held = f"WHEN ({when}) " if when else ""
    kept = f"({when}) AND " if when else ""
    return migrations.RunSQL(
        f"""
        DROP TRIGGER {table}_immutable ON {table};
        CREATE TRIGGER {table}_immutable BEFORE {changes} ON {table}
            FOR EACH ROW {held}EXECUTE FUNCTION {function}();
        CREATE TRIGGER {table}_undeletable BEFORE DELETE ON {table}
            FOR EACH ROW WHEN ({kept}NOT {sample}) EXECUTE FUNCTION {function}();
        """,
        f"""
        DROP TRIGGER IF EXISTS {table}_undeletable ON {table};
        DROP TRIGGER IF EXISTS {table}_immutable ON {table};
        CREATE TRIGGER {table}_immutable BEFORE {changes} OR DELETE ON {table}
            FOR EACH ROW {held}EXECUTE FUNCTION {function}();
        """,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("first_steps", "0001_initial"),
        ("coaching", "0002_walls"),
        ("disputes", "0002_walls"),
        ("reviews", "0002_walls"),
        ("transcripts", "0001_initial"),
    ]

    operations = [
        *protect("first_steps_offer"),
        FUNCTIONS,
        *(spare_samples(*table) for table in TABLES),
    ]
