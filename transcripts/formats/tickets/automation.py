"""Messages that a help desk sent by itself, in an agent's or in nobody's name.

Desks say so in a field: how a message was delivered, by which channel, which rule sent it.
"""

import re
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.json_values import text
from transcripts.formats.vocabulary import words

AUTOMATIC: Final = gettext_noop(
    "Messages that the help desk sent by itself are shown as those of a bot."
)

_AUTOMATIC: Final = frozenset(words("automation", "senders"))
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


def says_automatic(*values: Any) -> bool:
    """True if a field names a rule, a campaign or the like as what sent a message."""
    return any(
        _AUTOMATIC & {word.casefold() for word in _WORD.findall(text(value)[:100])}
        for value in values
    )


def names_rule(*values: Any) -> bool:
    """True if a field for a rule or an automation holds one: an id, a name, or `true`."""
    return any(value is True or (bool(text(value)) and text(value) != "0") for value in values)
