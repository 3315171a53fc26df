"""Time spent on a review, and the notice before its lease ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qa import tasks
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.leases import IDLE
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address, take
from tests.world import make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership) -> Desk:
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def set_fields(desk: Desk, **fields: Any) -> None:
    with tenant(desk.member.organization_id):
        Review.objects.visible_to(desk.member).filter(pk=desk.pk).update(**fields)


def sign_of_work(desk: Desk) -> int:
    return desk.client.post(address("review-presence", desk.member, pk=desk.pk)).status_code


def test_the_time_between_two_signs_of_work_counts(desk: Desk) -> None:
    set_fields(desk, seen_at=timezone.now() - timedelta(seconds=20))
    assert sign_of_work(desk) == 204
    assert 20 <= desk.review.active_s <= 25
    set_fields(desk, seen_at=timezone.now() - timedelta(seconds=10))
    desk.send("accept", cue_turn=1)
    assert 30 <= desk.review.active_s <= 40


def test_a_long_pause_counts_as_little_as_a_short_one(desk: Desk) -> None:
    set_fields(desk, seen_at=timezone.now() - timedelta(hours=3))
    sign_of_work(desk)
    assert desk.review.active_s == IDLE


def test_many_signs_at_once_add_nothing(desk: Desk) -> None:
    for _ in range(20):
        sign_of_work(desk)
    assert desk.review.active_s <= 5


def test_a_sign_of_work_renews_the_lease_and_leaves_the_revision(desk: Desk) -> None:
    before = desk.review.revision
    set_fields(desk, lease_until=timezone.now() + timedelta(minutes=1))
    sign_of_work(desk)
    assert desk.review.lease_until > timezone.now() + timedelta(minutes=25)
    assert desk.review.revision == before


def test_a_review_that_is_somebody_elses_is_not_worked_on(
    desk: Desk, signed_in: SignIn, sam: Membership
) -> None:
    url = address("review-presence", sam, pk=desk.pk)
    assert signed_in(sam).post(url).status_code == 409
    assert desk.review.active_s == 0


def test_the_confirmed_review_shows_the_time(desk: Desk) -> None:
    set_fields(desk, active_s=132)
    desk.send("accept-all")
    desk.answer_all()
    desk.send("confirm")
    assert "02:1" in desk.page.partition("Time spent")[2][:60]


def test_who_has_a_review_in_hand_is_warned_once_before_the_lease_ends(
    desk: Desk, dana: Membership
) -> None:
    def told() -> int:
        with tenant(dana.organization_id):
            return Notice.objects.visible_to(dana).filter(kind="lease_ending").count()

    tasks.remind()
    assert told() == 0
    set_fields(desk, lease_until=timezone.now() + timedelta(minutes=4))
    tasks.remind()
    tasks.remind()
    assert told() == 1
