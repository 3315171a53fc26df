"""Reactions to messages, as phones send them in words, are told from words of one's own."""

import time

import pytest

from qa.core.reactions import as_quoted, is_reaction

EARLIER = {as_quoted("The plumber comes at nine on Tuesday, promise"): None}


@pytest.mark.parametrize(
    "message",
    [
        "Loved “The plumber comes”",
        "Liked “ok”",
        'Disliked "We are\nclosed today"',
        "Laughed at “Which tap?”",
        "Emphasized “We are soaked!”",
        "Emphasised “We are soaked!”",
        "Questioned “Is it paid?”",
        "Removed a heart from “See you”",
        "Removed an exclamation mark from “See you”",
        "Reacted 😂 to “See you”",
        "❤️ to “See you”",
        "\u200e👍🏽 to “See you”",
        "Loved an image",
        "Questioned a voice message",
        "Liked a photo.",
        # by the message that it quotes, whatever the language
        "Le encantó “The plumber comes at nine on Tuesday, promise”",
        "A aimé « The plumber comes at nine on Tuesday, promise »",
        "Gefällt „The plumber comes at nine on Tuesday, promise“",
        "Hebt „The plumber comes at nine on Tuesday, promise“ hervor",
        "いいね「The plumber comes at nine on Tuesday, promise」",
        "Megmosolyogta “The plumber comes at nine…”",
    ],
)
def test_reactions_are_known_by_wording_or_by_what_they_quote(message: str) -> None:
    assert is_reaction(message, EARLIER)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Loved it, thank you so much",
        "Questioned an item on my bill and nobody answered",
        "I liked “The Tap”, but not the price",
        "Going to “The Tap” tonight",
        "You said “The plumber comes at nine on Tuesday, promise”",
        "“The plumber comes at nine on Tuesday, promise” is a lie!",
        "Why “The plumber comes at nine on Tuesday, promise”? It is Friday.",
        "Le encantó “una cosa que nadie dijo”",
        "Disliked an image of ours, they said, and left",
    ],
)
def test_words_of_ones_own_are_none(message: str) -> None:
    assert not is_reaction(message, EARLIER)


def test_bait_ends() -> None:
    started = time.monotonic()
    for bait in ("Loved “" * 900, "“" * 6_000, "a" * 6_000 + "“”", "x “y”" * 1_200):
        assert not is_reaction(bait, EARLIER)
    assert time.monotonic() - started < 5
