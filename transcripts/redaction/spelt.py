"""Codes and words said letter by letter: "D E eight nine", "Lima Tango double three", "M for Mike".

A run of letters, words of a spelling alphabet and number words is read into what it spells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from transcripts.redaction.marks import digits_of, lower
from transcripts.redaction.numbers import JOINT, TEENS, TENS, TIMES, UNITS
from transcripts.redaction.vocabulary import words

_UNITS: Final = {word: digit for word, digit in UNITS.items() if word != "o"}
_ALPHABET: Final = {word: word[0] for word in words("spelling_alphabet")} | {"x-ray": "x"}
SPELLING_WORDS: Final = frozenset((*_ALPHABET, "ray"))
_COMMON_SINGLES: Final = frozenset("aistdm")  # words, and what follows an apostrophe
_FILLERS: Final = frozenset(("uh", "um", "er", "ah", "mm"))
_FILLER: Final = (
    rf"(?:(?:uh|um|er|erm|ah|mm|and|then|dash|hyphen|space|capital|letter|number){JOINT}){{0,2}}"
)
_AS_IN: Final = r"(?:,? (?:as in|for|like|wie)(?: in)? [^\W\d_]{2,20}+)?+"
_NUMBER: Final = "|".join(sorted((*_UNITS, *TEENS, *TENS), key=lambda word: (-len(word), word)))
_TOKEN: Final = (
    rf"(?:(?:{'|'.join(TIMES)})[ -])?"
    rf"(?:(?:{_NUMBER}|{'|'.join(_ALPHABET)})(?![\w'\u2019])|\d{{1,4}}(?![\w%]|[.,:]\d)"
    rf"|[^\W\d_](?![\w'\u2019@]){_AS_IN}|\d{{1,2}}[a-z]{{1,2}}(?!\w)|[a-z]{{1,2}}\d{{1,6}}(?!\w))"
)
_RUN: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3'\u2019@])(?<!\d[.,:]){_TOKEN}(?:{JOINT}{_FILLER}{_TOKEN})++"
)
_PIECE: Final = re.compile(
    rf"(?P<as>[^\W\d_]){_AS_IN.replace('?+', '')}|(?P<word>x-ray|[^\W\d_]+)|(?P<digits>\d+)"
)
_PAIR: Final = re.compile(
    rf"(?<![\w'\u2019])[a-z](?:{JOINT}(?:[a-z]|\d{{1,4}}|(?:double |triple "
    rf")?(?:{_NUMBER}))(?![\w'\u2019])|,? (?:as in|for|like) [a-z]+)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One sign or group of them, and where it is said."""

    signs: str
    start: int
    end: int


def may_be_spelt(text: str, words: frozenset[str]) -> bool:
    """True if a text may hold a code or word said letter by letter: two single letters, say."""
    if not words.isdisjoint(SPELLING_WORDS):
        return True
    single = {word for word in words if len(word) == 1}
    if single <= _COMMON_SINGLES and (len(single) < 2 or words.isdisjoint(UNITS)):
        return False
    return _PAIR.search(lower(text)) is not None


def runs(text: str) -> Iterator[list[Token]]:
    """Every run of signs in a text."""
    lowered = lower(text)
    for found in _RUN.finditer(lowered):
        yield list(_tokens(lowered, found.start(), found.end()))


def code_of(tokens: list[Token]) -> str:
    """What tokens spell, in capitals."""
    return "".join(token.signs for token in tokens)


def _tokens(lowered: str, start: int, end: int) -> Iterator[Token]:
    """The signs of a run; "double five" is one token, and so is "twenty one"."""
    times: re.Match[str] | None = None
    last: Token | None = None  # tens, to which a unit may be added
    for piece in _PIECE.finditer(lowered, start, end):
        if piece[0] in TIMES:
            times = piece
            continue
        signs = _signs(piece)
        if not signs:
            continue
        if last and piece[0] in _UNITS and signs != "0":
            yield Token(last.signs[0] + signs, last.start, piece.end())
            last, times = None, None
            continue
        if last:
            yield last
        first = times.start() if times else piece.start()
        token = Token(signs * (TIMES[times[0]] if times else 1), first, piece.end())
        last, times = (token, None) if piece[0] in TENS else (None, None)
        if not last:
            yield token
    if last:
        yield last


def _signs(piece: re.Match[str]) -> str:
    """What one word or number stands for; nothing for a filler."""
    if piece["as"]:
        return piece["as"].upper()
    if piece["digits"]:
        return digits_of(piece["digits"])
    word = str(piece["word"])
    if word in TENS:
        return TENS[word] + "0"
    told = _UNITS.get(word) or TEENS.get(word) or _ALPHABET.get(word, "").upper()
    return told or (word.upper() if len(word) <= 2 and word not in _FILLERS else "")
