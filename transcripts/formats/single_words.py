"""Recognisers that write one word a segment: the words of one speaker in a row are one turn.

Done before anything else sees the turns, for a name or a number is known by the words beside it,
and a reply is a sentence. What was cut by sentences stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from transcripts.formats.model import CanonicalTurn

FEWEST: Final = 6  # turns that can show how a file is cut
SHARE: Final = 0.85  # of all turns that are one word
RUN: Final = 2.5  # turns of one speaker in a row, in the mean
USUAL_PAUSE: Final = 0.8  # seconds between words of one speaker, in the median
PAUSE: Final = 2.0  # seconds after which a new turn begins
LONG: Final = 1_500  # characters of a turn that ends with its sentence
LONGEST: Final = 3_000
_WORD: Final = re.compile(r"\S{1,30}")
_WITHOUT_BLANKS: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_CLOSE: Final = re.compile(_WITHOUT_BLANKS.pattern[:-1] + r"\u3000-\u303f\uff00-\uffef]")
_SHORT: Final = 4  # characters of a word in a script that has no blanks between words
_ENDS: Final = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f")


def joined(turns: Sequence[CanonicalTurn]) -> tuple[CanonicalTurn, ...]:
    """The turns; those of single words joined to what was said in one breath."""
    if not are_single_words(turns):
        return tuple(turns)
    return tuple(_one(stretch) for stretch in _stretches(turns))


def are_single_words(turns: Sequence[CanonicalTurn]) -> bool:
    """True if nearly every turn is one word with a time, close behind the one before."""
    if len(turns) < FEWEST or sum(map(_is_word, turns)) < SHARE * len(turns):
        return False
    same = [(one, other) for one, other in pairwise(turns) if _same_voice(one, other)]
    changes = len(turns) - 1 - len(same)
    pauses = [pause for one, other in same if (pause := _pause(one, other)) is not None]
    if len(turns) < RUN * (changes + 1) or len(pauses) * 2 < len(same):
        return False
    return median(pauses) < USUAL_PAUSE


def _is_word(turn: CanonicalTurn) -> bool:
    if not _WORD.fullmatch(turn.text):
        return False
    return len(turn.text) <= _SHORT or not _WITHOUT_BLANKS.search(turn.text)


def _same_voice(one: CanonicalTurn, other: CanonicalTurn) -> bool:
    return one.speaker == other.speaker and one.role == other.role


def _pause(one: CanonicalTurn, other: CanonicalTurn) -> float | None:
    before = one.started_s if one.ended_s is None else one.ended_s
    return None if before is None or other.started_s is None else other.started_s - before


def _stretches(turns: Sequence[CanonicalTurn]) -> Iterator[list[CanonicalTurn]]:
    stretch: list[CanonicalTurn] = []
    length = 0
    for turn in turns:
        if stretch and (_new(stretch[-1], turn) or _is_full(stretch[-1].text, length)):
            yield stretch
            stretch, length = [], 0
        stretch.append(turn)
        length += len(turn.text) + 1
    yield stretch


def _new(one: CanonicalTurn, other: CanonicalTurn) -> bool:
    return not _same_voice(one, other) or (_pause(one, other) or 0.0) > PAUSE


def _is_full(last: str, length: int) -> bool:
    return length > LONGEST or (length > LONG and last.endswith(_ENDS))


def _one(stretch: Sequence[CanonicalTurn]) -> CanonicalTurn:
    text = stretch[0].text
    for before, turn in pairwise(stretch):
        close = _CLOSE.match(before.text[-1:]) and _CLOSE.match(turn.text[:1])
        text += turn.text if close else f" {turn.text}"
    started = next((turn.started_s for turn in stretch if turn.started_s is not None), None)
    ended = max((turn.ended_s for turn in stretch if turn.ended_s is not None), default=None)
    known = started is None or ended is None or started <= ended
    return replace(stretch[0], text=text, started_s=started, ended_s=ended if known else None)
