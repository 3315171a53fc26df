"""The words of a name: where it ends, and which words may be part of one."""

import re
from typing import Final

from transcripts.redaction.vocabulary import COMMON, words

FIRST_NAMES: Final = words("first_names")
_EVERYDAY: Final = words("everyday_names") | FIRST_NAMES
TITLES: Final = words("titles")
_PARTICLES: Final = words("name_particles")
_LONGEST: Final = 8  # words of a name, its titles and particles among them
WORD: Final = re.compile(r"[^\W\d_]{1,40}+(?:['\u2019-][^\W\d_]{2,40}+){0,3}+")
_NEXT: Final = re.compile(r"(?:\. ?| ) ?(?=[^\W\d_])")
GOES_ON: Final = re.compile(r"[\w@]|\.[\w@]|['\u2019-]\d")


def name_from(text: str, start: int) -> list[re.Match[str]]:
    """The words of a name that begins here: capitals as long as they go on, else up to two."""
    said: list[re.Match[str]] = []
    held: list[re.Match[str]] = []  # "van der", if a name follows
    position = start
    for index in range(_LONGEST):
        found = WORD.match(text, position)
        if not found or len(said) == 4 or len(held) == 3:
            break
        plain = found[0].casefold()
        capital = found[0][0].isupper() or not found[0][0].islower()
        title = plain in TITLES and not index
        if not title and plain in _PARTICLES and not capital:
            held.append(found)
        elif not title:
            same = not said or capital == is_cased(said)
            if not (same and _is_name(plain, capital, len(said))):
                break
            said += [*held, found]
            held = []
        onward = _NEXT.match(text, found.end())
        stops = onward and onward[0].startswith(".") and len(plain) > 1 and not title
        if not onward or stops or (not capital and not held and len(said) == 2):
            break
        position = onward.end()
    return said


def is_cased(taken: list[re.Match[str]]) -> bool:
    """True if a name is written with capitals, or in a script without any."""
    return any(word[0][0].isupper() or not word[0][0].islower() for word in taken)


def _is_name(plain: str, capital: bool, count: int) -> bool:
    """True if a word may be part of a name: no everyday word, unless it is written as one."""
    if plain not in COMMON:
        return plain != "i" and (len(plain) > 1 or capital)
    if capital:
        return plain in _EVERYDAY
    return plain in FIRST_NAMES and not count
