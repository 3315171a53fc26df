"""The words that carry a judgement: clauses of a turn, each with a short reason from the pack.

The network points at words; a reader wants the clause that they stand in. A clause ends at a
punctuation mark or before a conjunction. Recognised speech without either gives clauses of a whole
turn: there the words pointed at are taken to the nearest places where a clause may well begin.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from scorecards.empathy.mixing import chance
from scorecards.empathy.model import Evidence
from scorecards.empathy.network import Prediction
from scorecards.empathy.text import Prepared, Word

TOKENS: Final = ("cue", "sympathy", "empathy", "dismissal")  # the network's columns
LEAST: Final = 0.3  # probability of a word to carry the judgement
OF_BEST: Final = 0.5  # and its share of the likeliest word's
GAP: Final = 14  # characters between words that still belong together
MOST: Final = 2  # one range is better than two; five are none
SECOND: Final = 0.5  # share of the best range's weight that a second one needs
LONGEST: Final = 18  # words; a longer clause is one of speech that nobody punctuated
FEWEST: Final = 3  # words of a range, if its clause has as many
_REACH: Final = 5  # words looked at for the beginning or the end of a clause in such speech
_BOUNDARY: Final = re.compile(
    r"[.!?…]+(?=[\s\"')]|$)|\n+|[,;:](?=\s)|\s[-\u2013\u2014]+(?=\s)|\u2014"
    r"|\s(?=(?:but|and|so|because|cause|cos|since|although|though|while|whereas|which|or)\s)"
)
_ENDS: Final = re.compile(r"[.!?\n]")
_BEGINS: Final = frozenset((
    "i", "i'm", "i'd", "i've", "i'll", "im", "ive", "we", "we're", "we've", "you", "you're",
    "you've", "it", "it's", "its", "that", "that's", "thats", "this", "he", "she", "they", "there",
    "and", "but", "so", "because", "cause", "cos", "when", "if", "oh", "well", "what", "how",
))  # fmt: skip
_JOINS: Final = frozenset((
    "and", "but", "so", "because", "cause", "cos", "or", "though", "although", "while", "well",
    "um", "uh",
))  # fmt: skip
_EDGES: Final = " \t\n.,;:!?\"'()-\u2013\u2014\u2026*_"
_UNCUT: Final = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});|\[[^\]\n]{1,40}\]", re.I
)

Range = tuple[int, int]


def evidence(
    mark: str, reading: Prediction, text: Prepared, phrases: Sequence[Evidence], reason: str
) -> tuple[Evidence, ...]:
    """The clauses for a mark: those that the network points into, else those of the phrases.

    Each has the reason of a phrase within it, or else the given one. Where neither points at
    words, the clause of the likeliest word is given.
    """
    column = TOKENS.index(mark)
    chances = [chance(one) for one in reading.tokens[:, column].tolist()]
    pointed_at = _runs(reading.offsets, chances, text)
    if not pointed_at:
        pointed_at = [(p.start, p.end, 1.0) for p in phrases] or _likeliest(reading, chances)
    found = _weightiest([(*_clause(start, end, text), weight) for start, end, weight in pointed_at])
    return tuple(Evidence(start, end, _reason(start, end, phrases, reason)) for start, end in found)


def _runs(
    offsets: Sequence[Range], chances: Sequence[float], text: Prepared
) -> list[tuple[int, int, float]]:
    """Ranges of neighbouring words that are likely enough, each with the sum of its chances."""
    least = max(LEAST, OF_BEST * max(chances, default=0.0))
    runs: list[tuple[int, int, float]] = []
    for (start, end), likely in zip(offsets, chances, strict=True):
        if likely < least:
            continue
        last = runs[-1][1] if runs else 0
        if runs and start - last <= GAP and not _ENDS.search(text.low, last - 1, start):
            runs[-1] = (runs[-1][0], end, runs[-1][2] + likely)
        else:
            runs.append((start, end, likely))
    return runs


def _likeliest(reading: Prediction, chances: Sequence[float]) -> list[tuple[int, int, float]]:
    if not chances:
        return []
    best = max(range(len(chances)), key=chances.__getitem__)
    return [(*reading.offsets[best], chances[best])]


def _weightiest(clauses: Iterable[tuple[int, int, float]]) -> list[Range]:
    """The best ranges in the order of the text; what overlaps is one."""
    joined: list[tuple[int, int, float]] = []
    for start, end, weight in sorted(clauses):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            first, last, before = joined[-1]
            joined[-1] = (first, max(end, last), before + weight)
        else:
            joined.append((start, end, weight))
    best = sorted(joined, key=lambda clause: -clause[2])[:MOST]
    return sorted((start, end) for start, end, weight in best if weight >= SECOND * best[0][2])


def _clause(start: int, end: int, text: Prepared) -> Range:
    """The clauses that a range stands in, trimmed; in unpunctuated speech a part of them."""
    clauses = [(a, b) for a, b in _clauses(text) if a < end and start < b]
    if not clauses:
        return start, end
    first, last = clauses[0][0], clauses[-1][1]
    words = text.words_between(first, last)
    if len(words) > LONGEST:
        first, last = _part(start, end, words)
    return _uncut(*_trimmed(*_uncut(first, last, text), text), text)


def _clauses(text: Prepared) -> list[Range]:
    whole = [m.span() for m in _UNCUT.finditer(text.text)]
    ends = (m.end() for m in _BOUNDARY.finditer(text.low))
    inside = (end for end in ends if not any(a < end <= b for a, b in whole))
    gaps = {edge for gap in text.gaps for edge in gap}
    cuts = sorted({0, *inside, *gaps, len(text.low)})
    return [(a, b) for a, b in pairwise(cuts) if text.low[a:b].strip()]


def _part(start: int, end: int, words: Sequence[Word]) -> Range:
    """The words of a range, with those before and after that belong to the same clause."""
    inside = [at for at, word in enumerate(words) if word.start < end and start < word.end]
    if not inside:
        return start, end
    first, last = inside[0], inside[-1]
    before = range(first, max(first - _REACH, -1), -1)
    first = next((at for at in before if words[at].text in _BEGINS), first)
    after = range(last + 1, min(last + 1 + _REACH, len(words)))
    last = next((at - 1 for at in after if words[at].text in _BEGINS), last)
    while last - first + 1 < FEWEST and last + 1 < len(words):
        last += 1
    return words[first].start, words[last].end


def _uncut(start: int, end: int, text: Prepared) -> Range:
    """The range with whole words, and with no entity or mark of redaction cut in two."""
    low = text.low
    while start > 0 and low[start - 1].isalnum() and low[start : start + 1].isalnum():
        start -= 1
    while 0 < end < len(low) and low[end - 1].isalnum() and (low[end].isalnum() or low[end] == "'"):
        end += 1
    for match in _UNCUT.finditer(text.text):
        if match.start() < start < match.end():
            start = match.start()
        if match.start() < end < match.end():
            end = match.end()
    return start, end


def _trimmed(start: int, end: int, text: Prepared) -> Range:
    """Without spaces and punctuation at its edges, and without a conjunction before it."""
    whole = text.text
    while start < end and (whole[start] in _EDGES):
        start += 1
    while end > start and whole[end - 1] in _EDGES:
        end -= 1
    words = text.words_between(start, end)
    if len(words) > FEWEST and words[0].start == start and words[0].text in _JOINS:
        start = words[1].start
    return start, end


def _reason(start: int, end: int, phrases: Sequence[Evidence], otherwise: str) -> str:
    """The reason of the phrase that shares most with a range."""
    shared = [(min(end, p.end) - max(start, p.start), p.reason) for p in phrases]
    most = max(shared, default=(0, ""))
    return most[1] if most[0] > 0 else otherwise
