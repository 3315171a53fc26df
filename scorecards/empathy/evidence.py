"""The words that carry a judgement: ranges of a turn, each with a short reason from the pack."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from scorecards.empathy.mixing import chance
from scorecards.empathy.model import Evidence
from scorecards.empathy.network import Prediction
from scorecards.empathy.text import Prepared

TOKENS: Final = ("cue", "sympathy", "empathy", "dismissal")  # the network's columns
LEAST: Final = 0.3  # probability of a word to carry the judgement
OF_BEST: Final = 0.5  # and its share of the likeliest word's
GAP: Final = 14  # characters between words that still belong together
MOST: Final = 3
_EDGES: Final = " \t\n.,;:!?\"'()-\u2013\u2014\u2026"


def evidence(
    mark: str, reading: Prediction, text: Prepared, phrases: Sequence[Evidence], reason: str
) -> tuple[Evidence, ...]:
    """The words for a mark: those the network points at, and those of the phrases.

    Each range has the reason of a phrase within it, or else the given one. Where neither points at
    words, the likeliest sentence is given.
    """
    pointed_at = _pointed_at(reading, TOKENS.index(mark), text)
    spans = _joined(sorted([*pointed_at, *((phrase.start, phrase.end) for phrase in phrases)]))
    spans = spans or _likeliest_sentence(reading, TOKENS.index(mark), text)
    return tuple(Evidence(start, end, _reason(start, end, phrases, reason)) for start, end in spans)


def _pointed_at(reading: Prediction, column: int, text: Prepared) -> list[tuple[int, int]]:
    chances = [chance(one) for one in reading.tokens[:, column].tolist()]
    highest = max(chances, default=0.0)
    if highest < LEAST:
        return []
    least = max(LEAST, OF_BEST * highest)
    spans: list[list[float]] = []
    for (start, end), likely in zip(reading.offsets, chances, strict=True):
        if likely < least:
            continue
        if (
            spans
            and start - spans[-1][1] <= GAP
            and "\n" not in text.low[int(spans[-1][1]) : start]
        ):
            spans[-1][1] = end
            spans[-1][2] += likely
        else:
            spans.append([start, end, likely])
    weightiest = sorted(spans, key=lambda span: -span[2])[:MOST]
    whole = (_whole_words(int(start), int(end), text) for start, end, _ in sorted(weightiest))
    return [(start, end) for start, end in _joined(whole) if end > start]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges that touch after they grew to whole words become one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _whole_words(start: int, end: int, text: Prepared) -> tuple[int, int]:
    low = text.low
    while start > 0 and low[start - 1].isalnum() and low[start].isalnum():
        start -= 1
    while end < len(low) and low[end - 1].isalnum() and (low[end].isalnum() or low[end] == "'"):
        end += 1
    while start < end and low[start] in _EDGES:
        start += 1
    while end > start and low[end - 1] in _EDGES:
        end -= 1
    return start, end


def _likeliest_sentence(reading: Prediction, column: int, text: Prepared) -> list[tuple[int, int]]:
    if not text.sentences or not reading.offsets:
        return []
    best = int(np.argmax(reading.tokens[:, column]))
    start, end = text.sentences[text.sentence_at(reading.offsets[best][0])]
    start, end = _whole_words(start, end, text)
    return [(start, end) if end > start else (text.words[0].start, text.words[-1].end)]


def _reason(start: int, end: int, phrases: Sequence[Evidence], otherwise: str) -> str:
    """The reason of the phrase that shares most with a range."""
    shared = [(min(end, p.end) - max(start, p.start), p.reason) for p in phrases]
    most = max(shared, default=(0, ""))
    return most[1] if most[0] > 0 else otherwise
