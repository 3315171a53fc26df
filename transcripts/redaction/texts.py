"""Personal data in one text.

Web addresses and secrets come first: what they hold may look like something else. The rules run
until nothing changes, for a mark may lay bare the edge of another find; so redacting a redacted
text changes nothing.
"""

import re
from collections import Counter
from collections.abc import Collection
from typing import Final

from transcripts.redaction.addresses import (
    ADDRESS_WORDS,
    may_be_address,
    redact_emails,
    redact_urls,
)
from transcripts.redaction.answers import redact_answers, redact_corrections
from transcripts.redaction.births import may_announce_birth, may_hold_date, redact_births
from transcripts.redaction.cards import redact_card_parts, redact_cards
from transcripts.redaction.codes import redact_spelt
from transcripts.redaction.identities import redact_government_numbers, redact_ibans
from transcripts.redaction.marks import KINDS, SIGNS, Finds, Rule, words_in
from transcripts.redaction.national import redact_announced
from transcripts.redaction.numbers import NUMBER_WORDS
from transcripts.redaction.phones import redact_phones
from transcripts.redaction.postal import POSTAL, redact_addresses
from transcripts.redaction.postal import may_be_address as may_be_postal
from transcripts.redaction.secret_words import SECRET_WORDS, redact_secrets
from transcripts.redaction.spelt import SPELLING_WORDS
from transcripts.redaction.spoken import may_be_number, may_be_split, redact_spoken

__all__ = ["KINDS", "redact_text"]

_WORDED: Final[tuple[Rule, ...]] = (
    redact_urls,
    redact_secrets,
    redact_emails,
    redact_births,
    redact_spelt,
    redact_addresses,
    redact_spoken,
)
_ASKED: Final[tuple[Rule, ...]] = (redact_answers, redact_corrections)
_NUMBERED: Final[tuple[tuple[Rule, int], ...]] = (  # with the fewest digits that each looks for
    (redact_ibans, 4),
    (redact_government_numbers, 6),
    (redact_announced, 4),
    (redact_cards, 13),
    (redact_card_parts, 4),
    (redact_phones, 7),
)
_DIGIT: Final = re.compile(r"\d")
_ASCII_DIGIT: Final = re.compile(r"[0-9]")  # the same, found sooner
_DIGITS: Final = re.compile(r"\d\D{0,4}\d\D{0,4}\d\D{0,4}\d")
# What is asked for may be given without any number.
_ASKED_IN_WORDS: Final = ("secret word", "secret letters", "email", POSTAL)
_OUTRIGHT: Final = SECRET_WORDS.union(SIGNS)
_TELLING: Final = _OUTRIGHT | ADDRESS_WORDS | NUMBER_WORDS
MAX_PASSES: Final = 10


def redact_text(
    text: str,
    counts: Counter[str],
    *,
    kinds: Collection[str] = KINDS,
    asked: str = "",
    words: frozenset[str] | None = None,
    role: str = "",
    heard: list[tuple[str, str]] | None = None,
) -> str:
    """The text with marks in place of personal data; each find is added to `counts`.

    `asked` is what the turn before asked for (see questions.py); `words` are those of the text,
    where they are known already (see marks.py); `role` is its speaker's. `heard` gets each find.
    """
    for _ in range(MAX_PASSES):
        held = words_in(text) if words is None else words
        if not _may_hold_data(text, held, asked):
            break
        clean = _once(text, Finds(counts, kinds, asked=asked, words=held, role=role, heard=heard))
        if clean == text:
            break
        text, words = clean, None
    return text


def _may_hold_data(text: str, words: frozenset[str], asked: str) -> bool:
    """True if anything stands in a text that a rule begins with; in most texts nothing does."""
    if "@" in text or any(kind in asked for kind in _ASKED_IN_WORDS):
        return True
    if asked and not (words.isdisjoint(NUMBER_WORDS) and _DIGIT.search(text) is None):
        return True
    if may_announce_birth(words, asked) and may_hold_date(text, words):
        return True
    if (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text):
        return (
            asked != ""
            or not words.isdisjoint(_TELLING)
            or _DIGITS.search(text) is not None
            or may_be_split(text)
            or may_be_postal(text, words, asked)
        )
    return not words.isdisjoint(_TELLING) and _tells(text, words, asked)


def _tells(text: str, words: frozenset[str], asked: str) -> bool:
    """True if the words of a text without digits are about a secret, an address or a number."""
    return (
        not words.isdisjoint(_OUTRIGHT)
        or may_be_address(text, words)
        or may_be_number(text, words, asked)
        or (not words.isdisjoint(NUMBER_WORDS) and may_be_postal(text, words, asked))
        or not words.isdisjoint(SPELLING_WORDS)
    )


def _once(text: str, finds: Finds) -> str:
    for rule in _WORDED:
        text = rule(text, finds)
    if _DIGITS.search(text):
        digits = len(_DIGIT.findall(text))
        for numbered, least in _NUMBERED:
            if digits >= least:
                text = numbered(text, finds)
    for rule in _ASKED:
        text = rule(text, finds)
    return text
