"""Who wrote a mail: `Name <address>`, however the header spells it."""

import re
from email.utils import getaddresses
from typing import Final

from transcripts.formats.mail.mime import decode_words
from transcripts.formats.validation import MAX_NAME

MAX_PEOPLE: Final = 50  # of one header

_AT: Final = re.compile(r"(?<=[\w.+-]) (?:at|AT) (?=[\w-]{1,60}\.)")
_NAME_AFTER: Final = re.compile(r"([^\s()<>]{1,200}@[^\s()<>]{1,200})\s{0,5}\(([^()]{1,200})\)")
_ADDRESS: Final = re.compile(r"[^\s<>\"'(),;:]{1,100}@[^\s<>\"'(),;:]{1,200}")
_QUOTES: Final = "\"' "


def people(raw: str) -> list[str]:
    """Everybody a header names, each as `Name <address>`, the address or the name alone."""
    plain = raw[: MAX_PEOPLE * MAX_NAME]
    if "(" in plain or "@" not in plain:
        return [person] if (person := label(plain)) else []
    try:
        pairs = getaddresses([plain])
    except (IndexError, RecursionError):
        return [person] if (person := label(plain)) else []
    named = (_label(decode_words(name), address) for name, address in pairs[:MAX_PEOPLE])
    return [person for person in named if person]


def label(raw: str) -> str:
    """The one whom a From header names; archives write `jo at x.org (Jo)` for `Jo <jo@x.org>`."""
    plain = _AT.sub("@", raw.replace("\x00", "")[:2_000])
    if match := _NAME_AFTER.search(plain):
        return _label(decode_words(match[2]), match[1])
    address = _ADDRESS.search(plain)
    if address is None:
        return _label(decode_words(plain), "")
    name = plain[: address.start()].rstrip("<( ")
    return _label(decode_words(name), address[0])


def address_of(person: str) -> str:
    """The address in a label, in lower case; empty where it has none."""
    match = _ADDRESS.search(person)
    return match[0].lower() if match else ""


def _label(name: str, address: str) -> str:
    bare = name.strip(_QUOTES).replace('\\"', '"').replace('" "', " ")
    same = _AT.sub("@", bare).casefold() == address.casefold()
    if not bare or same:
        return address[:MAX_NAME]
    if not address:
        return bare[:MAX_NAME]
    return f"{bare[: max(1, MAX_NAME - len(address) - 3)]} <{address}>"[:MAX_NAME]
