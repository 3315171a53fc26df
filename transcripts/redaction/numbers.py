"""Number words and the digits that they say: "double five" is 55, "eight hundred" 800."""

import re
from typing import Final

from transcripts.redaction.marks import BREAK, digits_of

UNITS: Final = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1",
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "niner": "9",
}  # fmt: skip
TEENS: Final = {
    word: str(10 + value)
    for value, word in enumerate(
        ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
         "eighteen", "nineteen")
    )
}  # fmt: skip
TENS: Final = {
    word: str(value)
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_NOUGHTS: Final = {"hundred": "00", "thousand": "000"}
TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
ALL: Final = (*UNITS, *TEENS, *TENS, *_NOUGHTS, *TIMES)
NUMBER_WORDS: Final = frozenset(ALL)
NUMBER_WORD: Final = "|".join(sorted(ALL, key=lambda word: (-len(word), word)))
JOINT: Final = rf"[ \u00a0,.\-\u2010-\u2015\u2026{BREAK}]{{1,4}}"
FILLER: Final = (
    r"(?:uh|um|er|erm|ah|mm|hmm|dash|hyphen|space|plus|and|then|hang on|hold on|let me see|"
    r"one sec(?:ond)?|bear with me)"
)
PIECE: Final = re.compile(r"[a-z]+|\d+")
_ONE: Final = re.compile(r"one[,.] ", re.IGNORECASE)
_SOME_ONE: Final = re.compile(
    r"\b(?!(?:is|are|was|it's|that's|its|number|code|pin|digits?|then|and|um|uh|er|yes|so|says|"
    r"reads)\b)[^\W\d_]{2,} $",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(
    r"[ -]?(?:dollars?|pounds?|euros?|quid|bucks|percent|per cent|%|o'clock|[ap]\.?m\b|minutes?|"
    r"hours?|days?|weeks?|months?|years?|miles|times)\b",
    re.IGNORECASE,
)


def lead_of(text: str, start: int, run: str) -> int:
    """How much of a run is the "one" of "the blue one, three three oh eight"."""
    one = _ONE.match(run)
    return one.end() if one and _SOME_ONE.search(text, max(0, start - 24), start) else 0


def is_amount(text: str, end: int) -> bool:
    """True if what stands behind a number makes it an amount or a time."""
    return _AMOUNT.match(text, end) is not None


def digits_said(said: str) -> str:
    """The digits of a run: "double five" is 55, "eight hundred" 800, "twenty one" 21."""
    digits: list[str] = []
    times, tens = 1, False
    for piece in PIECE.findall(said.casefold()):
        unit = UNITS.get(piece)
        if unit is not None and tens and unit != "0":
            digits[-1] = digits[-1][0] + unit
        elif unit is not None or piece.isdecimal():
            digits.append((unit or digits_of(piece)) * times)
        elif piece in TEENS:
            digits.append(TEENS[piece])
        elif piece in TENS:
            digits.append(TENS[piece] + "0")
        elif piece in _NOUGHTS:
            digits.append(_NOUGHTS[piece])
        tens = piece in TENS
        times = TIMES.get(piece, 1)
    return "".join(digits)
