"""What a review refuses, and what the second of two writers is told."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from qa.organizations.models import Membership
from qa.reviews import queue
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address, take
from tests.world import confirm_review, make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership) -> Desk:
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def test_submitting_with_open_moments_or_questions_is_refused_in_words(desk: Desk) -> None:
    answer = desk.send("confirm")
    assert answer.status_code == 422
    assert "2 moments still need a decision." in answer.content.decode()
    desk.send("accept-all")
    answer = desk.send("confirm")
    assert answer.status_code == 422
    assert "7 questions still need an answer." in answer.content.decode()
    assert desk.review.status == Review.Status.OPEN


def test_a_refused_submission_keeps_the_summary(desk: Desk) -> None:
    desk.send("confirm", summary="Written just before.")
    assert desk.review.summary == "Written just before."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"choice": "missed", "emotion": "anger"}, "Say why you disagree with the pre-score."),
        (
            {"choice": "missed", "emotion": "boredom", "reason": "tone"},
            "The scoring guide has no such feeling.",
        ),
        ({"choice": "wow", "emotion": "anger"}, "The scoring guide has no such outcome."),
        ({"emotion": "anger", "reason": "tone"}, "Choose an outcome."),
    ],
)
def test_a_change_without_a_reason_or_with_unknown_values_is_refused(
    desk: Desk, data: dict[str, str], words: str
) -> None:
    answer = desk.send("change", cue_turn=ANGER, **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert desk.moments[ANGER].decision == Decision.PENDING


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"turn": 2, "start": 0, "end": 5000}, "are outside the turn"),
        ({"turn": 2, "start": 9, "end": 3}, "are outside the turn"),
        ({"turn": 2, "start": 9}, "needs the start and the end"),
        ({"turn": 2, "start": 0, "end": 4, "quote": "Words"}, "Please select them again"),
        ({"turn": 99}, "no such turn"),
        ({"turn": 2, "kind": "insult"}, "no such type of note"),
        ({"turn": 2, "text": "  "}, "Write the note first."),
    ],
)
def test_a_note_outside_the_turn_or_without_words_is_refused(
    desk: Desk, data: dict[str, object], words: str
) -> None:
    answer = desk.send("note", **{"kind": "praise", "text": "Good.", **data})
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("turn", "status", "words"),
    [
        (0, 422, "start at one of the customer’s turns"),
        (77, 422, "start at one of the customer’s turns"),
        (ANGER, 409, "There is already a moment at this turn."),
    ],
)
def test_a_moment_is_added_only_where_a_customer_speaks_and_none_is_yet(
    desk: Desk, turn: int, status: int, words: str
) -> None:
    answer = desk.send("add", cue_turn=turn, emotion="anger", choice="missed")
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_an_unknown_answer_is_refused(desk: Desk) -> None:
    assert desk.send("answer", **{"q-let_finish": "maybe"}).status_code == 422
    assert desk.review.answers == {}


@pytest.mark.parametrize("htmx", [False, True])
def test_a_second_tab_is_told_and_shown_the_state_as_it_is(desk: Desk, htmx: bool) -> None:
    before = desk.review.revision
    desk.send("accept", cue_turn=ANGER)
    answer = desk.send("reject", htmx=htmx, cue_turn=ANGER, revision=before)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed in another tab" in page
    assert 'id="revision" value="1"' in page
    assert "decision--confirmed" in page
    assert desk.moments[ANGER].decision == Decision.ACCEPTED


@pytest.mark.parametrize("htmx", [False, True])
def test_who_lost_the_review_to_another_is_told(
    desk: Desk, sam: Membership, client: Client, htmx: bool
) -> None:
    desk.expire()
    with tenant(sam.organization_id):
        queue.claim(desk.review.interaction_id, by=sam)
    url = address("review-accept", desk.member, pk=desk.pk)
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.post(url, {"cue_turn": ANGER, "revision": 0}, headers=headers)
    assert answer.status_code == 409
    assert "someone else took the conversation" in answer.content.decode()
    assert client.get(address("review", desk.member, pk=desk.pk)).status_code == 409


def test_submitting_after_the_lease_ran_out_asks_to_look_again_and_loses_nothing(
    desk: Desk,
) -> None:
    desk.send("accept-all")
    desk.answer_all()
    desk.expire()
    late = desk.send("confirm", summary="A good call.")
    assert late.status_code == 409
    assert "ran out" in late.content.decode()
    assert desk.review.status == Review.Status.OPEN
    assert {moment.decision for moment in desk.moments.values()} == {Decision.ACCEPTED}
    assert desk.send("confirm", summary="A good call.").status_code == 302
    assert desk.review.summary == "A good call."


def test_another_specialists_draft_is_neither_shown_nor_changed(
    desk: Desk, signed_in: SignIn, sam: Membership
) -> None:
    other = Desk(signed_in(sam), sam, desk.pk)
    shown = other.client.get(address("review", sam, pk=desk.pk))
    assert shown.status_code == 409
    assert "Dana has been reviewing this conversation" in shown.content.decode()
    for action in ("accept-all", "summary", "release", "confirm"):
        answer = other.send(action)
        assert answer.status_code == 409, action
        assert "Someone else is reviewing this conversation" in answer.content.decode()
    assert {moment.decision for moment in desk.moments.values()} == {Decision.PENDING}


def test_taking_what_another_has_is_refused(desk: Desk, signed_in: SignIn, sam: Membership) -> None:
    answer = signed_in(sam).post(
        address("queue-take", sam), {"interaction": str(desk.review.interaction_id)}
    )
    assert answer.status_code == 409
    assert "Someone else is reviewing this conversation." in answer.content.decode()


def test_a_confirmed_review_never_changes(desk: Desk) -> None:
    with tenant(desk.member.organization_id):
        confirm_review(desk.review, desk.member)
    score = desk.review.score
    for action, data in {
        "accept": {"cue_turn": ANGER},
        "change": {"cue_turn": ANGER, "emotion": "anger", "choice": "missed", "reason": "tone"},
        "reject": {"cue_turn": ANGER},
        "undo": {},
        "add": {"cue_turn": 5, "emotion": "relief", "choice": "missed"},
        "answer": {"q-let_finish": "no"},
        "proposals": {},
        "summary": {"summary": "Other words."},
        "note": {"turn": 2, "kind": "praise", "text": "Late."},
        "release": {},
        "confirm": {},
    }.items():
        answer = desk.send(action, **data)
        assert answer.status_code == 409, action
        assert "already been submitted" in answer.content.decode(), action
    assert (desk.review.score, desk.review.summary) == (score, "")
    assert desk.moments[ANGER].decision == Decision.ACCEPTED


def test_the_database_itself_refuses_to_change_a_confirmed_review(
    dana: Membership,
) -> None:
    review = make_review(dana, confirmed=True)
    with tenant(dana.organization_id):
        rows = Review.objects.visible_to(dana).filter(pk=review.pk)
        moments = ReviewMoment.objects.visible_to(dana).filter(review=review)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(score=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            moments.update(outcome="missed")
        assert rows.get().score == review.score


def test_a_refusal_leads_to_what_is_missing_first(desk: Desk) -> None:
    part = desk.send("confirm", htmx=True).content.decode()
    asks = part.partition('id="asks"')[2].partition("</div>\n  {")[0]
    assert "2 moments still need a decision." in asks
    assert "Go to moment 1" in asks
    assert "message--error" not in part  # nothing moves by it
    desk.send("accept-all")
    part = desk.send("confirm", htmx=True).content.decode()
    assert 'data-goes="question"' in part
    assert "Go to “" in part


def test_a_half_written_note_is_not_ready_and_is_named(desk: Desk) -> None:
    desk.send("accept-all")
    desk.answer_all()
    assert 'id="submit-state" data-ready' in desk.page
    url = address("review-note-keep", desk.member, pk=desk.pk)
    desk.client.post(url, {"turn": 2, "text": "Name it.", "kind": "praise", "was": ""})
    page = desk.page
    assert "data-ready" not in page
    assert "Unsaved note" in page
    part = desk.send("confirm", htmx=True).content.decode()
    assert "You have an unsaved note on turn 3." in part
    assert 'href="#turn-2" data-goes="note"' in part
    assert desk.send("confirm").status_code == 422
