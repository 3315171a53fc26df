"""How much of an agent's sentence is about this customer and nobody else.

Empathy is specific where it names particulars: words and numbers that the customer used, durations,
or the cause of the feeling in so many words ("to wait three weeks", "with a newborn in the house").
"""

import re
from collections.abc import Iterable

from scorecards.empathy.pack import Pack
from scorecards.empathy.phrases import NUMBER_WORD_SET
from scorecards.empathy.text import Prepared, Word

STEM = 5
SHARED_WORD = 0.5
SHARED_NUMBER = 0.75
OWN_NUMBER = 0.4
CAUSE = 0.6
MOST_SHARED = 3
BEFORE, AFTER = 90, 170  # characters of a sentence without end that still belong together

_CAUSE = re.compile(
    r"\b(?:to|when|after|with|while|because|having|without|only to|since|that you|that your|before|"
    r"especially|just|being|by)\s+((?:[^\s.!?]{1,30}+\s+){3,}?[^\s.!?]{1,30}+)"
)
_DIGITS = re.compile(r"\d[\d,.]*")
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6"}
_NUMBERS = {
    "one": "1", "two": "2", "twice": "2", "both": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40",
    "fifty": "50", "hundred": "100", "thousand": "1000",
}  # fmt: skip


def stems(words: Iterable[Word], pack: Pack) -> frozenset[str]:
    """Stems of the words that carry content, and numbers as "#3"."""
    found: set[str] = set()
    for word in words:
        number = number_of(word.text)
        if number:
            found.add(number)
        elif len(word.text) > 3 and word.text not in pack.common_words:
            found.add(word.text[:STEM])
    return frozenset(found)


def number_of(word: str) -> str:
    """The sign "#3" for 3, three, third and 3rd; empty for other words."""
    known = _NUMBERS.get(word) or _ORDINALS.get(word)
    if known:
        return f"#{known}"
    digits = _DIGITS.match(word)
    return f"#{digits.group().rstrip('.,').replace(',', '')}" if digits else ""


def region(text: Prepared, start: int, end: int) -> tuple[int, int]:
    """The sentence around a range and the one before it, where agents name what they relate to
    ("Eight days without heating. I'd be upset too."); of endless sentences only the part near it.
    """
    at, last = text.sentence_at(start), text.sentences[text.sentence_at(end)][1]
    first = text.sentences[at][0]
    if at and "\n" not in text.low[text.sentences[at - 1][1] - 1 : first + 1]:
        first = text.sentences[at - 1][0]
    return max(first, start - BEFORE), min(max(last, end), end + AFTER)


def particulars(
    text: Prepared, start: int, end: int, customer: frozenset[str], pack: Pack
) -> tuple[float, int]:
    """Points for particulars around the range, and where the last of them ends."""
    low, high = region(text, start, end)
    words = [w for w in text.words_between(low, high) if w.end <= start or w.start >= end]
    shared = {s: w for w in words for s in stems((w,), pack) if s in customer}
    named = [word for stem, word in shared.items() if not stem.startswith("#")][:MOST_SHARED]
    counted = [word for stem, word in shared.items() if stem.startswith("#")]
    points = SHARED_WORD * len(named) + SHARED_NUMBER * len(counted)
    if not counted and any(number_of(w.text) or w.text in NUMBER_WORD_SET for w in words):
        points += OWN_NUMBER
    cause = _CAUSE.search(text.low, end, high)
    if cause is not None and len(stems(text.words_between(*cause.span()), pack)) > 1:
        points += CAUSE
    ends = [word.end for word in (*named, *counted)] + ([cause.end()] if cause else [])
    return points, _whole(words, max([end, *ends]))


def _whole(words: Iterable[Word], end: int) -> int:
    """A range that ends with a number takes in what is counted: "three weeks"."""
    counts = False
    for word in words:
        if counts and word.start >= end:
            return word.end
        counts = counts or (word.end == end and bool(number_of(word.text)))
    return end
