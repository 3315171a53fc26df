"""What a manager may not decide, and what is no decision."""

from uuid import UUID

import pytest
from django.db import transaction

from qa import pipeline
from qa.coaching.models import CoachingNote
from qa.disputes.models import Dispute
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.models import Review, ReviewMoment
from qa.sampling import exclusions
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import ANGER, SignIn, decide, reviewed_with_note, send, the_dispute
from tests.reviews.steps import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    return reviewed_with_note(dana)


@pytest.fixture
def dispute(signed_in: SignIn, alex: Membership, dana: Membership, review: Review) -> Dispute:
    """Alex's, on the angry moment."""
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    return the_dispute(dana)


@pytest.mark.parametrize("said", ["", "nonsense", "Uphold"])
def test_what_is_neither_upheld_nor_declined_decides_nothing(
    signed_in: SignIn, mona: Membership, dispute: Dispute, said: str
) -> None:
    answer = decide(signed_in(mona), mona, dispute, decision=said, reason="Because.")
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Choose whether to uphold or decline." in shown
    assert "Because." in shown
    assert the_dispute(mona).status == Dispute.Status.OPEN


def nothing_was_corrected(by: Membership, review: Review) -> None:
    assert the_dispute(by).status == Dispute.Status.OPEN
    with tenant(by.organization_id):
        assert list(Review.objects.visible_to(by).counted()) == [review]
        notices = Notice.objects.visible_to(System(by.organization_id))
        assert not notices.filter(kind=Notice.Kind.DISPUTE_DECIDED).exists()


def test_the_moment_that_the_review_has_already_is_no_correction(
    signed_in: SignIn, mona: Membership, review: Review, dispute: Dispute
) -> None:
    with tenant(mona.organization_id):
        moment = ReviewMoment.objects.visible_to(mona).get(review=review, cue_turn=ANGER)
    held = {"choice": moment.outcome, "emotion": moment.emotion}
    answer = decide(signed_in(mona), mona, dispute, decision="uphold", reason="Right.", **held)
    assert answer.status_code == 422
    assert "already says exactly this" in answer.content.decode()
    nothing_was_corrected(mona, review)


def test_the_answer_that_the_review_has_already_is_no_correction(
    signed_in: SignIn, mona: Membership, alex: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, "answer:let_finish")
    dispute = the_dispute(mona)
    answer = decide(
        signed_in(mona), mona, dispute, decision="uphold", reason="Right.", answer="yes"
    )
    assert answer.status_code == 422
    assert "already says exactly this" in answer.content.decode()
    nothing_was_corrected(mona, review)


def test_a_part_can_be_named_in_one_way_only(
    signed_in: SignIn, alex: Membership, review: Review, dispute: Dispute
) -> None:
    with tenant(alex.organization_id):
        note = CoachingNote.objects.visible_to(alex).get(review=review).pk
    odd = [f"moment:0{ANGER}", "moment:\u0661", f"note:{str(note).upper()}", f"note:{note.hex}"]
    for target in odd:
        assert send(signed_in(alex), alex, review, target).status_code in {404, 422}, target
    with tenant(alex.organization_id):
        assert Dispute.objects.visible_to(alex).count() == 1


def test_a_note_that_is_gone_is_not_taken_out_again(
    signed_in: SignIn, alex: Membership, mona: Membership, review: Review
) -> None:
    with tenant(alex.organization_id):
        note = CoachingNote.objects.visible_to(alex).get(review=review).pk
    send(signed_in(alex), alex, review, f"note:{note}")
    dispute = the_dispute(mona)
    pipeline_gone(review, note, mona)
    answer = decide(signed_in(mona), mona, dispute, decision="uphold", reason="Unfair.")
    assert answer.status_code == 422
    assert "This note has already been removed" in answer.content.decode()
    assert the_dispute(mona).status == Dispute.Status.OPEN


def pipeline_gone(review: Review, note: UUID, mona: Membership) -> None:
    """As another decision would have taken it out meanwhile."""
    with tenant(mona.organization_id), transaction.atomic():
        pipeline.correct(review, None, by=mona, without_note=str(note))


def test_nobody_decides_on_an_agent_from_whom_they_are_excluded(
    signed_in: SignIn, mona: Membership, dispute: Dispute, alex: Membership
) -> None:
    with tenant(mona.organization_id):
        exclusions.exclude(by=mona, member=mona, agent=alex.agent)
    answer = decide(signed_in(mona), mona, dispute, decision="decline", reason="No.")
    assert answer.status_code == 422
    assert "You’re excluded from this agent or team" in answer.content.decode()


def test_no_manager_decides_on_a_conversation_of_their_own(
    signed_in: SignIn, alex: Membership, mona: Membership, dispute: Dispute
) -> None:
    with tenant(mona.organization_id):
        Membership.objects.visible_to(alex).filter(pk=alex.pk).update(agent=None)
        Membership.objects.visible_to(mona).filter(pk=mona.pk).update(agent=alex.agent)
    page = signed_in(mona).get(address("dispute", mona, pk=dispute.pk)).content.decode()
    assert "Uphold and correct" not in page
    answer = decide(signed_in(mona), mona, dispute, decision="decline", reason="No.")
    assert answer.status_code == 422
    assert "one of your own conversations" in answer.content.decode()
