"""What became of a review stays readable: versions, disputes, who decided what and why."""

import threading

import pytest
from django.db import connection

from qa import pipeline
from qa.coaching.models import CoachingNote
from qa.core.errors import Conflict
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization, Role
from qa.reviews.corrections import Correction
from qa.reviews.models import Review, ReviewMoment
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import (
    ANGER,
    WORRY,
    SignIn,
    decide,
    reviewed_with_note,
    send,
    the_dispute,
)
from tests.notices.steps import words_of
from tests.reviews.steps import address
from tests.world import make_interaction, make_member, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    return reviewed_with_note(dana)


def uphold(signed_in: SignIn, mona: Membership, dispute: Dispute, **more: str) -> None:
    answer = decide(
        signed_in(mona), mona, dispute, decision="uphold", reason="The reply names it.", **more
    )
    assert answer.status_code == 302


def test_both_versions_say_who_corrected_when_and_why(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, "answer:own_words")
    uphold(signed_in, mona, the_dispute(dana), answer="no")
    with tenant(dana.organization_id):
        new = Review.objects.visible_to(dana).get(supersedes=review)
    for member, name in ((dana, "review"), (mona, "review"), (alex, "feedback-review")):
        client = signed_in(member)
        old_page = client.get(address(name, member, pk=review.pk)).content.decode()
        assert "by Mona" in old_page
        assert "Reason: “The reply names it.”" in old_page
        assert address(name, member, pk=new.pk) in old_page
        new_page = client.get(address(name, member, pk=new.pk)).content.decode()
        assert "This is the corrected version." in new_page
        assert "Reason: “The reply names it.”" in new_page
        assert address(name, member, pk=review.pk) in new_page


def test_a_colleague_sees_that_it_was_corrected_but_not_the_words(
    signed_in: SignIn, alex: Membership, mona: Membership, sam: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, "answer:own_words")
    uphold(signed_in, mona, the_dispute(mona), answer="no")
    page = signed_in(sam).get(address("review", sam, pk=review.pk)).content.decode()
    assert "Corrected on" in page
    assert "The reply names it." not in page


