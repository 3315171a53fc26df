"""Rows that never change: PostgreSQL refuses, whatever the code tries."""

import pytest
from django.db import Error, connection, transaction

from qa.organizations.models import Organization
from qa.tenancy.context import tenant
from tests.furnished import furnish

IMMUTABLE = "23001"


def verdict(statement: str) -> str:
    """The SQLSTATE with which the database refuses the statement; empty if it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount > 0, f"no row to change: {statement}"
            transaction.set_rollback(True)
    except Error as error:
        return str(getattr(error.__cause__, "pgcode", ""))
    return ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scorecards_prescore SET score = 100",
        "UPDATE scorecards_prescore SET current = false, result = '{}'",
        "UPDATE scorecards_scorecardversion SET body = '{}'",
        "DELETE FROM scorecards_scorecardversion",
        "UPDATE scorecards_definitionpack SET text = 'x'",
        "DELETE FROM scorecards_definitionpack",
        "UPDATE reviews_review SET score = 100 WHERE status = 'confirmed'",
        "UPDATE reviews_review SET status = 'open' WHERE status = 'confirmed'",
        "DELETE FROM reviews_review WHERE status = 'confirmed'",
        "UPDATE reviews_reviewmoment SET outcome = 'missed' WHERE review_id = {feedback}",
        "UPDATE reviews_reviewmoment SET review_id = {review} WHERE review_id = {feedback}",
        "UPDATE reviews_reviewmoment SET review_id = {feedback} WHERE review_id = {review}",
        "DELETE FROM reviews_reviewmoment WHERE review_id = {feedback}",
        "UPDATE coaching_coachingnote SET text = 'x' WHERE review_id = {feedback}",
        "UPDATE coaching_coachingnote SET review_id = {review} WHERE review_id = {feedback}",
        "DELETE FROM coaching_coachingnote WHERE review_id = {feedback}",
        "UPDATE coaching_acknowledgement SET answer = 'x'",
        "DELETE FROM coaching_acknowledgement",
        "UPDATE audit_auditevent SET actor = 'x'",
        "DELETE FROM audit_auditevent",
    ],
)
def test_what_was_published_or_confirmed_stays(larkfield: Organization, statement: str) -> None:
    rows = furnish(larkfield)
    ids = {"review": f"'{rows.review.pk}'", "feedback": f"'{rows.feedback.pk}'"}
    with tenant(larkfield.id):
        assert verdict(statement.replace("'{}'", "'{{}}'").format(**ids)) == IMMUTABLE


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_review SET summary = 'x' WHERE status = 'open'",
        "UPDATE reviews_reviewmoment SET reason = 'tone' WHERE review_id = {review}",
        "UPDATE coaching_coachingnote SET text = 'x' WHERE review_id = {review}",
        "DELETE FROM coaching_coachingnote WHERE review_id = {review}",
    ],
)
def test_an_open_review_can_be_worked_on(larkfield: Organization, statement: str) -> None:
    rows = furnish(larkfield)
    with tenant(larkfield.id):
        assert verdict(statement.format(review=f"'{rows.review.pk}'")) == ""


def test_which_pre_score_is_current_may_change(larkfield: Organization) -> None:
    furnish(larkfield)
    with tenant(larkfield.id):
        assert verdict("UPDATE scorecards_prescore SET current = false") == ""
