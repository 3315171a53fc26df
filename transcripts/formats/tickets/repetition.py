"""A ticket's description that says the customer's first message once more."""

import re
from typing import Final

from qa.core.texts import gettext_noop

REPEATED: Final = gettext_noop("The description repeats the first message and was left out.")
LEAD: Final = 6  # words before the message: "Chat request:"
LONG: Final = 80  # characters of a description that may be cut off without a mark
FEWEST: Final = 3  # words in common, where the description is not the whole message

_CUT: Final = re.compile(r"\s*(?:…|\.{3,}|\[\.\.\.\])\s*$")
_LEAD: Final = re.compile(r"[^:\n]{1,80}[:\n]\s*")
_SENTENCE: Final = re.compile(r"[.?!]\s")
_WORD: Final = re.compile(r"\w+")


def repeats(description: str, message: str) -> bool:
    """True if a description is a message, with a few words before it, or cut off."""
    places = list(_WORD.finditer(bare := _CUT.sub("", description).casefold()))
    told = [place[0] for place in places]
    said = _WORD.findall(message.casefold())
    if not said or not told:
        return False
    lead = len(told) - len(said)
    if lead == 0 and told == said:
        return True
    led = _led(description)
    if 0 < lead <= LEAD and told[lead:] == said:
        above = bare[: places[lead].start()]
        return lead == led or (len(said) >= FEWEST and not _SENTENCE.search(above))
    cut = len(bare) < len(description.rstrip()) or len(description) >= LONG
    return cut and any(_begins(said, told[start:]) for start in {0, led})


def _led(description: str) -> int:
    """How many words stand before the first colon or line break."""
    found = _LEAD.match(description)
    return len(_WORD.findall(found[0])) if found else 0


def _begins(said: list[str], told: list[str]) -> bool:
    """True if a message begins with these words, the last of which may be cut in its middle."""
    if len(told) < FEWEST or len(told) > len(said):
        return False
    whole = len(told) - 1
    return said[:whole] == told[:whole] and said[whole].startswith(told[whole])