def test_two_disputes_of_one_review_are_both_upheld(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    first = the_dispute(dana)
    send(signed_in(alex), alex, review, "answer:own_words")
    second = the_dispute(dana)
    uphold(signed_in, mona, first, choice="empathy_2", emotion="anger")
    page = signed_in(mona).get(address("dispute", mona, pk=second.pk)).content.decode()
    assert "This review has since been corrected" in page
    uphold(signed_in, mona, second, answer="no")
    with tenant(dana.organization_id):
        (counts,) = Review.objects.visible_to(dana).counted()
        assert counts.supersedes is not None
        assert counts.supersedes.supersedes == review
        assert counts.answers["own_words"] != review.answers["own_words"]
        moment = ReviewMoment.objects.visible_to(dana).get(review=counts, cue_turn=ANGER)
    assert (moment.outcome, moment.strength) == ("empathy", 2)


def test_a_note_goes_also_where_the_review_was_corrected_meanwhile(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    with tenant(dana.organization_id):
        note = CoachingNote.objects.visible_to(dana).get(review=review)
    send(signed_in(alex), alex, review, f"note:{note.pk}")
    about_note = the_dispute(dana)
    send(signed_in(alex), alex, review, "answer:own_words")
    uphold(signed_in, mona, the_dispute(dana), answer="no")
    uphold(signed_in, mona, about_note)
    with tenant(dana.organization_id):
        (counts,) = Review.objects.visible_to(dana).counted()
        assert not CoachingNote.objects.visible_to(dana).filter(review=counts).exists()


def test_what_waits_in_an_older_version_is_not_disputed_again_in_the_newer(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, f"moment:{WORRY}")
    send(signed_in(alex), alex, review, "answer:own_words")
    uphold(signed_in, mona, the_dispute(dana), answer="no")
    with tenant(dana.organization_id):
        (counts,) = Review.objects.visible_to(dana).counted()
    assert send(signed_in(alex), alex, counts, f"moment:{WORRY}").status_code == 409


def test_the_dispute_page_tells_the_history_of_the_review(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    agent = signed_in(alex)
    agent.post(address("acknowledge", alex, pk=review.pk), {"answer": ""})
    send(agent, alex, review, f"moment:{ANGER}")
    decide(signed_in(mona), mona, the_dispute(dana), decision="decline", reason="Not yet.")
    send(signed_in(alex), alex, review, "answer:own_words")
    dispute = the_dispute(dana)
    uphold(signed_in, mona, dispute, answer="no")
    page = signed_in(mona).get(address("dispute", mona, pk=dispute.pk)).content.decode()
    events = page.partition("Review history")[2]
    steps = ("Submitted", "Read", "Moment disputed", "declined", "Not yet.", "Corrected")
    places = [events.index(step) for step in steps]
    assert places == sorted(places)


def test_the_agents_start_lists_their_disputes(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    home = address("feedback", alex)
    assert "Your disputes" not in signed_in(alex).get(home).content.decode()
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    assert "Pending" in signed_in(alex).get(home).content.decode()
    decide(signed_in(mona), mona, the_dispute(dana), decision="decline", reason="No.")
    assert "Declined: read the decision" in signed_in(alex).get(home).content.decode()


def test_managers_are_told_how_it_ended(
    signed_in: SignIn, alex: Membership, mona: Membership, ada: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    signed_in(alex).post(address("dispute-withdraw", alex, pk=the_dispute(mona).pk))
    for member in (mona, ada):
        (withdrawn,) = words_of(member, "dispute_decided")
        assert withdrawn.startswith("Alex withdrew the dispute about the call of 2 November")
    send(signed_in(alex), alex, review, f"moment:{WORRY}")
    uphold(signed_in, mona, the_dispute(mona), choice="missed", emotion="fear")
    (upheld,) = words_of(ada, "dispute_decided")[1:]
    assert upheld.startswith("Mona upheld the dispute by Alex about the call of 2 November")
    assert len(words_of(mona, "dispute_decided")) == 1, "who decided it knows"


def test_a_leader_who_scored_it_is_not_asked_but_the_others_are(
    signed_in: SignIn, larkfield: Organization, alex: Membership, ada: Membership
) -> None:
    boss = make_member(larkfield, "Boss", Role.MANAGER)
    done = make_review(boss, make_interaction(larkfield), confirmed=True)
    with tenant(larkfield.id):
        team = done.interaction.team
        assert team is not None
        team.manager = boss
        team.save(update_fields=["manager"])
    send(signed_in(alex), alex, done, f"moment:{ANGER}")
    with tenant(larkfield.id):
        rows = Notice.objects.visible_to(System(larkfield.id)).filter(kind="dispute_opened")
        assert sorted(row.member_id for row in rows) == sorted([ada.pk, boss.pk])


@pytest.mark.django_db(transaction=True)
def test_of_two_parts_upheld_at_once_one_is_told_and_can_decide_again(
    larkfield: Organization, alex: Membership, dana: Membership, mona: Membership, ada: Membership
) -> None:
    done = make_review(dana, make_interaction(larkfield), confirmed=True)
    targets = ("answer:own_words", "answer:let_finish")
    with tenant(larkfield.id):
        opened = [
            disputes.open_dispute(done, by=alex, target=target, words="No.") for target in targets
        ]
    barrier, told = threading.Barrier(2), []

    def settle(dispute: Dispute, by: Membership, wait: bool = True) -> None:
        try:
            with tenant(larkfield.id):
                rows = Dispute.objects.visible_to(by).select_related("review__interaction")
                mine = rows.get(pk=dispute.pk)
                change = Correction(question=mine.key, answer="no")
                if wait:
                    barrier.wait(timeout=20)
                pipeline.decide_dispute(mine, by=by, upheld=True, reason="Yes.", change=change)
        except Conflict:
            told.append((dispute, by))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=settle, args=pair) for pair in zip(opened, (mona, ada), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for manager, by in list(told):
        settle(manager, by, wait=False)
    assert len(told) <= 1, "whoever decides again finds the corrected version"
    with tenant(larkfield.id):
        (counts,) = Review.objects.visible_to(dana).counted()
        answers = {key: counts.answers[key] for key in ("own_words", "let_finish")}
        before = {key: done.answers[key] for key in answers}
        assert all(answers[key] != before[key] for key in answers)
        rows = Dispute.objects.visible_to(System(larkfield.id))
        assert {row.status for row in rows} == {Dispute.Status.UPHELD}
