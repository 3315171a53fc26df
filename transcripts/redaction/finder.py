"""Names that nobody introduces, pointed at by a finder from outside: a language model, say.

This package knows only what a finder is. What it points at is trusted with names alone, and not
blindly: marks are left out, and so are words that are nobody's name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from transcripts.redaction.introductions import Introduced
from transcripts.redaction.marks import MARK
from transcripts.redaction.names import words_of
from transcripts.redaction.vocabulary import COMMON

# Texts in; for each of them, in their order, the half-open ranges in which people are named.
NameFinder: TypeAlias = Callable[[Sequence[str]], Iterable[Iterable[tuple[int, int]]]]

_LANGUAGE: Final = "en"  # the finder's; talk in other languages is not shown to it
_PIECE: Final = re.compile(rf"{MARK}|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_POSSESSIVE: Final = re.compile(r"['\u2019]s?$")


def is_readable(language: str | None) -> bool:
    """True if a finder of English names may be asked about talk in this language."""
    return language is None or language.casefold().startswith(_LANGUAGE)


def found_names(texts: Sequence[str], finder: NameFinder) -> Iterator[list[Introduced]]:
    """For each text, where it names people."""
    for text, spans in zip(texts, finder(texts), strict=True):
        yield [name for start, end in spans for name in _names_in(text, start, end)]


def _names_in(text: str, start: int, end: int) -> Iterator[Introduced]:
    """What of a find is a name: its words from the first that may be one to the last."""
    pieces = [piece.span() for piece in _PIECE.finditer(text, start, end)]
    if any(text[first] == "[" for first, _ in pieces):
        return
    pieces = [(first, last) for first, last in pieces if not _is_glued(text, first, last)]
    while pieces and not _is_name(text[slice(*pieces[0])]):
        pieces.pop(0)
    while pieces and not _is_name(text[slice(*pieces[-1])]):
        pieces.pop()
    if pieces:
        first, last = pieces[0][0], pieces[-1][1]
        yield Introduced(first, last - len(_possessive(text[first:last])))


def _is_name(word: str) -> bool:
    bare = _POSSESSIVE.sub("", word)
    return bool(words_of(bare)) and bare[:1].isupper() and bare.casefold() not in COMMON


def _is_glued(text: str, first: int, last: int) -> bool:
    """True if a word is a piece of a longer one, as in "BA117"."""
    return text[first - 1 : first].isalnum() or text[last : last + 1].isalnum()


def _possessive(name: str) -> str:
    found = _POSSESSIVE.search(name)
    return found[0] if found else ""
