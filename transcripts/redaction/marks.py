"""The marks that stand in place of personal data, and what the rules share.

A rule is a function `(text, finds) -> text`. Every pattern here and in its neighbours reads a text
once from left to right, whatever it holds: a run of characters begins only where the one before it
ended, so hostile input cannot make it slow.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeAlias

KINDS: Final = (
    "CARD", "IBAN", "BANK", "SSN", "NINO", "NATIONAL_ID", "DOB", "ADDRESS", "EMAIL", "PHONE", "URL",
    "SECRET", "NAME", "WORD",
)  # fmt: skip
ALWAYS: Final = frozenset({"CARD", "WORD"})  # nobody may keep these
MARK: Final = rf"\[(?:{'|'.join(KINDS)})\]"
URL_SIGNS: Final = ("://", "www.")  # one of these is in every web address
KEY_SIGNS: Final = ("_", "akia", "asia", "xox", "eyj", "bearer")  # and one of these in every key
SIGNS: Final = (*URL_SIGNS, *KEY_SIGNS)
_LETTERS: Final = re.compile(r"[a-zé]+")
_NO_LETTERS: Final = re.compile(r"[^a-zé\0]+")
_BLANKS: Final = {place: " " for place in range(1, 128) if not chr(place).islower()}
BREAK: Final = "\x1f"  # between turns that are read as one; a blank for every rule
LOOK_BACK: Final = 48  # characters before a find that may say what it is

_REFERENCE: Final = re.compile(
    r"(?:\b(?:order|invoice|ticket|case|ref(?:erence)?|tracking|serial|model|part|item|sku|rma|"
    r"booking|confirmation|flight|parcel|shipment|article|product|version|build|release|job|"
    r"transaction|receipt|batch|asin|isbn|ean|upc|p\.?o\.?|account|policy|claim|member|customer|"
    r"user|requester|imei|iccid|vin|meter|registration|charity|vat|loyalty|gift card|"
    r"consignment|waybill|error|id)\b"
    r"(?:[ -]?(?:card|holder))?"
    r"(?:[ -]?(?:numbers?|no\.?|num|nr\.?|id|code|ref(?:erence)?))?"
    r"(?:[,:]?\s(?:is|was|are|being|it's|it is|that's|reads|ends in|um|uh|so)){0,3}|#)"
    r"\s*[:=#(,-]?\s*[\"']?(?:[A-Za-z]{1,4}[-_]?)?$",
    re.IGNORECASE,
)
_IS_REFERENCE: Final = re.compile(
    r",? (?:as|is|was|for) (?:your|my|the|our) "
    r"(?:order|invoice|ticket|case|reference|booking|tracking|account|customer|confirmation|claim)",
    re.IGNORECASE,
)


class Finds:
    """Counts what one pass finds; knows which kinds are wanted and what was asked just before.

    `words` are those of the text at the beginning of the pass, see `words_in`; `role` is its
    speaker's. `heard`, where it is given, gets each find and its kind, for later turns repeat it.
    """

    __slots__ = ("asked", "counts", "heard", "role", "wanted", "words")

    def __init__(
        self,
        counts: Counter[str],
        wanted: Collection[str] = KINDS,
        *,
        asked: str = "",
        words: frozenset[str] = frozenset(),
        role: str = "",
        heard: list[tuple[str, str]] | None = None,
    ) -> None:
        self.counts = counts
        self.wanted = wanted
        self.asked = asked
        self.words = words
        self.role = role
        self.heard = heard

    def mark(self, kind: str, said: str) -> str:
        """What stands in place of a find: its mark, counted; itself where its kind is kept.

        A find that runs over a BREAK gets a mark on either side of it.
        """
        if kind not in self.wanted:
            return said
        if BREAK in said:
            return BREAK.join(
                self.mark(kind, piece) if _holds_something(piece) else piece
                for piece in said.split(BREAK)
            )
        self.counts[kind] += 1
        if self.heard is not None:
            self.heard.append((kind, said))
        return f"[{kind}]"


Rule: TypeAlias = Callable[[str, Finds], str]


def _holds_something(piece: str) -> bool:
    return any(character.isalnum() for character in piece)


def digits_of(text: str) -> str:
    """The decimal digits of a text, of any script, as 0 to 9."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def lower(text: str) -> str:
    """The text in lower case, character for character: places in it are places in the text."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def words_in(text: str) -> frozenset[str]:
    """The words of a text without case, and its SIGNS: a look that tells which rules have work."""
    folded = text.casefold()
    words = frozenset(_LETTERS.findall(folded))
    if contains(folded, SIGNS):
        return words.union(sign for sign in SIGNS if sign in folded)
    return words


def words_of_each(texts: Sequence[str]) -> list[frozenset[str]]:
    """The same for each text, read in one go: a talk has many short ones."""
    whole = "\0".join(texts).casefold()
    if contains(whole, SIGNS):
        return list(map(words_in, texts))
    spaced = whole.translate(_BLANKS) if whole.isascii() else _NO_LETTERS.sub(" ", whole)
    return [frozenset(text.split()) for text in spaced.split("\0")]


def contains(text: str, words: tuple[str, ...]) -> bool:
    """True if one of these stands in a text, wherever: a cheap look before a dear one."""
    for word in words:  # noqa: SIM110 (a generator takes three times as long)
        if word in text:
            return True
    return False


def before(text: str, start: int, reach: int = LOOK_BACK) -> str:
    """The words in front of a find."""
    return text[max(0, start - reach) : start]


def is_reference(text: str, start: int, end: int | None = None) -> bool:
    """True if the words around a number say that an order, a ticket or the like is named there."""
    if _REFERENCE.search(before(text, start)):
        return True
    return end is not None and _IS_REFERENCE.match(text, end) is not None
