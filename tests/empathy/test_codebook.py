"""The codebook's own examples and edge rules, one row each."""

from collections.abc import Sequence

import pytest

from scorecards.empathy import PreScore, load_pack, prescore
from scorecards.empathy.gold import Turn

CUES = [
    ("frustration", "This is the third time I've called about it."),
    ("anger", "This is unacceptable, I want a manager NOW."),
    ("disappointment", "I really thought you'd be better than that."),
    ("fear", "I'm scared someone has my card."),
    ("sadness", "My husband passed away, I need to close his account."),
    ("suspicion", "So you just added a fee and hoped I wouldn't see?"),
    ("confusion", "I'm lost, the letter says one thing and the site another."),
    ("happiness", "You made my day!"),
    ("happiness", "We just had a granddaughter!"),
    ("surprise", "Wow, I had no idea it could do that."),
    ("excitement", "We're leaving for Italy on Friday!"),
    ("relief", "Oh thank goodness, I thought I'd lost it all."),
    ("none", "How do I reset my password?"),
    ("none", "Thanks"),
    ("none", "Hi, good morning."),
    ("none", "the app crashes on start"),
    ("frustration", "it crashes AGAIN"),
    ("frustration", "I tried everything and it still crashes."),
    ("none", "My printer shows error 5, please help"),
    ("anger", "You are all idiots."),
    ("anger", "Cancel everything, I'm switching to another provider."),
    ("fear", "Someone hacked my account and changed my password."),
    ("sadness", "I'm so embarrassed, I sent it to the wrong person."),
    ("disappointment", "I feel guilty about it, it was my own fault."),
    ("anger", "There was a hair in it. Disgusting."),
]

RESPONSES = [  # sympathy, empathy, dismissal
    ((1, 0, 0), "I'm sorry to hear that."),
    ((1, 0, 0), "We apologize for the inconvenience."),
    ((1, 0, 0), "This is not the experience we want you to have."),
    ((1, 0, 0), "That's too bad."),
    ((0, 0, 0), "Sorry, could you repeat that?"),
    ((0, 0, 0), "Sorry for the wait."),
    ((0, 0, 0), "Unfortunately, we are closed on Sundays."),
    ((0, 0, 0), "Happy to help."),
    ((0, 0, 0), "Hope this helps!"),
    ((0, 1, 0), "I understand your frustration."),
    ((0, 1, 0), "I understand how you feel."),
    ((0, 1, 0), "I know how important this is."),
    ((0, 2, 0), "I'd be upset too if my card was charged twice."),
    ((0, 0, 0), "I understand."),
    ((0, 0, 0), "I see."),
    ((0, 0, 0), "I understand you want to change your address."),
    ((0, 0, 0), "Great question! Thanks for your patience, have a great day."),
    ((0, 0, 0), "Perfect! Great!"),
    ((0, 0, 1), "Calm down."),
    ((0, 0, 1), "As I already told you, it takes a week."),
    ((0, 0, 1), "You should have read the terms."),
    ((0, 0, 1), "That's not our problem."),
    ((0, 0, 0), "We can't refund that order."),
    ((1, 1, 0), "I'm sorry that happened to you. I can imagine how frustrating that must be."),
    ((1, 0, 0), "Sorry for the frustration this has caused."),
    ((1, 0, 0), "Oh no!"),
    ((1, 0, 0), "Yikes!"),
    ((1, 0, 0), "That's terrible."),
    ((1, 0, 0), "that sucks"),
    ((1, 0, 0), "too bad"),
    ((0, 1, 0), "That sounds awful."),
    ((0, 1, 0), "that must be awful"),
    ((0, 0, 0), "Sorry, but we can't do that."),
    ((0, 0, 0), "Sorry for my late reply."),
    ((0, 1, 0), "We know how important this is to you."),
    ((0, 0, 0), "We understand you want to cancel."),
    ((0, 1, 0), "It's never fun when that happens."),
    ((0, 0, 0), "Congratulations, you qualified for our gold plan!"),
    ((1, 0, 0), "This should not have happened."),
    ((0, 0, 0), "We want your phone to work."),
    ((0, 0, 0), "As mentioned, it takes two days."),
    ((0, 0, 1), "You agreed to that at checkout."),
]

