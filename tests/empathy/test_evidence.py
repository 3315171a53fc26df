"""The words shown for a judgement: whole clauses, whatever single words the network points at."""

import re

import numpy as np
import pytest

from scorecards.empathy.evidence import evidence
from scorecards.empathy.network import Prediction
from scorecards.empathy.text import prepare

SURE, UNSURE = 3.0, -4.0
SPOKEN = (
    "okay let me have a look i'd be fuming too if they left me out in the rain all day now "
    "what's the postcode there please and the house number"
)


def shown(text: str, *pointed_at: str) -> list[str]:
    """The ranges shown for empathy where the network points at these words."""
    offsets = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    tokens = np.full((len(offsets), 4), UNSURE)
    for words in pointed_at:
        first = text.index(words)
        for at, (start, end) in enumerate(offsets):
            if first < end and start < first + len(words):
                tokens[at, 2] = SURE
    reading = Prediction({}, tokens, offsets)
    spans = evidence("empathy", reading, prepare(text), (), "a test")
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "pointed_at", "expected"),
    [
        (
            "Your order left today. I can imagine how annoying that is, and I have moved it up.",
            ["annoying"],
            ["I can imagine how annoying that is"],
        ),
        (
            "Congratulations! What is the address?",
            ["Congrat"],
            ["Congratulations"],
        ),
        (
            SPOKEN,
            ["fuming too"],
            ["i'd be fuming too"],
        ),
        (
            "That&#39;s awful news &amp; it hurts. Your number?",
            ["39"],
            ["That&#39;s awful news &amp; it hurts"],
        ),
        (
            "Poor [PERSON NAME] must be scared. Which card?",
            ["must be scared"],
            ["Poor [PERSON NAME] must be scared"],
        ),
        (
            "It must hurt. Tell me more. You must miss her. One moment. You waited for so long.",
            ["must hurt", "miss her", "waited for so long"],
            ["It must hurt", "You waited for so long"],
        ),
    ],
)
def test_evidence_is_whole_clauses(text: str, pointed_at: list[str], expected: list[str]) -> None:
    assert shown(text, *pointed_at) == expected


def test_where_nothing_is_pointed_at_the_clause_of_the_likeliest_word_is_shown() -> None:
    assert shown("Hello there. Nothing at all.") == ["Hello there"]


@pytest.mark.parametrize("at", range(0, 60, 3))
def test_no_range_begins_or_ends_within_a_word(at: int) -> None:
    text = "she'd said it's ruined so i'm not sure we'll ever get back those photos of him and her"
    (found,) = shown(text, text[at : at + 4].strip() or "she")
    start = text.index(found)
    around = text[start - 1 : start] + text[start + len(found) : start + len(found) + 1]
    assert around.strip() == ""
