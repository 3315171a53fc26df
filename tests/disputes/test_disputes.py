"""An agent objects, a manager decides, and what is upheld becomes a corrected review."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa import pipeline
from qa.audit.models import AuditEvent
from qa.coaching.models import CoachingNote
from qa.core.errors import Conflict
from qa.dashboards import actions as dashboards
from qa.dashboards.models import DailyMoments
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.disputes.queries import listed
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization, Role
from qa.reviews.corrections import Correction
from qa.reviews.dispute_window import set_dispute_days
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
from tests.reviews.steps import address
from tests.world import make_interaction, make_member, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    return reviewed_with_note(dana)


def moments(by: Membership, review: Review) -> dict[int, tuple[str, str, int]]:
    with tenant(by.organization_id):
        rows = ReviewMoment.objects.visible_to(by).filter(review=review)
        return {row.cue_turn: (row.emotion, row.outcome, row.strength) for row in rows}


def counted(organization: Organization) -> list[tuple[Any, ...]]:
    by = System(organization.id)
    with tenant(organization.id):
        rows = DailyMoments.objects.visible_to(by).exclude(count=0)
        return sorted(rows.values_list("emotion", "outcome", "strength", "count"))


def test_an_upheld_dispute_makes_a_corrected_version_and_tells_everyone(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    page = signed_in(alex).get(address("feedback-review", alex, pk=review.pk)).content.decode()
    assert f"?target=moment:{ANGER}" in page
    assert (
        send(signed_in(alex), alex, review, f"moment:{ANGER}", "I did answer it.").status_code
        == 302
    )
    dispute = the_dispute(dana)
    shown = signed_in(mona).get(address("dispute", mona, pk=dispute.pk)).content.decode()
    assert "I did answer it." in shown
    assert "third time" in shown
    answer = decide(
        signed_in(mona),
        mona,
        dispute,
        decision="uphold",
        reason="The reply names it.",
        choice="empathy_2",
        emotion="frustration",
    )
    assert answer.status_code == 302
    dispute = the_dispute(dana)
    with tenant(dana.organization_id):
        new = Review.objects.visible_to(dana).get(supersedes=review)
        assert dispute.corrected_id == new.pk
        assert list(Review.objects.visible_to(dana).counted()) == [new]
        notes = CoachingNote.objects.visible_to(dana).filter(review=new)
        assert [note.text for note in notes] == ["Name it."]
        event = AuditEvent.objects.visible_to(dana).get(action="score.changed")
        assert event.data["before"] == review.score
        assert event.data["after"] == new.score
        told = Notice.objects.visible_to(System(dana.organization_id))
        kinds = {(row.member_id, row.kind) for row in told}
    assert moments(dana, new)[ANGER] == ("frustration", "empathy", 2)
    assert moments(dana, review)[ANGER] != moments(dana, new)[ANGER]
    assert new.score > review.score  # type: ignore[operator]
    assert review.answers["most_met"]["value"] == "no"  # what followed the moments follows them
    assert new.answers["most_met"] == {"value": "yes", "proposed": "yes"}
    assert (mona.pk, "dispute_opened") in kinds
    assert (dana.pk, "dispute_decided") in kinds
    assert (alex.pk, "dispute_decided") in kinds
    assert (alex.pk, "score_changed") in kinds
    old_page = signed_in(dana).get(address("review", dana, pk=review.pk)).content.decode()
    assert str(new.pk) in old_page
    new_page = signed_in(alex).get(address("feedback-review", alex, pk=new.pk)).content.decode()
    assert "This is the corrected version" in new_page


def test_an_answer_is_corrected(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, "answer:own_words")
    dispute = the_dispute(dana)
    missing = decide(signed_in(mona), mona, dispute, decision="uphold", reason="Right.")
    assert missing.status_code == 422
    assert "Choose the correct answer" in missing.content.decode()
    decide(signed_in(mona), mona, dispute, decision="uphold", reason="Right.", answer="no")
    with tenant(dana.organization_id):
        new = Review.objects.visible_to(dana).get(supersedes=review)
    assert new.answers == {**review.answers, "own_words": {"value": "no"}}


def test_a_note_that_is_disputed_rightly_goes(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    with tenant(dana.organization_id):
        note = CoachingNote.objects.visible_to(dana).get(review=review)
    send(signed_in(alex), alex, review, f"note:{note.pk}")
    decide(signed_in(mona), mona, the_dispute(dana), decision="uphold", reason="Unfair.")
    with tenant(dana.organization_id):
        new = Review.objects.visible_to(dana).get(supersedes=review)
        assert not CoachingNote.objects.visible_to(dana).filter(review=new).exists()
        assert CoachingNote.objects.visible_to(dana).filter(review=review).exists()


def test_no_feeling_takes_the_moment_out(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, f"moment:{WORRY}")
    dispute = the_dispute(dana)
    decide(signed_in(mona), mona, dispute, decision="uphold", reason="Flat.", choice="no_feeling")
    with tenant(dana.organization_id):
        new = Review.objects.visible_to(dana).get(supersedes=review)
        rejected = ReviewMoment.objects.visible_to(dana).get(review=new, cue_turn=WORRY)
    assert rejected.decision == "rejected"


def test_a_declined_dispute_changes_no_score(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    dispute = the_dispute(dana)
    assert decide(signed_in(mona), mona, dispute, decision="decline", reason="").status_code == 422
    decide(signed_in(mona), mona, dispute, decision="decline", reason="An apology is not empathy.")
    assert the_dispute(dana).status == Dispute.Status.DECLINED
    with tenant(dana.organization_id):
        assert list(Review.objects.visible_to(dana).counted()) == [review]
    shown = signed_in(alex).get(address("dispute", alex, pk=dispute.pk)).content.decode()
    assert "An apology is not empathy." in shown


def test_the_dashboards_move_by_the_correction_and_a_rebuild_agrees(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    larkfield = dana.organization
    before = counted(larkfield)
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    decide(
        signed_in(mona),
        mona,
        the_dispute(dana),
        decision="uphold",
        reason="Yes.",
        choice="empathy_2",
        emotion="sadness",
    )
    after = counted(larkfield)
    assert ("sadness", "empathy", 2, 1) in after
    assert sum(row[-1] for row in after) == sum(row[-1] for row in before)
    with tenant(larkfield.id):
        dashboards.rebuild(by=System(larkfield.id))
    assert counted(larkfield) == after


def test_after_the_window_the_page_and_the_action_refuse(
    signed_in: SignIn, alex: Membership, mona: Membership, review: Review
) -> None:
    with tenant(mona.organization_id):
        set_dispute_days(0, by=mona)
    agent = signed_in(alex)
    page = agent.get(address("feedback-review", alex, pk=review.pk)).content.decode()
    assert "?target=" not in page
    answer = send(agent, alex, review, f"moment:{ANGER}", "But I did.")
    assert answer.status_code == 422
    assert "The time to dispute this review ended" in answer.content.decode()
    assert "But I did." in answer.content.decode()


@pytest.mark.parametrize("target", ["moment:99", "moment:x", "answer:none", "note:1", "score:"])
def test_what_the_review_does_not_hold_cannot_be_disputed(
    signed_in: SignIn, alex: Membership, review: Review, target: str
) -> None:
    assert send(signed_in(alex), alex, review, target).status_code == 404


def test_words_are_needed(signed_in: SignIn, alex: Membership, review: Review) -> None:
    assert send(signed_in(alex), alex, review, f"moment:{ANGER}", "").status_code == 422


def test_the_same_part_is_disputed_once_at_a_time(
    signed_in: SignIn, alex: Membership, dana: Membership, review: Review
) -> None:
    agent = signed_in(alex)
    send(agent, alex, review, f"moment:{ANGER}")
    again = send(agent, alex, review, f"moment:{ANGER}")
    assert again.status_code == 409
    assert agent.post(address("dispute-withdraw", alex, pk=the_dispute(dana).pk)).status_code == 302
    assert send(agent, alex, review, f"moment:{ANGER}").status_code == 302


def test_a_corrected_review_is_disputed_in_its_new_version_only(
    signed_in: SignIn, alex: Membership, mona: Membership, review: Review
) -> None:
    with tenant(mona.organization_id):
        change = Correction(question="own_words", answer="no")
        new = pipeline.correct(review, change, by=mona)
    agent = signed_in(alex)
    assert send(agent, alex, review, f"moment:{ANGER}").status_code == 422
    assert send(agent, alex, new, f"moment:{ANGER}").status_code == 302
    with tenant(mona.organization_id), pytest.raises(Conflict):
        pipeline.correct(review, change, by=mona)


def test_the_specialist_who_scored_it_does_not_decide(
    signed_in: SignIn, larkfield: Organization, alex: Membership
) -> None:
    boss = make_member(larkfield, "Boss", Role.MANAGER)
    done = make_review(boss, make_interaction(larkfield), confirmed=True)
    send(signed_in(alex), alex, done, f"moment:{ANGER}")
    dispute = the_dispute(boss)
    answer = decide(signed_in(boss), boss, dispute, decision="decline", reason="No.")
    assert answer.status_code == 422
    assert "another manager decides" in answer.content.decode()


def test_who_sees_and_who_decides(
    signed_in: SignIn, alex: Membership, sam: Membership, mallory: Membership, review: Review
) -> None:
    with tenant(alex.organization_id):
        rows = Membership.objects.visible_to(alex).select_related("user", "organization")
        dana = rows.get(pk=review.specialist_id)
    mona = make_member(alex.organization, "Mo", Role.MANAGER)
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    dispute = the_dispute(dana)
    for member, expected in ((alex, 200), (dana, 200), (mona, 200), (sam, 404), (mallory, 404)):
        url = address("dispute", alex, pk=dispute.pk)
        assert signed_in(member).get(url).status_code == expected, member.user.name
    for member, expected in ((alex, 403), (dana, 403), (mallory, 404)):
        url = address("dispute-decide", alex, pk=dispute.pk)
        assert signed_in(member).post(url).status_code == expected, member.user.name


def test_what_was_decided_never_changes(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    dispute = the_dispute(dana)
    decide(signed_in(mona), mona, dispute, decision="decline", reason="No.")
    again = decide(signed_in(mona), mona, dispute, decision="decline", reason="Still no.")
    assert again.status_code == 409
    with tenant(dana.organization_id), pytest.raises(DatabaseError), transaction.atomic():
        Dispute.objects.visible_to(mona).filter(pk=dispute.pk).update(decision="Other words.")


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_one_decides(
    larkfield: Organization, alex: Membership, dana: Membership, mona: Membership, ada: Membership
) -> None:
    done = make_review(dana, make_interaction(larkfield), confirmed=True)
    with tenant(larkfield.id):
        dispute = disputes.open_dispute(done, by=alex, target=f"moment:{ANGER}", words="No.")
    change = Correction(
        cue_turn=ANGER, moment={"emotion": "fear", "outcome": "missed", "strength": 0}
    )
    barrier, told = threading.Barrier(2), []

    def settle(by: Membership) -> None:
        try:
            with tenant(larkfield.id):
                mine = Dispute.objects.visible_to(by).select_related("review").get(pk=dispute.pk)
                barrier.wait(timeout=20)
                pipeline.decide_dispute(mine, by=by, upheld=True, reason="Yes.", change=change)
        except Conflict:
            told.append(by)
        finally:
            connection.close()

    threads = [threading.Thread(target=settle, args=(by,)) for by in (mona, ada)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(told) == 1
    with tenant(larkfield.id):
        assert Review.objects.visible_to(dana).filter(supersedes=done).count() == 1


def test_the_list_costs_the_same_for_many(
    larkfield: Organization, alex: Membership, dana: Membership, mona: Membership
) -> None:
    counts = []
    for more in (2, 10):
        for number in range(more):
            call = make_interaction(larkfield, external_id=f"{more}-{number}")
            done = make_review(dana, call, confirmed=True)
            with tenant(larkfield.id):
                disputes.open_dispute(done, by=alex, target=f"moment:{ANGER}", words="No.")
        with tenant(larkfield.id), CaptureQueriesContext(connection) as queries:
            for row in listed(mona, QueryDict(""), state="open").rows:
                assert row.opened_by.user.name
                assert row.review.specialist.user.name
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_dispute_goes_to_the_manager_of_the_team(
    signed_in: SignIn, alex: Membership, dana: Membership, ada: Membership, review: Review
) -> None:
    with tenant(dana.organization_id):
        team = review.interaction.team
        assert team is not None
        team.manager = ada
        team.save(update_fields=["manager"])
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    with tenant(dana.organization_id):
        told = Notice.objects.visible_to(System(dana.organization_id)).filter(kind="dispute_opened")
        assert {notice.member_id for notice in told} == {ada.pk, dana.pk}


def test_the_window_counts_from_the_submission(alex: Membership, review: Review) -> None:
    with tenant(alex.organization_id):
        assert disputes.until(review, by=alex) == review.confirmed_at + timedelta(days=14)  # type: ignore[operator]
        assert review.confirmed_at <= timezone.now()  # type: ignore[operator]
