"""The specialist's path through HTTP: take, decide, note, answer, submit, next."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.audit.models import AuditEvent
from qa.coaching.models import CoachingNote
from qa.organizations.models import Membership
from qa.reviews.models import Decision, Reason, Review
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address, take
from tests.world import make_interaction
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3  # the turns at which the customer of tests/world.py shows a feeling


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership) -> Desk:
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def settle_worry(desk: Desk) -> None:
    """Specific empathy, whatever the pre-score says."""
    reason = Reason.OTHER_WORDS
    desk.send("change", cue_turn=WORRY, emotion="fear", choice="empathy_2", reason=reason)


def test_the_whole_path_from_the_queue_to_the_next(signed_in: SignIn, dana: Membership) -> None:
    first = make_interaction(dana.organization, external_id="first", source="test")
    second = make_interaction(dana.organization, external_id="second", source="test")
    desk = take(signed_in(dana), dana)
    assert desk.review.interaction_id == first.pk
    settle_worry(desk)
    desk.send(
        "change",
        cue_turn=ANGER,
        emotion="anger",
        choice="missed",
        reason=Reason.WORDS_ONLY,
    )
    desk.send("note", turn=2, start=0, end=20, kind="suggestion", text="Say what it was like.")
    desk.answer_all()
    answer = desk.send("confirm", summary="Nearly there.", next="1")
    following = Desk(desk.client, dana, answer["Location"].rstrip("/").rpartition("/")[2])
    review = desk.review
    assert following.review.interaction_id == second.pk
    assert (review.status, review.summary) == (Review.Status.CONFIRMED, "Nearly there.")
    assert review.empathy_score == 50.0  # missed 0, specific empathy 100
    # Two of the four proposed answers are No: half of the feelings met, and a bare apology.
    assert review.score == pytest.approx((50 * 60 + 50 * 20 + 100 * 20) / 100)
    assert review.interaction.status == Interaction.Status.REVIEWED


def test_accepting_keeps_the_machines_answer(desk: Desk) -> None:
    answer = desk.send("accept", cue_turn=WORRY)
    moment = desk.moments[WORRY]
    assert moment.moment
    assert answer["Location"].endswith(f"?moment={ANGER}#turn-{ANGER}")
    assert moment.decision == Decision.ACCEPTED
    assert (moment.outcome, moment.strength) == (moment.moment.outcome, moment.moment.strength)


def test_a_change_keeps_both_answers_and_the_reason(desk: Desk) -> None:
    desk.send(
        "change", cue_turn=ANGER, emotion="anger", choice="empathy_1", reason=Reason.OTHER_WORDS
    )
    moment = desk.moments[ANGER]
    assert moment.moment
    assert (moment.decision, moment.reason) == (Decision.CHANGED, Reason.OTHER_WORDS)
    assert (moment.outcome, moment.strength, moment.moment.outcome) == (
        "empathy",
        1,
        "sympathy_only",
    )
    assert "Empathy · generic" in desk.page


def test_choosing_what_the_machine_says_is_accepting_it(desk: Desk) -> None:
    machine = desk.moments[ANGER].moment
    assert machine
    desk.send("change", cue_turn=ANGER, emotion=machine.emotion, choice="sympathy_only")
    assert desk.moments[ANGER].decision == Decision.ACCEPTED


def test_another_feeling_alone_says_by_itself_why(desk: Desk) -> None:
    desk.send("change", cue_turn=ANGER, emotion="sadness", choice="sympathy_only")
    moment = desk.moments[ANGER]
    assert (moment.emotion, moment.reason) == ("sadness", Reason.OTHER_FEELING)


def test_what_shows_no_feeling_does_not_count(desk: Desk) -> None:
    desk.send("reject", cue_turn=ANGER)
    settle_worry(desk)
    desk.answer_all("na")
    desk.send("confirm")
    assert desk.moments[ANGER].decision == Decision.REJECTED
    assert desk.review.empathy_score == 100.0


def test_undo_takes_a_decision_back(desk: Desk) -> None:
    desk.send("reject", cue_turn=ANGER)
    desk.send("undo")
    moment = desk.moments[ANGER]
    assert (moment.decision, moment.outcome, moment.reason) == (Decision.PENDING, "", "")


def test_all_that_is_left_is_accepted_at_once_and_what_was_decided_stays(desk: Desk) -> None:
    desk.send("reject", cue_turn=ANGER)
    desk.send("accept-all")
    assert desk.moments[ANGER].decision == Decision.REJECTED
    assert desk.moments[WORRY].decision == Decision.ACCEPTED


def test_a_moment_can_be_added_at_a_customers_turn_and_undone(desk: Desk) -> None:
    desk.send("add", cue_turn=5, emotion="relief", choice="missed")
    added = desk.moments[5]
    assert (added.decision, added.moment, added.emotion) == (Decision.ADDED, None, "relief")
    desk.send("undo")
    assert 5 not in desk.moments


def test_a_note_is_pinned_to_its_words_and_can_be_taken_back(desk: Desk) -> None:
    words = {"start": 0, "end": 9, "quote": "I'm sorry"}
    desk.send("note", turn=2, kind="praise", text="Good start.", **words)
    page = desk.page
    assert "Good start." in page
    assert '<p class="note__quote">I&#x27;m sorry</p>' in page
    with tenant(desk.member.organization_id):
        note = CoachingNote.objects.visible_to(desk.member).get()
    desk.send("note-remove", note_pk=note.pk)
    with tenant(desk.member.organization_id):
        assert not CoachingNote.objects.visible_to(desk.member).exists()


def test_answers_and_summary_are_kept_one_by_one(desk: Desk) -> None:
    desk.send("answer", **{"q-let_finish": "no"})
    desk.send("answer", **{"q-own_words": "na"})
    desk.send("summary", summary="Two things.")
    review = desk.review
    assert review.answers == {"let_finish": {"value": "no"}, "own_words": {"value": "na"}}
    assert review.summary == "Two things."


def test_put_back_frees_the_interaction_for_others(
    desk: Desk, signed_in: SignIn, sam: Membership
) -> None:
    interaction = desk.review.interaction_id
    desk.send("release")
    assert take(signed_in(sam), sam).review.interaction_id == interaction


def test_a_confirmed_review_can_be_read_by_colleagues_and_says_what_was_changed(
    desk: Desk, signed_in: SignIn, mona: Membership
) -> None:
    desk.send("reject", cue_turn=ANGER)
    desk.send("accept", cue_turn=WORRY)
    desk.answer_all()
    desk.send("confirm", summary="Read this.")
    answer = signed_in(mona).get(address("review", mona, pk=desk.pk))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Reviewed by Dana" in page
    assert "1 of 2 moments changed from the pre-score" in page
    assert "No feeling in this turn" in page
    assert "<form" not in page.split('id="content"')[1]


def test_each_change_of_a_review_that_matters_is_one_audit_event(desk: Desk) -> None:
    desk.send("accept-all")
    desk.answer_all()
    desk.send("confirm")
    with tenant(desk.member.organization_id):
        events = AuditEvent.objects.visible_to(desk.member).filter(target_id=str(desk.pk))
        assert list(events.order_by("number").values_list("action", flat=True)) == [
            "review.opened",
            "review.confirmed",
        ]


def test_a_step_by_htmx_brings_the_next_moment_and_only_what_changed(desk: Desk) -> None:
    part = desk.send("accept", htmx=True, cue_turn=ANGER, moment=ANGER).content.decode()
    assert "<!doctype" not in part
    assert f'data-moment="{WORRY}"' in part
    assert f'id="turn-{ANGER}"' in part
    assert f'id="turn-{WORRY}"' not in part
    assert 'id="strip" hx-swap-oob="true"' in part
    assert 'id="revision" value="1"' in part


def test_saving_a_summary_leaves_the_panel_alone(desk: Desk) -> None:
    part = desk.send("summary", htmx=True, summary="Kept.").content.decode()
    assert 'id="moment"' not in part
    assert "Summary saved." in part


def test_hostile_words_are_shown_and_never_run(signed_in: SignIn, dana: Membership) -> None:
    hostile = '<script>alert(1)</script> "><img src=x onerror=alert(2)>'
    turns = [
        {"role": "customer", "speaker": "<b>Eve</b>", "text": f"I am so angry! {hostile}"},
        {"role": "agent", "text": f"I'm sorry {hostile}"},
    ]
    make_interaction(dana.organization, turns=turns)
    desk = take(signed_in(dana), dana)
    desk.send("note", turn=1, start=4, end=30, kind="praise", text=hostile)
    desk.send("summary", summary=f"</textarea>{hostile}")
    page = desk.page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>Eve" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_evidence_after_an_emoji_is_marked_at_its_words(
    signed_in: SignIn, dana: Membership
) -> None:
    turns = [
        {"role": "customer", "text": "😡😡 This is unacceptable, I am furious."},
        {"role": "agent", "text": "👍🏽 I'm sorry about that."},
    ]
    make_interaction(dana.organization, turns=turns)
    desk = take(signed_in(dana), dana)
    desk.send("note", turn=1, start=3, end=12, kind="suggestion", text="Here.")
    assert '<p class="note__quote">I&#x27;m sorry</p>' in desk.page
