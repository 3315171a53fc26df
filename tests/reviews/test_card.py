"""The scorecard on the review page: five kinds of questions, proposals, causes, conditions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from scorecards import publishing
from tests.reviews.steps import Desk, address, take
from tests.world import make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3

EVERY_KIND: dict[str, Any] = {
    "name": "Every kind",
    "moments_weight": 0,
    "sections": [
        {
            "title": "All",
            "weight": 100,
            "questions": [
                {"id": "held", "text": "On hold?", "kind": "yes_no", "weight": 0},
                {
                    "id": "said_why",
                    "text": "Said why?",
                    "kind": "yes_no",
                    "weight": 10,
                    "when": {"question": "held", "answers": ["yes"]},
                },
                {
                    "id": "tone",
                    "text": "Tone",
                    "kind": "scale",
                    "weight": 10,
                    "anchors": ["A", "B"],
                },
                {
                    "id": "end",
                    "text": "End",
                    "kind": "choice",
                    "weight": 10,
                    "options": [{"label": "Well", "points": 100}, {"label": "Ill", "points": 20}],
                    "causes": ["Hurry", "Habit"],
                },
                {
                    "id": "transfers",
                    "text": "Transfers",
                    "kind": "number",
                    "weight": 10,
                    "worst": 4,
                    "best": 0,
                },
                {"id": "words", "text": "In your words", "kind": "text"},
            ],
        }
    ],
}


def put_to_use(by: Membership, body: dict[str, Any]) -> None:
    """Publish a card and make it that of every channel."""
    with tenant(by.organization_id):
        publishing.ensure_starters(by=by)
        made = publishing.create_card(by=by, name=body["name"])
        saved = publishing.save_draft(made, by=by, revision=0, name=body["name"], body=body)
        publishing.publish(saved, by=by, revision=1)
        publishing.use_for(saved, by=by, general=True, channels=[])


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership) -> Desk:
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


@pytest.fixture
def every_kind(signed_in: SignIn, dana: Membership, mona: Membership) -> Desk:
    put_to_use(mona, EVERY_KIND)
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def test_what_the_moments_propose_is_shown_with_evidence_and_is_no_answer_yet(desk: Desk) -> None:
    page = desk.page
    assert "Suggested: <strong>Yes</strong>" in page
    assert "1 of 2 feelings was answered with empathy" not in page  # grammar: two were
    assert "1 of 2 feelings were met with empathy: 50 %" in page
    assert f'href="#turn-{ANGER}"' in page
    assert desk.review.answers == {}
    desk.send("accept-all")
    assert "7 questions still need an answer" in desk.send("confirm").content.decode()


def test_one_act_confirms_every_proposal_and_keeps_what_was_proposed(desk: Desk) -> None:
    desk.send("proposals")
    answers = desk.review.answers
    assert set(answers) == {"most_met", "specific_once", "no_bare_apology", "no_dismissal"}
    assert answers["no_dismissal"] == {"value": "yes", "proposed": "yes"}
    assert answers["most_met"]["value"] == "no"


def test_another_answer_than_proposed_asks_why_and_keeps_both(desk: Desk) -> None:
    desk.send("answer", **{"q-no_dismissal": "no", "c-no_dismissal": "Was provoked"})
    assert "Why do you disagree?" in desk.page
    desk.send("accept-all")
    desk.answer_all()
    assert "1 question still needs an answer" in desk.send("confirm").content.decode()
    desk.send("answer", **{
        "q-no_dismissal": "no", "c-no_dismissal": "Was provoked", "r-no_dismissal": "meaning"
    })  # fmt: skip
    assert desk.send("confirm").status_code == 302
    kept = desk.review.answers["no_dismissal"]
    assert kept == {
        "value": "no", "proposed": "yes", "reason": "meaning", "cause": "Was provoked"
    }  # fmt: skip


def test_a_confirmed_proposal_is_open_again_when_the_moments_say_otherwise(desk: Desk) -> None:
    desk.send("proposals")
    desk.send(
        "change", cue_turn=ANGER, emotion="frustration", choice="dismissed", reason="other_words"
    )
    page = desk.page
    assert "1 of 2 feelings were dismissed" in page
    assert "the whole scorecard is 0" not in page
    assert "its section is 0" in page  # as it stands, the proposal counts
    desk.send("accept", cue_turn=WORRY)
    desk.send("answer", **{f"q-{pk}": "yes" for pk in ("let_finish", "own_words", "what_next")})
    answer = desk.send("confirm")
    assert answer.status_code == 422


def test_a_persons_word_on_a_moment_is_what_counts_for_an_apology(desk: Desk) -> None:
    desk.send("proposals")
    assert desk.review.answers["no_bare_apology"]["value"] == "no"
    desk.send(
        "change", cue_turn=ANGER, emotion="frustration", choice="empathy_1", reason="other_words"
    )
    desk.send("proposals")
    assert desk.review.answers["no_bare_apology"]["value"] == "yes"


def test_where_no_feeling_was_shown_what_follows_from_feelings_does_not_apply(desk: Desk) -> None:
    for turn in (ANGER, WORRY):
        desk.send("reject", cue_turn=turn)
    desk.send("proposals")
    assert desk.review.answers["most_met"]["value"] == "na"


def test_a_low_answer_asks_for_its_cause(every_kind: Desk) -> None:
    every_kind.send("answer", **{"q-end": "2"})
    page = every_kind.page
    assert "What caused it" in page
    assert "Hurry" in page
    every_kind.send("answer", **{"q-end": "2", "c-end": "Habit"})
    assert every_kind.review.answers["end"] == {"value": "2", "cause": "Habit"}
    every_kind.send("answer", **{"q-end": "1", "c-end": "Habit"})
    assert every_kind.review.answers["end"] == {"value": "1"}


def test_a_question_appears_with_the_answer_it_hangs_on(every_kind: Desk) -> None:
    assert "Said why?" not in every_kind.page
    part = every_kind.send("answer", htmx=True, **{"q-held": "yes"}).content.decode()
    assert 'id="place-said_why" hx-swap-oob="true"' in part
    assert "Said why?" in part
    assert "Tone" not in part  # what looks the same is not drawn again
    part = every_kind.send("answer", htmx=True, **{"q-held": "no"}).content.decode()
    assert "Said why?" not in part


def test_all_kinds_of_answers_make_one_score(every_kind: Desk) -> None:
    every_kind.send("accept-all")
    answered = {"held": "yes", "said_why": "no", "tone": "2", "end": "2", "transfers": "1"}
    sent = {f"q-{pk}": value for pk, value in answered.items()}
    every_kind.send("answer", **sent, **{"c-end": "Hurry", "q-words": "All in all fine."})
    every_kind.send("confirm")
    review = every_kind.review
    assert review.status == Review.Status.CONFIRMED
    assert review.score == pytest.approx((0 + 100 + 20 + 75) / 4)
    page = every_kind.page
    for words in ("All in all fine.", "Cause: Hurry", "Ill", "On hold?"):
        assert words in page


def test_answers_to_questions_that_are_no_longer_asked_are_not_kept(every_kind: Desk) -> None:
    every_kind.send("accept-all")
    every_kind.send("answer", **{"q-held": "yes", "q-said_why": "no"})
    every_kind.send("answer", **{"q-held": "no", "q-tone": "1", "q-end": "1", "q-transfers": "na"})
    every_kind.send("confirm")
    assert set(every_kind.review.answers) == {"held", "tone", "end", "transfers"}


def test_what_cannot_be_an_answer_is_told_and_the_others_are_kept(every_kind: Desk) -> None:
    answer = every_kind.send("answer", **{"q-transfers": "many", "q-tone": "1"})
    assert answer.status_code == 422
    assert "These answers aren’t valid: “Transfers”" in answer.content.decode()
    assert every_kind.review.answers == {"tone": {"value": "1"}}


@pytest.mark.parametrize(
    "data",
    [
        {"q-end": "2", "c-end": "Laziness"},
        {"q-end": "1", "r-end": "blind"},
    ],
)
def test_unknown_causes_and_reasons_are_refused(every_kind: Desk, data: dict[str, str]) -> None:
    assert every_kind.send("answer", **data).status_code == 422
    assert every_kind.review.answers == {}


def test_an_answer_can_be_taken_back(every_kind: Desk) -> None:
    every_kind.send("answer", **{"q-transfers": "2,5"})
    assert every_kind.review.answers["transfers"] == {"value": "2,5"}
    every_kind.send("answer", **{"q-transfers": ""})
    assert every_kind.review.answers == {}


def test_nothing_is_proposed_while_the_pre_score_is_hidden(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    with tenant(mona.organization_id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=10)
    make_interaction(dana.organization)
    desk = take(signed_in(dana), dana)
    desk.send("add", cue_turn=ANGER, emotion="frustration", choice="missed")
    assert "Suggested:" not in desk.page
    desk.send("proposals")
    assert desk.review.answers == {}
    desk.send("answer", **{"q-no_dismissal": "no", "c-no_dismissal": "Was provoked"})
    assert "proposed" not in desk.review.answers["no_dismissal"]
    desk.send("commit", sure=1)
    kept = desk.review.answers["no_dismissal"]
    assert (kept["value"], kept["proposed"], kept["reason"]) == ("no", "yes", "blind")
    assert "Suggested:" in desk.page


def test_reviews_from_before_there_were_proposals_can_be_read(
    signed_in: SignIn, dana: Membership
) -> None:
    review = make_review(dana)
    with tenant(dana.organization_id):
        rows = Review.objects.visible_to(dana).filter(pk=review.pk)
        rows.update(answers={"let_finish": "yes"})
    page = signed_in(dana).get(address("review", dana, pk=review.pk)).content.decode()
    assert 'id="q-let_finish-yes" name="q-let_finish" value="yes" data-key="y" checked' in " ".join(
        page.split()
    )


def test_the_agent_reads_the_answers(signed_in: SignIn, dana: Membership, alex: Membership) -> None:
    review = make_review(dana, confirmed=True)
    page = signed_in(alex).get(address("feedback-review", alex, pk=review.pk)).content.decode()
    assert "Spoke in their own words" in page
    assert "Cause: Did not notice the feeling" in page
    assert "Suggested" not in page  # what the machine thought is between it and the specialist
