"""Marked words, widened to whole words and clauses as people read them. Pure.

The engine marks what it matched: a word, or a few letters on either side of one. On screen a mark
is a clause, up to the next mark or punctuation; greetings and words that say nothing by themselves
are not marked.
"""

import re
from collections.abc import Sequence
from typing import Final

Range = tuple[int, int]

LONGEST: Final = 24  # words: speech without punctuation has no clauses to widen to
BESIDE: Final = 3  # words taken on either side then

_WORD = re.compile(
    r"\[[A-Z_]+\]|[^\W_]+(?:['\u2019\-][^\W_]+)*|[\u2600-\u27bf\U0001f300-\U0001faff]+"
)
_BREAK = re.compile(
    r"[.?!\u2026]+(?=[\s\"'\u201d\u2019)\]]|$)|[,;:](?=\s|$)|\n+|[()\u201c\u201d\"]|\s[-\u2013\u2014]+\s|\u2014"
)
_GREETING = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))\b(?:\W+[\w\[\]'\u2019-]+){0,3}\W*",
    re.IGNORECASE,
)
_GREETED = re.compile(_GREETING.pattern.removesuffix("\\W*") + r"\s*[,.!\n]", re.IGNORECASE)
_FUNCTION_WORDS: Final = """
a an and are as at be been being but by can did do does for from had has have he her him
his i i'd i'll i'm i've if in is it it's its just may me my not of on or our see she
should so that that's the their them then there these they this those to too up us want
was we were what when where which who will with would you you're your
"""
_EMPTY: Final = frozenset(_FUNCTION_WORDS.split())


def clauses(text: str, marked: Sequence[Range]) -> list[Range | None]:
    """Return each of these ranges widened to its clause; None where it is not worth a mark."""
    words = [found.span() for found in _WORD.finditer(text)]
    breaks = [found.span() for found in _BREAK.finditer(text)]
    whole = [_whole(words, one) for one in marked]
    taken = [one for one in whole if one]
    return [_clause(text, words, breaks, one, taken) if one else None for one in whole]


def _whole(words: Sequence[Range], marked: Range) -> Range | None:
    """From the first to the last word that a range touches."""
    touched = [word for word in words if word[0] < marked[1] and marked[0] < word[1]]
    return (touched[0][0], touched[-1][1]) if touched else None


def _clause(
    text: str,
    words: Sequence[Range],
    breaks: Sequence[Range],
    marked: Range,
    taken: Sequence[Range],
) -> Range | None:
    left = max((end for _, end in breaks if end <= marked[0]), default=0)
    right = min((start for start, _ in breaks if start >= marked[1]), default=len(text))
    left = max([left, *(end for _, end in taken if end <= marked[0])])
    if any(marked[1] <= start < right for start, _ in taken):
        right = marked[1]  # what lies between two marks goes with the second
    inside = [word for word in words if left <= word[0] and word[1] <= right]
    if len(inside) > LONGEST:
        inside = _near(inside, marked)
    found = (min(inside[0][0], marked[0]), max(inside[-1][1], marked[1])) if inside else marked
    found = _without_greeting(text, found)
    return None if _says_nothing(text[found[0] : found[1]]) else found


def _without_greeting(text: str, marked: Range) -> Range:
    """A range that begins with a greeting, from the first word behind it."""
    greeting = _GREETED.match(text, *marked)
    behind = _WORD.search(text, greeting.end(), marked[1]) if greeting else None
    return (behind.start(), marked[1]) if behind else marked


def _near(words: Sequence[Range], marked: Range) -> list[Range]:
    """The words of a range, and a few beside it where it has only one or two itself."""
    own = [at for at, word in enumerate(words) if marked[0] <= word[0] and word[1] <= marked[1]]
    beside = BESIDE if len(own) < BESIDE else 0
    return list(words[max(0, own[0] - beside) : own[-1] + 1 + beside])


def _says_nothing(said: str) -> bool:
    found = [word.lower().replace("\u2019", "'") for word in _WORD.findall(said)]
    return all(word in _EMPTY for word in found) or bool(_GREETING.fullmatch(said))
