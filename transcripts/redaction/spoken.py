"""Numbers said aloud, as speech recognition writes them down: "four one five, double five …".

A run of number words and digits is read into digits, and these are judged like written ones: by
their check digits, by what the talk says they are, and by the numbering plans.
"""

import re
from typing import Final

from transcripts.redaction import cards, national, phones, secret_words
from transcripts.redaction.marks import Finds, before, digits_of, is_reference, lower

_UNITS: Final = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1",
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9",
}  # fmt: skip
_TEENS: Final = {
    word: str(10 + value)
    for value, word in enumerate(
        ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
         "eighteen", "nineteen")
    )
}  # fmt: skip
_TENS: Final = {
    word: str(value)
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_NOUGHTS: Final = {"hundred": "00", "thousand": "000"}
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
_ALL: Final = (*_UNITS, *_TEENS, *_TENS, *_NOUGHTS, *_TIMES)
_WORD: Final = "|".join(sorted(_ALL, key=lambda word: (-len(word), word)))
_JOINT: Final = r"[ \u00a0,.\-\u2010-\u2015\u2026]{1,4}"
_PAUSE: Final = rf"{_JOINT}(?:(?:uh|um|er|erm|ah|mm|dash|hyphen|space|plus){_JOINT}){{0,2}}"
_TOKEN: Final = rf"(?:(?:{_WORD})(?![\w'\u2019])|\d++(?![\w%]|[.,:]\d))"
_RUN: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3])(?<!\d[.,:])(?:plus[ ,]{{1,2}})?{_TOKEN}(?:{_PAUSE}{_TOKEN})++",
    re.IGNORECASE,
)
NUMBER_WORDS: Final = frozenset(_ALL)
_INSURED: Final = frozenset(("insurance", "nino", "ni"))
_INSURANCE: Final = re.compile(r"\b(?:insurance|nino|ni number)\b", re.IGNORECASE)
_NINO: Final = re.compile(
    rf"(?<![\w'\u2019])[a-z]{_JOINT}[a-z]{_JOINT}(?P<digits>{_TOKEN}(?:{_PAUSE}{_TOKEN})++)"
    rf"{_JOINT}[a-d](?![\w'\u2019])",
    re.IGNORECASE,
)
_PIECE: Final = re.compile(r"[a-z]+|\d+")
# What a run needs to be worth a look: three number words, or seven single digits.
_OFTEN: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero", "oh", "ten",
    "teen", "ty", "elve", "hundred", "double", "triple", "treble", "nought",
)  # fmt: skip
_TWO_SAID: Final = re.compile(rf"(?:{_WORD}){_JOINT}(?:{_WORD}|\d)")
_SPLIT: Final = re.compile(
    rf"\d(?:(?:{_JOINT}\d(?!\d)){{6}}|\d{{2,5}},? (?:\d{{3,6}}|u[hm]\b|er)"
    rf"|,?[ -](?:{_WORD})[ ,-])"
)
_BROKEN_UP: Final = re.compile(r"\d(?:, ?|,? (?:uh|um|er|erm),? )\d")
# What of digits alone makes a number that is said.
_ONE_BY_ONE: Final = re.compile(rf"\d(?:(?:{_JOINT}\d(?!\d)){{6}}|, ?\d|,? (?:uh|um|er|erm),? \d)")
_AMOUNT: Final = re.compile(
    r"[ -]?(?:dollars?|pounds?|euros?|quid|bucks|percent|per cent|%|o'clock|[ap]\.?m\b|minutes?|"
    r"hours?|days?|weeks?|months?|years?|miles|times)\b",
    re.IGNORECASE,
)
_PLUS: Final = re.compile("plus", re.IGNORECASE)
_ENDING: Final = re.compile(
    r"\b(?:ending|ends|last (?:four|4)\b.{0,12})(?: in| with| is)?\W*$", re.I
)


