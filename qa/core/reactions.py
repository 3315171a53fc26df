"""Messages that only react to another message, as phones and messengers send them in words.

    is_reaction('Loved "See you Friday"')                # True, by its wording
    is_reaction('Le gusta "See you Friday"', earlier)    # by the message that it quotes

An iPhone sends a tapback to other phones as `Loved "..."`, Google's Messages as a sign and
`to "..."`. In other languages the quoted message tells: it stands whole earlier in the talk, and
before it stands a word or three that are no sentence.
"""

import re
from collections.abc import Collection
from typing import Final

MOST: Final = 6_000  # characters of a message that is looked at
_OPEN: Final = '\u201c\u201e\u00ab\u2039\u300c"'
_CLOSE: Final = '\u201d\u201c\u00bb\u203a\u300d"'
_QUOTE: Final = rf"[{_OPEN}]\s?(?P<quote>.+?)\s?[{_CLOSE}]"
_THING: Final = (
    r"(?:an?|the|your) (?:image|photo|picture|video|movie|audio message|voice message|attachment|"
    r"sticker|link|file|contact|location|gif|message|memoji)"
)
_VERB: Final = (
    r"(?:Loved|Liked|Disliked|Laughed at|Emphasi[sz]ed|Questioned"
    r"|Removed (?:an?|the) [^\n\u201c\"]{1,40} from|Removed \S{1,12} from"
    r"|Reacted (?:with )?\S{1,12} to|\S{1,12} to)"
)
_SIGN_TO: Final = re.compile(r"(?P<sign>\S{1,12}) to ")
_WORDED: Final = re.compile(rf"{_VERB} (?:{_QUOTE}|{_THING})[.\s]*", re.DOTALL)
_QUOTING: Final = re.compile(
    rf"(?P<before>[^\n{_OPEN}.!?:;,]{{1,40}}?)\s*{_QUOTE}(?P<after>[^\n{_CLOSE}.!?:;,]{{0,30}})",
    re.DOTALL,
)
_CUT_OFF: Final = ("\u2026", "...")
_FEWEST: Final = 8  # characters of a quoted message that is no chance
_PERSON: Final = re.compile(
    r"\b(?:i|you|he|she|we|they|it|who|said|says?|wrote|told|why|what|and|but|not?)\b",
    re.IGNORECASE,
)
_FIRST_SIGN: Final = "\u2000"


def is_reaction(message: str, earlier: Collection[str] = ()) -> bool:
    """True if a message is a reaction; `earlier` holds what `as_quoted` gives of those before."""
    bare = message.strip().lstrip("\u200e\u200f")
    if not bare or len(bare) > MOST or not _may_be(bare):
        return False
    worded = _WORDED.fullmatch(bare)
    if worded:
        sign = _SIGN_TO.match(bare)
        return sign is None or all(letter > _FIRST_SIGN for letter in sign["sign"])
    return bool(earlier) and _quotes_earlier(bare, earlier)


def as_quoted(message: str) -> str:
    """A message as a reaction to it would quote it."""
    return " ".join(message.split())[:MOST]


def _may_be(bare: str) -> bool:
    return any(mark in bare for mark in _OPEN) or _WORDED.fullmatch(bare[:200]) is not None


def _quotes_earlier(bare: str, earlier: Collection[str]) -> bool:
    found = _QUOTING.fullmatch(bare)
    if found is None or _PERSON.search(found["before"]):
        return False
    if len((found["before"] + found["after"]).split()) > 5:
        return False
    quote = as_quoted(found["quote"])
    if len(quote) < _FEWEST:
        return False
    if quote in earlier:
        return True
    cut = next((mark for mark in _CUT_OFF if quote.endswith(mark)), "")
    begun = quote.removesuffix(cut).rstrip()
    return bool(cut) and any(message.startswith(begun) for message in earlier)
