"""The second wall around reviews; a confirmed one never changes."""

from django.db import migrations

from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("organizations", "0002_walls")]

    operations = [
        *protect("reviews_review", "reviews_reviewmoment"),
        refuse("reviews_review", when="OLD.status = 'confirmed'"),
        migrations.RunSQL(
            """
            CREATE FUNCTION heard_refuse_once_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM reviews_review WHERE status = 'confirmed'
                           AND id IN (OLD.review_id, NEW.review_id)) THEN
                    RAISE EXCEPTION 'the review is confirmed' USING ERRCODE = '23001';
                END IF;
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER reviews_reviewmoment_immutable
                BEFORE INSERT OR UPDATE OR DELETE ON reviews_reviewmoment
                FOR EACH ROW EXECUTE FUNCTION heard_refuse_once_confirmed();
            """,
            """
            DROP TRIGGER IF EXISTS reviews_reviewmoment_immutable ON reviews_reviewmoment;
            DROP FUNCTION IF EXISTS heard_refuse_once_confirmed();
            """,
        ),
    ]
