"""What is no word of anybody's feeling: songs on hold, sounds, reactions to messages."""

import pytest

from scorecards.empathy import load_pack, prescore
from scorecards.empathy.gold import Turn
from scorecards.empathy.text import prepare


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("♪ so happy together ♪", ""),
        ("♪ so happy together", ""),
        ("♫ la la ♫ are you there?", "are you there?"),
        ("*sigh*", ""),
        ("*Musik*", ""),
        ("(crying)", ""),
        ("(baby laughing in background)", ""),
        ("(sighs) Fine, go on.", "fine, go on."),
        ("Fine. *sighs*", "fine."),
        ("It is *so* late", "it is *so* late"),
        ("*never* again", "*never* again"),
        ("I called (twice) today", "i called (twice) today"),
        ("*This is the last time that I call you*", "*this is the last time that i call you*"),
        ("(sorry, wrong chat)", "(sorry, wrong chat)"),
        ("5 * 3 and 4 * 2", "5 * 3 and 4 * 2"),
    ],
)
def test_sounds_are_blanked_and_words_are_not(said: str, left: str) -> None:
    low = prepare(said).low
    assert len(low) == len(said)
    assert low.strip() == left


@pytest.mark.parametrize("said", ["(crying)", "*sigh*", "♪ oh happy day ♪"])
def test_a_sound_is_no_feeling(said: str) -> None:
    turns = [
        Turn("customer", "I ordered two lamps and one of them is green."),
        Turn("agent", "One moment, please, I look that up."),
        Turn("customer", said),
        Turn("agent", "The green one was sent by mistake."),
    ]
    assert prescore(turns, pack=load_pack()).moments == ()


@pytest.mark.parametrize("wording", ["Loved “{}”", "Gefällt „{}“", "❤️ to “{}”", "Emphasized “{}”"])
def test_reactions_are_nobodys_feeling_and_nobodys_answer(wording: str) -> None:
    cue = "I am furious, the lamp is broken again and nobody calls me back!"
    reply = "I am so sorry. A lamp that breaks twice would drive me mad too."
    turns = [Turn("customer", cue), Turn("agent", reply)]
    alone = prescore(turns, pack=load_pack())
    turns += [Turn("customer", wording.format(reply)), Turn("agent", wording.format(cue))]
    found = prescore(turns, pack=load_pack())
    assert (found.score, found.moments) == (alone.score, alone.moments)


def test_a_business_that_is_called_greets_and_is_still_the_customer() -> None:
    turns = [
        Turn("customer", "Hilltop Garage, Ron speaking, how can I help you?"),
        Turn("agent", "Hello Ron, this is Ivy from Millbank Tools about the lift you ordered."),
        Turn("customer", "At last! I have waited a month and my mechanics have nothing to do."),
        Turn("agent", "I am sorry. I can see from the order that it was sent to the wrong depot."),
        Turn("customer", "I lose money every day that it is not here."),
        Turn("agent", "I have booked a van for tomorrow, and I will send you the confirmation."),
    ]
    assert prescore(turns, pack=load_pack()).fitness.scorable