IN_ANSWER = [  # what the customer said, what the agent answers, sympathy and empathy
    ("I've been on hold for an hour!", "Sorry for the wait.", (1, 0)),
    ("Where is my order?", "Sorry for the wait.", (0, 0)),
    ("You made my day!", "So glad to hear that!", (0, 1)),
    ("We just had a granddaughter!", "Congratulations!", (0, 1)),
    ("I got the job!!", "That's awesome news", (0, 1)),
    (
        "I waited three weeks and you sent the wrong size.",
        "I can imagine how frustrating it must be to wait three weeks and get the wrong size.",
        (0, 2),
    ),
    (
        "We just had a granddaughter, our first!",
        "A first grandchild, you must be over the moon!",
        (0, 2),
    ),
]


def scored(*turns: tuple[str, str]) -> PreScore:
    return prescore([Turn(role, text) for role, text in turns], pack=load_pack())


def marks(found: PreScore, turn: int) -> Sequence[int]:
    response = found.turns[turn].response
    assert response is not None
    return response.sympathy.level, response.empathy.level, response.dismissal.level


@pytest.mark.parametrize(("emotion", "text"), CUES)
def test_customers_feelings_are_read_as_the_codebook_says(emotion: str, text: str) -> None:
    cue = scored(("customer", text)).turns[0].cue
    assert (cue.emotion if cue else "none") == emotion


@pytest.mark.parametrize(("levels", "text"), RESPONSES)
def test_replies_are_marked_as_the_codebook_says(levels: tuple[int, ...], text: str) -> None:
    found = scored(("customer", "The delivery is at the wrong address."), ("agent", text))
    assert marks(found, 1) == levels


@pytest.mark.parametrize(("said", "answer", "levels"), IN_ANSWER)
def test_replies_are_read_as_answers(said: str, answer: str, levels: tuple[int, int]) -> None:
    assert marks(scored(("customer", said), ("agent", answer)), 1)[:2] == levels


def evidence_of(text: str, role: str) -> list[tuple[str, str]]:
    turn = scored((role, text)).turns[0]
    spans = []
    if turn.cue:
        spans += turn.cue.evidence
    if turn.response:
        for mark in (turn.response.sympathy, turn.response.empathy, turn.response.dismissal):
            spans += mark.evidence
    return [(text[span.start : span.end], span.reason) for span in spans]


@pytest.mark.parametrize(
    ("role", "text", "words", "reason"),
    [
        ("agent", "Right. I'm so sorry about that, Jo. One moment.", "I'm so sorry", "apology"),
        ("agent", "Okay, I understand your frustration.", "your frustration", "names the feeling"),
        ("agent", "I don't blame you at all.", "don't blame you", "takes the customer's side"),
        ("agent", "Well, you should have read the terms.", "should have read", "blames"),
        ("agent", "There it is. Calm down please.", "Calm down", "brushes it off"),
        ("customer", "Hi 👋 this is the third time today.", "third time", "again and again"),
    ],
)
def test_evidence_covers_the_words_and_names_the_reason(
    role: str, text: str, words: str, reason: str
) -> None:
    found = evidence_of(text, role)
    assert [why for said, why in found if words in said] == [reason]
    assert all(len(said) < len(text) for said, _ in found)


def test_evidence_of_specific_empathy_reaches_the_particulars() -> None:
    found = scored(
        ("customer", "I waited three weeks for a lamp."),
        ("agent", "Hello. I can imagine how annoying it is to wait three weeks. Bye."),
    )
    text = "Hello. I can imagine how annoying it is to wait three weeks. Bye."
    response = found.turns[1].response
    assert response is not None
    spans = [text[span.start : span.end] for span in response.empathy.evidence]
    assert len(spans) == 1
    assert "three weeks" in spans[0]
    assert "Bye" not in spans[0]
