"""Turns of one speaker that go on with a number, an address or a name where the last one broke off.

Captions and speech recognition cut where a speaker breathes: "my card number is 4000 0566" and
"5566 5556, is that enough?". Such turns are read as one. The other side may say "yes" in between.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from transcripts.formats.model import CanonicalTurn
from transcripts.redaction.marks import BREAK
from transcripts.redaction.numbers import NUMBER_WORDS
from transcripts.redaction.vocabulary import words

_MOST: Final = 12  # turns that are read as one
_LONGEST: Final = 1_500  # characters of a turn that may be one of them
_END: Final = re.compile(r"([^\W_]+(?:['\u2019]\w+)?)[ ,.:\u2026-]*$")
_BEGIN: Final = re.compile(
    r"[ .,\u2026-]*(?:(?:and|then|um|uh|er|erm|so|yes|yeah|it's|ok|okay|the)[ ,.]{1,3}){0,3}"
    r"([^\W_]+(?:['\u2019][^\W_]+)*)",
    re.IGNORECASE,
)
# A turn that ends so has not said yet what it announces.
_LEADS: Final = words("words_that_lead_on")
_GOES_ON: Final = frozenset(
    ("dot", "at", "underscore", "dash", "hyphen", "double", "triple", "treble")
)
_NODS: Final = words("nods")
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_NOD_LENGTH: Final = 48


def chains(turns: Sequence[CanonicalTurn]) -> Iterator[tuple[int, ...]]:
    """The turns that are to be read as one, by their places."""
    chain: list[int] = []
    for index, turn in enumerate(turns):
        if chain:
            last = turns[chain[-1]]
            if _same(last, turn) and _goes_on(last.text, turn.text, near=chain[-1] == index - 1):
                chain.append(index)
                if len(chain) < _MOST:
                    continue
            elif (
                not _same(last, turn)
                and index - chain[-1] == 1
                and _is_open(last.text)
                and _is_nod(turn.text)
            ):
                continue
            if len(chain) > 1:
                yield tuple(chain)
        chain = [index]
    if len(chain) > 1:
        yield tuple(chain)


def _same(one: CanonicalTurn, other: CanonicalTurn) -> bool:
    return one.role == other.role and one.speaker == other.speaker


def _goes_on(said: str, more: str, *, near: bool) -> bool:
    """True if a turn goes on where the one before broke off."""
    if len(said) > _LONGEST or len(more) > _LONGEST or BREAK in said or BREAK in more:
        return False
    end, begin = _END.search(said[-32:]), _BEGIN.match(more[:64])
    if not end or not begin:
        return False
    last, first = end[1].lower(), begin[1].lower()
    if _is_sign(last) and (_is_sign(first) or first in _GOES_ON):
        return True
    if not near or said.rstrip().endswith((".", "!", "?")):
        return False
    return last in _LEADS or _is_sign(last) or _is_sign(first) or first in _GOES_ON


def _is_open(said: str) -> bool:
    """True if a turn ends with a number."""
    end = _END.search(said[-32:])
    return end is not None and _is_sign(end[1].lower())


def _is_sign(word: str) -> bool:
    """True for digits, number words and single letters."""
    return word in NUMBER_WORDS or any(map(str.isdecimal, word)) or (len(word) == 1 and word != "i")


def _is_nod(text: str) -> bool:
    """True if a turn says "yes", "go on", or reads back what it heard."""
    if len(text) > _NOD_LENGTH:
        return False
    words = _WORD.findall(text.lower())
    return all(word in _NODS or _is_sign(word) for word in words)
