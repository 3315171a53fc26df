"""E-mail addresses, and web addresses that let whoever holds them in."""

import re
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from transcripts.redaction.marks import MARK, URL_SIGNS, Finds, before
from transcripts.redaction.vocabulary import words

_EMAIL: Final = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++")
_AT: Final = r"(?: at(?: sign)? | @ | ?[\[(]at[\])] ?)"
_DOT: Final = r"(?: dot | ?[\[(]dot[\])] ?|\.)"
_NUMBER: Final = r"\d{1,4}|zero|one|two|three|four|five|six|seven|eight|nine|\w{2,6}teen|\w{3,5}ty"
_SPOKEN: Final = re.compile(
    r"(?<![\w.+'\u2019-])(?P<spelt>(?:\w[ -]){0,30})(?P<local>[\w+-]{1,64}+"
    rf"(?:(?:{_DOT}| (?:underscore|dash|hyphen|plus) )[\w+-]{{1,64}}+| (?:{_NUMBER})){{0,5}})"
    rf"(?P<at>{_AT})"
    rf"(?P<domain>[\w-]{{1,63}}+(?: (?:dash|hyphen) [\w-]{{1,63}}+)?"
    rf"(?:{_DOT}[\w-]{{2,63}}+){{0,3}}?)"
    rf"{_DOT}(?:com|co(?:{_DOT}| )uk|net|org|edu|gov|io|info|biz|eu|uk|us|de|fr|es|it|nl|ie|ca|in|"
    r"au|nz|za|me|example|test)(?!\w)",
    re.IGNORECASE,
)
_SELF_EVIDENT: Final = re.compile(
    r" (?:underscore|dot) [^@]*@|\d[^@]*@|@(?: @ |.* sign|.?[\[(])"
    r"|@.*[ (\]@)](?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|proton ?mail|live|msn|"
    r"gmx)\b",
    re.IGNORECASE,
)
ADDRESS_WORDS: Final = frozenset(("at",))  # in every address that is spoken out
_MAYBE_SPOKEN: Final = re.compile(
    r"[ \[(](?:at|@)(?: sign)?[ \])][^\n]{1,80}?(?:\.[a-z]| dot |dot[\])])"
)
_DOTTED: Final = re.compile(r"\.[a-z]", re.IGNORECASE)
_EMAIL_SAID: Final = re.compile(r"\be-?mail", re.IGNORECASE)
_URL: Final = re.compile(r"(?<![\w+.-])(?:[A-Za-z][\w+.-]*+://|www\.)[^\s<>\"]++", re.IGNORECASE)
_TOKEN_NAMES: Final = words("token_parameters")
_LETS_IN: Final = re.compile(
    r"reset|verif|confirm|invit|magic|log-?in|sign-?in|activat|token|auth|unsubscribe|recover",
    re.IGNORECASE,
)
_ONE_TIME: Final = re.compile(r"(?=[^/]*\d)[\w.~=-]{12,}")
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}")
_TAIL: Final = ".,;:!?)]}'\u2019*_"


def redact_emails(text: str, finds: Finds) -> str:
    """[EMAIL] for addresses, written or spoken out ("jane dot doe at gmail dot com")."""

    def address(found: re.Match[str]) -> str:
        kept = len(found[0]) - len(found[0].lstrip("'.-"))
        return found[0][:kept] + finds.mark("EMAIL", found[0][kept:])

    if "@" in text:
        text = _EMAIL.sub(address, text)
    if "@" not in text and not may_be_address(text, finds.words):
        return text

    def spoken(found: re.Match[str]) -> str:
        parts = f"{found['local']}@{found['at']}{found['domain']}"
        own = _SELF_EVIDENT.search(parts) or len(found["spelt"]) >= 4
        said = finds.asked == "email" or _EMAIL_SAID.search(before(text, found.start(), 60))
        return finds.mark("EMAIL", found[0]) if own or said else found[0]

    return _SPOKEN.sub(spoken, text) if _MAYBE_SPOKEN.search(text.casefold()) else text


def may_be_address(text: str, words: frozenset[str]) -> bool:
    """True if the words of a spoken address are there: an "at", and a "dot" or a written one."""
    return "at" in words and ("dot" in words or _DOTTED.search(text) is not None)


def redact_urls(text: str, finds: Finds) -> str:
    """[URL] for a web address with a password or token in it; the others stay as they are."""

    def url(found: re.Match[str]) -> str:
        address = found[0].rstrip(_TAIL)
        if not _lets_in(address):
            return found[0]
        return finds.mark("URL", address) + found[0][len(address) :]

    return text if finds.words.isdisjoint(URL_SIGNS) else _URL.sub(url, text)


def _lets_in(address: str) -> bool:
    """True if an address has a user with a password, a token, or a one-time path."""
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
