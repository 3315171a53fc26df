"""Numbers said aloud, as speech recognition writes them down: "four one five, double five …".

A run of number words and digits is read into digits, and these are judged like written ones: by
their check digits, by what the talk says they are, and by the numbering plans.
"""

import re
from typing import Final

from transcripts.redaction import cards, national, phones, secret_words
from transcripts.redaction.marks import Finds, before, is_reference, lower
from transcripts.redaction.numbers import (
    ALL,
    JOINT,
    NUMBER_WORD,
    NUMBER_WORDS,
    PIECE,
    digits_said,
    is_amount,
    lead_of,
)

_PAUSE: Final = (
    rf"{JOINT}(?:(?:uh|um|er|erm|ah|mm|hmm|dash|hyphen|space|plus|then|hang on|hold on|let me see|"
    rf"one sec(?:ond)?|bear with me|ok|okay|yes|yeah){JOINT}){{0,2}}"
)
_TOKEN: Final = rf"(?:(?:{NUMBER_WORD})(?![\w'\u2019])|\d++(?![\w%]|[.,:]\d))"
_RUN: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3])(?<!\d[.,:])(?:plus[ ,]{{1,2}})?{_TOKEN}(?:{_PAUSE}{_TOKEN})++",
    re.IGNORECASE,
)
_INSURED: Final = frozenset(("insurance", "nino", "ni", "n"))
_INSURANCE: Final = re.compile(r"\b(?:insurance|nino|n\.? ?i\.? (?:number|no))\b", re.IGNORECASE)
_NINO: Final = re.compile(
    rf"(?<![\w'\u2019])[a-z]{JOINT}[a-z]{JOINT}(?P<digits>{_TOKEN}(?:{_PAUSE}{_TOKEN})++)"
    rf"{JOINT}[a-d](?![\w'\u2019])",
    re.IGNORECASE,
)
# What a run needs to be worth a look: three number words, or seven single digits.
_OFTEN: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero", "oh", "ten",
    "teen", "ty", "elve", "hundred", "double", "triple", "treble", "nought",
)  # fmt: skip
_TWO_SAID: Final = re.compile(rf"(?:{NUMBER_WORD}){JOINT}(?:{NUMBER_WORD}|\d)")
_SPLIT: Final = re.compile(
    rf"\d(?:(?:{JOINT}\d(?!\d)){{6}}|\d{{2,5}},? (?:\d{{3,6}}|u[hm]\b|er)"
    rf"|,?[ -](?:{NUMBER_WORD})[ ,-])"
)
_BROKEN_UP: Final = re.compile(r"\d(?:, ?|,? (?:uh|um|er|erm),? )\d")
# What of digits alone makes a number that is said.
_ONE_BY_ONE: Final = re.compile(rf"\d(?:(?:{JOINT}\d(?!\d)){{6}}|, ?\d|,? (?:uh|um|er|erm),? \d)")
_PLUS: Final = re.compile("plus", re.IGNORECASE)
WORDS_BEFORE: Final = 64  # characters in front of a number that is said, in which words tell it


def redact_spoken(text: str, finds: Finds) -> str:
    """Marks in place of card, government, phone and secret numbers that are said digit by digit."""
    insured = _is_insured(text, finds.words, finds.asked)
    if not insured and not _is_worth_a_look(lower(text), finds.words):
        return text

    def insurance(found: re.Match[str]) -> str:
        six = len(digits_said(found["digits"])) == 6
        return finds.mark("NINO", found[0]) if six else found[0]

    def run(found: re.Match[str]) -> str:
        said = found[0]
        if not _is_spoken(said):
            return said
        lead = lead_of(found.string, found.start(), said)
        kind = _kind(digits_said(said[lead:]), found, finds)
        return said[:lead] + finds.mark(kind, said[lead:]) if kind else said

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
    pieces = PIECE.findall(said.casefold())
    if any(piece in ALL for piece in pieces):
        return True
    if len(pieces) >= 7 and all(len(piece) == 1 for piece in pieces):
        return True
    return len(pieces) >= 3 and _BROKEN_UP.search(said) is not None


def _kind(digits: str, found: re.Match[str], finds: Finds) -> str | None:
    """What a run's digits are; None for what is nobody's personal data."""
    text, start, end, asked = found.string, found.start(), found.end(), finds.asked
    if cards.begins_with_card(digits):
        return "CARD"
    wide = before(text, start, national.REACH)
    if kind := national.announced(digits, wide, text[end : end + 40], asked):
        return kind
    if 3 <= len(digits) <= 8 and secret_words.is_said_behind(text, end):
        return "SECRET"
    if is_amount(text, end) or is_reference(text, start, end):
        return None
    if phones.is_public(text, start, finds.role):
        return None
    if 7 <= len(digits) <= 15 and _PLUS.match(found[0]):
        return "PHONE"
    return _kind_by_words(digits, before(text, start, WORDS_BEFORE), asked)


def _kind_by_words(digits: str, in_front: str, asked: str) -> str | None:
    """What a number is of which only the talk, or its shape, says something."""
    if 12 <= len(digits) <= 23 and cards.is_announced(in_front, asked):
        return "CARD"
    if 4 <= len(digits) < 12 and cards.is_begun(in_front):
        return "CARD"
    if 3 <= len(digits) <= 8 and secret_words.is_announced(in_front):
        return "SECRET"
    if 7 <= len(digits) <= 15 and phones.is_announced(in_front, asked):
        return "PHONE"
    if phones.is_plausible(digits) and "other" not in asked:
        return "PHONE"
    return None
