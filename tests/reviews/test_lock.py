"""Locking a blind reading: an empty one asks once, and `u` takes the lock back."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership
from qa.reviews.models import Decision
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, take
from tests.world import make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3
ASKS = "You marked no feeling. Is that your reading?"


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership, mona: Membership) -> Desk:
    with tenant(mona.organization_id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def add(desk: Desk, turn: int = ANGER) -> None:
    desk.send("add", cue_turn=turn, emotion="frustration", choice="dismissed")


def actions(desk: Desk) -> list[str]:
    with tenant(desk.member.organization_id):
        rows = AuditEvent.objects.visible_to(desk.member).filter(target_id=str(desk.pk))
        return list(rows.order_by("number").values_list("action", flat=True))


@pytest.mark.parametrize("htmx", [True, False])
def test_an_empty_reading_asks_once_in_words(desk: Desk, htmx: bool) -> None:
    answer = desk.send("commit", htmx=htmx)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert ASKS in page
    assert 'name="sure" value="1"' in page
    assert "ev--" not in page
    assert desk.review.committed_at is None
    desk.send("commit", htmx=htmx, sure=1)
    assert desk.review.committed_at is not None
    assert desk.review.first_reading == []


def test_one_with_a_moment_asks_nothing(desk: Desk) -> None:
    add(desk)
    assert desk.send("commit").status_code == 302
    assert desk.review.committed_at is not None


def test_the_button_says_that_it_locks_and_is_not_the_dark_one(desk: Desk) -> None:
    button = desk.page.partition('id="commit"')[0].rpartition("<button")[2]
    assert "button--primary" not in button
    assert "Lock my review and compare" in desk.page


def test_an_empty_lock_taken_back_goes_on_as_an_ordinary_review(desk: Desk) -> None:
    desk.send("commit", sure=1)
    assert "Undo lock" in desk.page
    answer = desk.send("undo", htmx=True)
    assert "HX-Redirect" in answer.headers
    review = desk.review
    assert (review.blind, review.first_reading, review.committed_at) == (False, None, None)
    assert {one.decision for one in desk.moments.values()} == {Decision.PENDING}
    assert set(desk.moments) == {ANGER, WORRY}
    assert "isn’t blind anymore" in desk.page
    desk.send("accept-all")
    desk.answer_all()
    assert desk.send("confirm").status_code == 302
    assert actions(desk)[:3] == ["review.opened", "review.committed", "review.unlocked"]


def test_what_was_locked_first_stays_the_blind_word(desk: Desk) -> None:
    add(desk)
    desk.send("answer", **{"q-let_finish": "no"})
    desk.send("commit")
    first = desk.review.first_reading
    desk.send("accept", cue_turn=WORRY)
    desk.send("undo")
    desk.send("undo")
    review = desk.review
    assert review.blind
    assert review.hides_machine
    assert review.first_reading == first
    assert set(desk.moments) == {ANGER}
    assert desk.moments[ANGER].decision == Decision.ADDED
    assert desk.moments[ANGER].moment is None
    assert "ev--" not in desk.page
    add(desk, 5)
    desk.send("commit")
    assert desk.review.first_reading == first
    assert set(desk.moments) == {ANGER, WORRY, 5}


def test_a_submitted_lock_is_not_taken_back(desk: Desk) -> None:
    desk.send("commit", sure=1)
    desk.answer_all()
    desk.send("confirm")
    assert desk.send("undo").status_code == 409
    assert desk.review.first_reading == []
