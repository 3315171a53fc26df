"""What somebody has said and the other side repeats: "4111, yes?", "I'll ring 07700 900333".

Nothing but the talk at hand is known here: what was found in its earlier turns.
"""

import re
from typing import Final

from transcripts.redaction.marks import MARK, Finds, lower
from transcripts.redaction.numbers import (
    FILLER,
    JOINT,
    NUMBER_WORD,
    NUMBER_WORDS,
    digits_said,
    is_amount,
)

_NUMERIC: Final = frozenset(
    ("CARD", "PHONE", "BANK", "SECRET", "SSN", "NATIONAL_ID", "NINO", "IBAN", "DOB")
)
_WORDED: Final = frozenset(
    ("EMAIL", "ADDRESS", "SECRET", "DOB", "URL", "IBAN", "NINO", "NATIONAL_ID")
)
_SHORTEST: Final = 3  # digits that are known again
_MOST: Final = 60  # finds of one talk that are remembered
_TOKEN: Final = rf"(?:(?:{NUMBER_WORD})(?![\w'\u2019])|\d++(?![\w%]|[.:]\d))"
_RUN: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3#@])(?<!\d[.:])(?:\+)?{_TOKEN}(?:(?:{JOINT}|[()/]{{1,2}} "
    rf"?)(?:{FILLER}{JOINT}){{0,2}}{_TOKEN})*+"
)
_KEPT: Final = re.compile(
    r"\b(?:ending|ends|last (?:four|4|three|3)(?: digits)?|finishing)(?: in| with| is| are|,)*[ "
    r",]*$"
)
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"[^\W_]+")


class Echoes:
    """Remembers finds and finds them again."""

    def __init__(self) -> None:
        self._digits: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def learn(self, heard: list[tuple[str, str]]) -> None:
        """Take in what a turn's marks stand for."""
        for kind, said in heard:
            if len(self._digits) + len(self._texts) >= _MOST:
                return
            if kind in _NUMERIC:
                digits = digits_said(lower(said))
                if len(digits) >= _SHORTEST:
                    self._digits[digits] = kind
            if kind in _WORDED:
                words = _WORD.findall(said)
                if sum(map(len, words)) >= 5:
                    self._texts[r"[\W_]{0,3}".join(map(re.escape, words))] = kind
                    self._pattern = None

    def redact(self, text: str, finds: Finds) -> str:
        """The text with marks where it repeats what was found before."""
        if self._texts:
            text = self._redact_texts(text, finds)
        return self._redact_digits(text, finds) if self._digits else text

    def _redact_texts(self, text: str, finds: Finds) -> str:
        if self._pattern is None:
            each = sorted(self._texts, key=lambda said: (-len(said), said))
            self._pattern = re.compile(
                rf"{MARK}|(?<!\w)(?:{'|'.join(f'({said})' for said in each)})(?!\w)", re.IGNORECASE
            )
            self._kinds = [self._texts[said] for said in each]

        def again(found: re.Match[str]) -> str:
            return (
                finds.mark(self._kinds[found.lastindex - 1], found[0])
                if found.lastindex
                else found[0]
            )

        return self._pattern.sub(again, text)

    def _redact_digits(self, text: str, finds: Finds) -> str:
        if finds.words.isdisjoint(NUMBER_WORDS) and not _DIGIT.search(text):
            return text
        lowered = lower(text)
        parts: list[str] = []
        position = 0
        for found in _RUN.finditer(lowered):
            kind = self._kind_of(digits_said(found[0]))
            if (
                not kind
                or is_amount(lowered, found.end())
                or _KEPT.search(lowered, max(0, found.start() - 30), found.start())
            ):
                continue
            parts += [text[position : found.start()], finds.mark(kind, text[slice(*found.span())])]
            position = found.end()
        return "".join([*parts, text[position:]])

    def _kind_of(self, digits: str) -> str | None:
        """The kind of a number that was said before, as a whole or for the better part."""
        if len(digits) < _SHORTEST:
            return None
        if kind := self._digits.get(digits):
            return kind
        for known, kind in self._digits.items():
            if len(digits) >= 4 and (
                (digits in known and 2 * len(digits) >= min(len(known), 8))
                or (len(known) >= 6 and known in digits)
            ):
                return kind
        return None