def redact_spoken(text: str, finds: Finds) -> str:
    """Marks in place of card, government, phone and secret numbers that are said digit by digit."""
    insured = _is_insured(text, finds.words, finds.asked)
    if not insured and not _is_worth_a_look(lower(text), finds.words):
        return text

    def insurance(found: re.Match[str]) -> str:
        six = len(_digits(found["digits"])) == 6
        return finds.mark("NINO", found[0]) if six else found[0]

    def run(found: re.Match[str]) -> str:
        said = found[0]
        if not _is_spoken(said):
            return said
        kind = _kind(_digits(said), found, finds.asked)
        return finds.mark(kind, said) if kind else said

    if insured:
        text = _NINO.sub(insurance, text)
    return _RUN.sub(run, text)


def may_be_number(text: str, words: frozenset[str], asked: str) -> bool:
    """True if a text without digits may still hold a number: two number words side by side."""
    said = NUMBER_WORDS.intersection(words)
    lowered = lower(text) if said else ""
    if sum(map(lowered.count, said)) < 2:
        return False
    return _TWO_SAID.search(lowered) is not None or _is_insured(text, words, asked)


def may_be_split(text: str) -> bool:
    """True if digits of a text follow each other one by one, as where a number is read out."""
    return _ONE_BY_ONE.search(lower(text)) is not None


def _is_insured(text: str, words: frozenset[str], asked: str) -> bool:
    """True if the talk is about a national insurance number."""
    if asked and _INSURANCE.search(asked):
        return True
    return not words.isdisjoint(_INSURED) and _INSURANCE.search(text) is not None


def _is_worth_a_look(lowered: str, words: frozenset[str]) -> bool:
    """True if number words or digits follow each other as they do where a number is said."""
    if NUMBER_WORDS.isdisjoint(words) and not _ONE_BY_ONE.search(lowered):
        return False
    if _SPLIT.search(lowered):
        return True
    return sum(map(lowered.count, _OFTEN)) >= 2 and _TWO_SAID.search(lowered) is not None


def _is_spoken(said: str) -> bool:
    """True if a run holds number words or is split into single digits; else it is a written one."""
    pieces = _PIECE.findall(said.casefold())
    if any(piece in _ALL for piece in pieces):
        return True
    if len(pieces) >= 7 and all(len(piece) == 1 for piece in pieces):
        return True
    return len(pieces) >= 3 and _BROKEN_UP.search(said) is not None


def _digits(said: str) -> str:
    """The digits of a run: "double five" is 55, "eight hundred" 800, "twenty one" 21."""
    digits: list[str] = []
    times, tens = 1, False
    for piece in _PIECE.findall(said.casefold()):
        unit = _UNITS.get(piece)
        if unit is not None and tens and unit != "0":
            digits[-1] = digits[-1][0] + unit
        elif unit is not None or piece.isdecimal():
            digits.append((unit or digits_of(piece)) * times)
        elif piece in _TEENS:
            digits.append(_TEENS[piece])
        elif piece in _TENS:
            digits.append(_TENS[piece] + "0")
        elif piece in _NOUGHTS:
            digits.append(_NOUGHTS[piece])
        tens = piece in _TENS
        times = _TIMES.get(piece, 1)
    return "".join(digits)


def _kind(digits: str, found: re.Match[str], asked: str) -> str | None:
    """What a run's digits are; None for what is nobody's personal data."""
    text, start, end = found.string, found.start(), found.end()
    if cards.begins_with_card(digits):
        return "CARD"
    wide = before(text, start, national.REACH)
    if kind := national.announced(digits, wide, text[end : end + 40], asked):
        return kind
    if _AMOUNT.match(text, end) or is_reference(text, start, end):
        return None
    if 7 <= len(digits) <= 15 and _PLUS.match(found[0]):
        return "PHONE"
    return _kind_by_words(digits, before(text, start), asked)


def _kind_by_words(digits: str, in_front: str, asked: str) -> str | None:
    """What a number is of which only the talk, or its shape, says something."""
    if 12 <= len(digits) <= 23 and cards.is_announced(in_front, asked):
        return "CARD"
    if 3 <= len(digits) <= 8 and secret_words.is_announced(in_front, asked):
        return "SECRET"
    if 7 <= len(digits) <= 15 and phones.is_announced(in_front, asked):
        return "PHONE"
    if phones.is_plausible(digits) and not asked.startswith("other"):
        return "PHONE"
    if asked.startswith("card") and len(digits) >= 4 and not _ENDING.search(in_front):
        return "CARD"
    return None
