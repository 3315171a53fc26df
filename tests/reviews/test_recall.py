"""A submitted review is taken back by its reviewer, within the time that is set."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from qa.audit.models import AuditEvent
from qa.coaching import actions as coaching
from qa.coaching.policy import set_feedback_policy
from qa.dashboards.actions import rebuild
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import send as dispute
from tests.reviews.steps import address
from tests.world import make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    return make_review(dana, confirmed=True)


def now(review: Review, by: Membership) -> Review:
    with tenant(by.organization_id):
        return Review.objects.visible_to(by).select_related("interaction").get(pk=review.pk)


def figures(by: Membership) -> list[tuple[object, ...]]:
    with tenant(by.organization_id):
        moments = DailyMoments.objects.visible_to(by).filter(count__gt=0)
        work = DailyInteractions.objects.visible_to(by)
        return sorted(
            [
                *moments.values_list("emotion", "outcome", "count"),
                *work.values_list("interactions", "scorable", "reviewed"),
            ],
            key=str,
        )


def test_it_is_open_again_and_gone_from_the_agents_pages(
    signed_in: SignIn, dana: Membership, alex: Membership, review: Review
) -> None:
    before = now(review, dana)
    agents = address("feedback-review", alex, pk=review.pk)
    assert signed_in(alex).get(agents).status_code == 200
    assert (
        "Take it back"
        in signed_in(dana).get(address("review", dana, pk=review.pk)).content.decode()
    )
    answer = signed_in(dana).post(address("review-recall", dana, pk=review.pk))
    assert answer.status_code == 302
    after = now(review, dana)
    assert (after.status, after.confirmed_at, after.score) == ("open", None, None)
    assert (after.answers, after.summary) == (before.answers, before.summary)
    assert after.interaction.status == "prescored"
    assert signed_in(alex).get(agents).status_code == 404
    with tenant(dana.organization_id):
        assert not Notice.objects.visible_to(alex).filter(subject=str(review.pk)).exists()
        events = AuditEvent.objects.visible_to(dana).filter(action="review.recalled")
        assert events.count() == 1
        counted = figures(dana)
        rebuild(by=System(dana.organization_id))
        assert figures(dana) == counted
    page = signed_in(dana).get(address("review", dana, pk=review.pk)).content.decode()
    assert "Ready to submit" in page
    again = signed_in(dana).post(
        address("review-confirm", dana, pk=review.pk), {"revision": after.revision}
    )
    assert again.status_code == 302
    assert now(review, dana).score == before.score
    with tenant(dana.organization_id):
        assert Notice.objects.visible_to(alex).filter(subject=str(review.pk)).count() == 1


@pytest.mark.parametrize("case", [("sam", 422), ("mona", 422), ("alex", 403), ("mallory", 404)])
def test_who_may_not(
    signed_in: SignIn, sam: Membership, review: Review, case: tuple[str, int], request: Any
) -> None:
    name, expected = case
    for who in [request.getfixturevalue(name)]:
        url = address("review-recall", sam, pk=review.pk)
        assert signed_in(who).post(url).status_code == expected
    assert now(review, sam).status == "confirmed"


def test_not_once_the_agent_has_read_it(
    signed_in: SignIn, dana: Membership, alex: Membership, review: Review
) -> None:
    with tenant(dana.organization_id):
        coaching.acknowledge(now(review, alex), by=alex)
    answer = signed_in(dana).post(address("review-recall", dana, pk=review.pk))
    assert answer.status_code == 422
    assert "already read this review" in answer.content.decode()


def test_not_once_it_is_disputed(
    signed_in: SignIn, dana: Membership, alex: Membership, review: Review
) -> None:
    dispute(signed_in(alex), alex, review, "answer:own_words")
    answer = signed_in(dana).post(address("review-recall", dana, pk=review.pk))
    assert answer.status_code == 422
    assert "disputed this review" in answer.content.decode()


@pytest.mark.parametrize("minutes", [0, 1])
def test_not_after_its_time_or_where_it_is_off(
    signed_in: SignIn,
    dana: Membership,
    mona: Membership,
    review: Review,
    minutes: int,
) -> None:
    form = {"dispute_days": 14, "share": "none", "share_percent": 90, "remind_days": 7}
    answer = signed_in(mona).post(
        address("settings-feedback", mona), {**form, "recall_minutes": minutes}
    )
    assert answer.status_code == 302
    later = timezone.now() + timedelta(minutes=2)
    with patch("qa.reviews.recall.timezone.now", lambda: later):
        page = signed_in(dana).get(address("review", dana, pk=review.pk)).content.decode()
        answer = signed_in(dana).post(address("review-recall", dana, pk=review.pk))
    assert "Take it back" not in page
    assert answer.status_code == 422
    assert "The time to take this review back is over" in answer.content.decode()


def test_twice_is_told(signed_in: SignIn, dana: Membership, review: Review) -> None:
    client = signed_in(dana)
    client.post(address("review-recall", dana, pk=review.pk))
    answer = client.post(address("review-recall", dana, pk=review.pk))
    assert answer.status_code == 409


def test_an_agent_who_reads_what_was_taken_back_is_told(
    signed_in: SignIn, dana: Membership, alex: Membership, review: Review
) -> None:
    seen = now(review, alex)
    signed_in(dana).post(address("review-recall", dana, pk=review.pk))
    with tenant(dana.organization_id), pytest.raises(Exception, match="taken back"):
        coaching.acknowledge(seen, by=alex)
    assert dispute(signed_in(alex), alex, review, "answer:own_words").status_code == 404


def test_the_database_opens_no_review_that_was_read(
    dana: Membership, alex: Membership, review: Review
) -> None:
    with tenant(dana.organization_id):
        coaching.acknowledge(now(review, alex), by=alex)
        sql = "UPDATE reviews_review SET status = 'open', confirmed_at = NULL WHERE id = %s"
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [review.pk])


def test_the_setting_is_audited(mona: Membership) -> None:
    with tenant(mona.organization_id):
        set_feedback_policy(
            by=mona, dispute_days=7, share_from=None, remind_days=7, recall_minutes=30
        )
        events = AuditEvent.objects.visible_to(mona).filter(action="reviews.policy_set")
        assert "recall_minutes" in str(events.latest("at").data)
