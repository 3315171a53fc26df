"""Codes that are said letter by letter: an IBAN, a passport, a PAN, a national insurance number.

A run that spelt.py reads is judged as what it spells: by check digits, by what announces it, and by
what was asked for.
"""

from collections.abc import Iterator
from typing import Final

from transcripts.redaction import identities, national
from transcripts.redaction.marks import Finds, before, is_reference
from transcripts.redaction.spelt import Token, code_of, may_be_spelt, runs

_LEAST: Final = 6  # signs of a code
_MOST: Final = 48  # tokens of a run that is read; nobody spells more at once


def redact_spelt(text: str, finds: Finds) -> str:
    """The marks of codes that are said letter by letter."""
    if not may_be_spelt(text, finds.words):
        return text
    parts: list[str] = []
    position = 0
    for run in runs(text):
        for start, end, kind in _codes_in(run, text, finds):
            parts += [text[position:start], finds.mark(kind, text[start:end])]
            position = end
    return "".join([*parts, text[position:]]) if parts else text


def _codes_in(run: list[Token], text: str, finds: Finds) -> Iterator[tuple[int, int, str]]:
    """Where in a run codes stand, and of what kind they are: mostly the whole of it, or nothing."""
    run = run[:_MOST]
    code = code_of(run)
    if len(code) < _LEAST or code.isalpha() or code.isdecimal():
        return
    start, end = run[0].start, run[-1].end
    if stop := identities.end_of_iban(code):
        yield start, _end_at(run, stop), "IBAN"
        return
    in_front = before(text, start, national.REACH)
    for first in range(min(2, len(run) - 1)):  # "it's a, X two two seven one": one may be a word
        kind = national.announced_code(code_of(run[first:]), in_front, finds.asked)
        if kind and not is_reference(text, start):
            yield run[first].start, end, kind
            return
    last = len(run) - 1
    while last > 1 and len(code_of(run[:last])) >= _LEAST:
        if kind := national.announced_code(code_of(run[:last]), in_front, finds.asked):
            yield start, run[last - 1].end, kind
            return
        last -= 1


def _end_at(run: list[Token], signs: int) -> int:
    """Where the first so many signs of a run end."""
    seen = 0
    for token in run:
        seen += len(token.signs)
        if seen >= signs:
            return token.end
    return run[-1].end
