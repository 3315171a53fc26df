"""`u` takes back the last step, whatever it was, and then the one before."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.audit.models import AuditEvent
from qa.coaching.models import CoachingNote, NoteDraft
from qa.organizations.models import Membership
from qa.reviews.models import Decision, Reason, ReviewStep
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, take
from tests.world import make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership) -> Desk:
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def notes_of(desk: Desk) -> list[tuple[int, int | None, str]]:
    with tenant(desk.member.organization_id):
        rows = CoachingNote.objects.visible_to(desk.member).filter(review=desk.pk)
        return list(rows.values_list("turn", "start", "text"))


def decisions(desk: Desk) -> dict[int, str]:
    return {turn: moment.decision for turn, moment in desk.moments.items()}


def test_steps_are_undone_one_by_one_down_to_the_first(desk: Desk) -> None:
    desk.send("accept", cue_turn=ANGER)
    desk.send("change", cue_turn=ANGER, emotion="anger", choice="missed", reason=Reason.TONE)
    desk.send("answer", **{"q-let_finish": "no"})
    desk.send("undo")
    assert desk.review.answers == {}
    desk.send("undo")
    assert decisions(desk)[ANGER] == Decision.ACCEPTED
    assert desk.moments[ANGER].reason == ""
    desk.send("undo")
    assert decisions(desk)[ANGER] == Decision.PENDING
    answer = desk.send("undo")
    assert answer.status_code == 422
    assert "There is nothing to undo." in answer.content.decode()


def test_accepting_all_is_one_step(desk: Desk) -> None:
    desk.send("reject", cue_turn=WORRY)
    desk.send("accept-all")
    assert "Undo moment 1" in desk.page
    desk.send("undo")
    assert decisions(desk) == {ANGER: Decision.PENDING, WORRY: Decision.REJECTED}


def test_what_was_settled_before_comes_back_as_it_was(desk: Desk) -> None:
    desk.send("change", cue_turn=WORRY, emotion="sadness", choice="empathy_1", reason=Reason.TONE)
    before = desk.moments[WORRY]
    desk.send("reject", cue_turn=WORRY)
    desk.send("undo")
    after = desk.moments[WORRY]
    for name in ("decision", "emotion", "outcome", "strength", "reason", "decided_at", "moment_id"):
        assert getattr(after, name) == getattr(before, name), name


def test_a_moment_added_by_hand_and_taken_away_comes_back(desk: Desk) -> None:
    desk.send("add", cue_turn=5, emotion="relief", choice="missed")
    desk.send("reject", cue_turn=5)
    assert 5 not in desk.moments
    assert "Undo removal" in desk.page
    desk.send("undo")
    assert desk.moments[5].emotion == "relief"
    desk.send("undo")
    assert 5 not in desk.moments


def test_answers_that_were_proposed_and_confirmed_at_once_are_undone_at_once(desk: Desk) -> None:
    desk.send("answer", **{"q-let_finish": "yes"})
    before = desk.review.answers
    desk.send("proposals")
    assert desk.review.answers != before
    desk.send("undo")
    assert desk.review.answers == before


def test_a_note_that_was_saved_is_half_written_again_and_one_removed_is_back(desk: Desk) -> None:
    desk.send("note", turn=2, start=0, end=9, kind="praise", text="Good start.")
    desk.send("undo")
    assert notes_of(desk) == []
    with tenant(desk.member.organization_id):
        half = NoteDraft.objects.visible_to(desk.member).get()
        assert (half.turn, half.start, half.text) == (2, 0, "Good start.")
    desk.send("note", turn=2, start=0, end=9, kind="praise", text="Good start.")
    with tenant(desk.member.organization_id):
        assert not NoteDraft.objects.visible_to(desk.member).exists()
        pk = CoachingNote.objects.visible_to(desk.member).get().pk
    desk.send("note-remove", note_pk=pk)
    assert notes_of(desk) == []
    desk.send("undo")
    assert notes_of(desk) == [(2, 0, "Good start.")]
    with tenant(desk.member.organization_id):
        events = AuditEvent.objects.visible_to(desk.member).filter(target_id=str(pk))
        told = list(events.order_by("number").values_list("action", flat=True))
    assert told == ["note.written", "note.removed", "note.written"]


def test_an_undo_that_was_overtaken_in_another_tab_is_refused(desk: Desk) -> None:
    desk.send("accept", cue_turn=ANGER)
    seen = desk.review.revision
    desk.send("accept", cue_turn=WORRY)
    answer = desk.send("undo", revision=seen)
    assert answer.status_code == 409
    assert "changed in another tab" in answer.content.decode()
    assert decisions(desk) == {ANGER: Decision.ACCEPTED, WORRY: Decision.ACCEPTED}


def test_nothing_of_the_steps_is_kept_once_the_review_is_submitted(desk: Desk) -> None:
    desk.send("accept-all")
    desk.answer_all()
    desk.send("confirm")
    with tenant(desk.member.organization_id):
        assert not ReviewStep.objects.visible_to(desk.member).exists()


def test_what_was_done_before_the_lock_cannot_be_undone_once_the_pre_score_is_seen(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    make_interaction(dana.organization)
    with tenant(mona.organization_id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    desk = take(signed_in(dana), dana)
    desk.send("add", cue_turn=ANGER, emotion="fear", choice="missed")
    assert "Undo moment 1" in desk.page
    desk.send("commit")
    assert "Undo lock" in desk.page
    desk.send("undo")
    assert desk.send("undo").status_code == 422


def test_the_step_that_u_would_take_back_is_named_after_every_step(desk: Desk) -> None:
    part = desk.send("answer", htmx=True, **{"q-let_finish": "no"}).content.decode()
    assert 'id="undo-place" hx-swap-oob="true"' in part
    assert "Undo answer" in part
