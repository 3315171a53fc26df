"""E-mail addresses, and web addresses that let whoever holds them in."""

import re
from collections import Counter
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from transcripts.redaction.marks import MARK, mark
from transcripts.redaction.vocabulary import words

_EMAIL: Final = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++")
_SPOKEN_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}+(?: (?:dot|underscore|dash|hyphen|plus) [\w.+-]{1,64}+){0,5}"
    r" at (?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|proton ?mail|live|msn|gmx)"
    r"(?: dot |\.)(?:com|co(?: dot |\.)uk|net|org|de|fr|me|ca)(?!\w)",
    re.IGNORECASE,
)
_URL: Final = re.compile(r"(?<![\w+.-])(?:[A-Za-z][\w+.-]*+://|www\.)[^\s<>\"]++", re.IGNORECASE)
_TOKEN_NAMES: Final = words("token_parameters")
_LETS_IN: Final = re.compile(
    r"reset|verif|confirm|invit|magic|log-?in|sign-?in|activat|token|auth|unsubscribe|recover",
    re.IGNORECASE,
)
_ONE_TIME: Final = re.compile(r"(?=[^/]*\d)[\w.~=-]{12,}")
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}")
_TAIL: Final = ".,;:!?)]}'\u2019*_"


def redact_emails(text: str, counts: Counter[str]) -> str:
    """[EMAIL] for addresses, written or spoken out ("jane dot doe at gmail dot com")."""

    def address(found: re.Match[str]) -> str:
        kept = len(found[0]) - len(found[0].lstrip("'.-"))
        return found[0][:kept] + mark("EMAIL", counts)

    if "@" in text:
        text = _EMAIL.sub(address, text)
    return _SPOKEN_EMAIL.sub(address, text) if " at " in text.casefold() else text


def redact_urls(text: str, counts: Counter[str]) -> str:
    """[URL] for a web address with a password or token in it; the others stay as they are."""

    def url(found: re.Match[str]) -> str:
        address = found[0].rstrip(_TAIL)
        return mark("URL", counts) + found[0][len(address) :] if _lets_in(address) else found[0]

    return _URL.sub(url, text) if "://" in text or "www." in text.casefold() else text


def _lets_in(address: str) -> bool:
    """Whether an address has a user with a password, a token, or a one-time path."""
    try:
        parts = urlsplit(address)
        named = parse_qsl(parts.query.replace(";", "&")) + parse_qsl(parts.fragment)
    except ValueError:
        return True  # not an address that can be judged
    if "@" in parts.netloc and ":" in parts.netloc.rpartition("@")[0]:
        return True
    if any(_is_token(name, value) for name, value in named):
        return True
    steps = pairwise(parts.path.split("/"))
    if any(_LETS_IN.search(step) and _ONE_TIME.fullmatch(last) for step, last in steps):
        return True
    return _JWT.search(address) is not None


def _is_token(name: str, value: str) -> bool:
    plain = re.sub(r"[\W_]+", "", name).casefold()
    if re.fullmatch(MARK, value):
        return False
    return plain in _TOKEN_NAMES or (plain in ("code", "state", "t") and len(value) >= 16)
