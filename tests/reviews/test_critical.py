"""A critical question that the engine proposes fails nothing before a person has confirmed it."""

from typing import Any

import pytest

from qa.organizations.models import Membership
from qa.reviews.card_view import CardView
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.proposals import proposals_for
from qa.tenancy.context import tenant
from tests.sampling.test_rules import NOT_ANSWERED, call
from tests.world import make_review

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {
    "name": "Compliance",
    "moments_weight": 50,
    "sections": [
        {
            "title": "Respect",
            "weight": 50,
            "questions": [
                {
                    "id": "polite",
                    "text": "Was polite",
                    "kind": "yes_no",
                    "weight": 50,
                },
                {
                    "id": "none_missed",
                    "text": "Missed no feeling",
                    "kind": "yes_no",
                    "weight": 50,
                    "critical": "card",
                    "bound": {"figure": "no_missed"},
                },
            ],
        }
    ],
}


def view_of(review: Review, by: Membership) -> CardView:
    """The card as the page shows it while the review is under way."""
    review.scorecard_version.body = BODY
    return CardView(
        BODY,
        {"polite": {"value": "yes"}},
        weights={
            "empathy_specific": 100, "empathy_generic": 50, "sympathy_only": 20, "missed": 0,
            "dismissed": 0,
        },
        proposals=proposals_for(review, by=by),
        moments=[("empathy", 2)],
    )  # fmt: skip


def test_a_bound_critical_question_fails_nothing_before_a_person_confirms(
    dana: Membership,
) -> None:
    review = make_review(dana, call(dana.organization, turns=NOT_ANSWERED))
    with tenant(dana.organization_id):
        before = view_of(review, dana)
        assert before.proposals["none_missed"].value == "no"
        assert before.questions["none_missed"].proposes, "it is proposed"
        assert (before.failed, before.scores.total) == ([], 100.0), "and fails nothing"
        rows = ReviewMoment.objects.visible_to(dana).filter(review=review)
        for row in rows.select_related("moment"):
            assert row.moment is not None
            row.decision, row.outcome = Decision.ACCEPTED, row.moment.outcome
            row.emotion, row.strength = row.moment.emotion, row.moment.strength
            row.save()
        after = view_of(review, dana)
        assert [view.id for view in after.failed] == ["none_missed"]
        assert after.scores.total == 0
