"""Second readings: drawn, taken by somebody else, counted for nobody, compared."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from qa.agreement.queries import page, reviewers
from qa.dashboards.models import DailyInteractions
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization, Role
from qa.reviews import second
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.reviews.queue import available_for_second
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address
from tests.world import confirm_review, make_interaction, make_member, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def read_all_twice(by: Membership, percent: int = 100) -> None:
    with tenant(by.organization_id):
        set_policy(by=by, blind_percent=0, second_percent=percent, threshold=0.6, least=30)


def take_second(client: Client, by: Membership) -> Desk:
    answer = client.post(address("queue-second", by))
    assert answer.status_code == 302
    return Desk(client, by, answer["Location"].rstrip("/").rpartition("/")[2])


def test_a_colleague_reads_it_again_without_seeing_what_was_said(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    read_all_twice(mona)
    first = make_review(dana)
    with tenant(dana.organization_id):
        Review.objects.visible_to(dana).filter(pk=first.pk).update(summary="Mine alone.")
        first.refresh_from_db()
    confirm_review(first, dana)
    assert "second review" not in signed_in(dana).get(address("queue", dana)).content.decode()
    assert "second review" in signed_in(sam).get(address("queue", sam)).content.decode()
    desk = take_second(signed_in(sam), sam)
    assert desk.review.kind == Review.Kind.SECOND
    assert desk.review.interaction_id == first.interaction_id
    shown = desk.page
    assert "Second review" in shown
    assert "Mine alone." not in shown
    assert all(moment.decision == "pending" for moment in desk.moments.values())


def test_while_it_is_read_again_what_was_said_is_shown_nowhere(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    read_all_twice(mona)
    first = make_review(dana, confirmed=True)
    desk = take_second(signed_in(sam), sam)
    client, call = desk.client, first.interaction_id
    answer = client.get(address("review", sam, pk=first.pk))
    assert answer["Location"] == address("review", sam, pk=desk.pk)
    page = client.get(address("interaction", sam, pk=call)).content.decode()
    assert "Set aside for a blind review" in page
    assert "data-outcome" not in page
    assert address("review", sam, pk=desk.pk) in page
    listed = client.get(address("interactions", sam)).content.decode()
    assert "You're reviewing it" in listed
    assert "data-outcome" not in listed.partition("<tbody")[2].partition("</tbody>")[0]
    assert str(call) not in client.get(address("moments", sam)).content.decode()
    desk.send("accept-all")
    desk.answer_all()
    desk.send("confirm")
    assert client.get(address("review", sam, pk=first.pk)).status_code == 200
    assert str(call) in client.get(address("moments", sam)).content.decode()


def test_it_counts_for_nobodys_score(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, alex: Membership
) -> None:
    read_all_twice(mona)
    first = make_review(dana, confirmed=True)
    desk = take_second(signed_in(sam), sam)
    desk.send("change", cue_turn=1, emotion="anger", choice="empathy_2", reason="other_words")
    desk.send("accept", cue_turn=3)
    desk.answer_all("no")
    assert desk.send("confirm").status_code == 302
    by = System(dana.organization_id)
    with tenant(dana.organization_id):
        assert [review.pk for review in Review.objects.visible_to(by).counted()] == [first.pk]
        assert sum(day.reviewed for day in DailyInteractions.objects.visible_to(by)) == 1
        assert Notice.objects.visible_to(alex).count() == 1
    agents = signed_in(alex).get(address("feedback-review", alex, pk=desk.pk))
    assert agents.status_code == 404


def test_nobody_reads_their_own_again(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    read_all_twice(mona)
    make_review(dana, confirmed=True)
    answer = signed_in(dana).post(address("queue-second", dana))
    assert answer["Location"] == address("queue", dana)


def test_without_a_share_nothing_is_read_twice(
    signed_in: SignIn, dana: Membership, sam: Membership
) -> None:
    make_review(dana, confirmed=True)
    with tenant(dana.organization_id):
        assert not available_for_second(sam).exists()


def test_reviewers_see_how_far_they_agree(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    read_all_twice(mona)
    for number in range(6):
        call = make_interaction(dana.organization, external_id=f"c-{number}")
        make_review(dana, call, confirmed=True)
        desk = take_second(signed_in(sam), sam)
        desk.send("accept-all")
        desk.answer_all()
        desk.send("confirm")
    with tenant(dana.organization_id):
        both = reviewers(mona)
        assert [(reviewer.name, reviewer.readings) for reviewer in both] == [
            ("Dana", 6),
            ("Sam", 6),
        ]
        assert both[0].outcome.n == 12
        assert both[0].cue.kappa.value == 1.0
        assert [reviewer.name for reviewer in page(sam).reviewers] == ["Sam"]
    shown = signed_in(mona).get(address("agreement", mona)).content.decode()
    assert "Reviewers and their colleagues" in shown
    own = signed_in(dana).get(address("agreement", dana)).content.decode()
    assert "You and your colleagues" in own
    assert ">Sam<" not in own.partition("You and your colleagues")[2]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_the_same(
    larkfield: Organization, dana: Membership, mona: Membership
) -> None:
    read_all_twice(mona)
    colleagues = [make_member(larkfield, f"Reader{n}", Role.SPECIALIST) for n in range(6)]
    for number in range(4):
        call = make_interaction(larkfield, external_id=f"c-{number}")
        make_review(dana, call, confirmed=True)
    barrier, got = threading.Barrier(len(colleagues)), []

    def take(by: Membership) -> None:
        try:
            barrier.wait(timeout=20)
            with tenant(larkfield.id):
                review = second.take(by=by)
                got.append(review.interaction_id if review else None)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(by,)) for by in colleagues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    taken = [pk for pk in got if pk is not None]
    assert len(taken) == len(set(taken)) == 4
    assert got.count(None) == 2
