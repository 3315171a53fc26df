"""E-mail addresses, and web addresses that let whoever holds them in."""

import re
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from transcripts.redaction.marks import MARK, URL_SIGNS, Finds, before
from transcripts.redaction.vocabulary import words

_EMAIL: Final = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++")
_B: Final = r"[ \x1f]"
_AT: Final = rf"(?:{_B}at{_B}(?:the{_B}rate(?:{_B}of)?{_B}|sign{_B})?|{_B}@{_B}| ?[\[(]at[\])] ?)"
_DOT: Final = rf"(?:{_B}(?:dot|period|point){_B}| ?[\[(]dot[\])] ?|\.)"
_NUMBER: Final = (
    r"\d{1,4}|zero|oh|one|two|three|four|five|six|seven|eight|nine|\w{2,6}teen|\w{3,5}ty|ten|"
    r"eleven|twelve|double"
)
_SIGN: Final = rf"{_B}(?:underscore|under score|dash|hyphen|plus|minus){_B}"
_TLD: Final = (
    "com|net|org|edu|gov|io|info|biz|eu|uk|us|de|fr|es|it|nl|ie|ca|in|au|nz|za|me|at|ch|be|se|no|"
    "dk|fi|pl|pt|gr|"
    "cz|hu|ro|ru|cn|jp|kr|sg|hk|my|ph|id|th|ae|il|tr|mx|ar|cl|pe|br|co|dev|app|online|shop|cloud|"
    "tech|"
    r"mail|example|test|i[ .]e|d[ .]e|c[ .]a|a[ .]u|u[ .]k|u[ .]s|i[ .]n|n[ .]z|e[ .]u|c[ .]o[ .]m"
)
_SPOKEN: Final = re.compile(
    rf"(?<![\w.+'\u2019-])(?P<spelt>(?:\w[ "
    rf"-]){{0,30}})(?P<local>[\w+-]{{1,64}}+(?:['\u2019]\w{{1,40}}+)?"
    rf"(?:(?:{_DOT}|{_SIGN})[\w+-]{{1,64}}+|{_B}(?:{_NUMBER})(?!\w)){{0,7}})"
    rf"(?P<at>{_AT})"
    rf"(?P<domain>[\w-]{{1,63}}+(?:{_B}(?!dot|dash|hyphen|point|"
    rf"period)[\w-]{{2,20}}(?={_B}(?:dot|dash|hyphen|point|period)))?(?:{_SIGN}[\w-]{{1,63}}+)?"
    rf"(?:{_DOT}[\w-]{{2,63}}+){{0,3}}?)"
    rf"{_DOT}(?:(?:c ?o|com|org|net|a ?c|gov){_DOT}(?:uk|u[ .]k|i[ .]n|a[ .]u|in|nz|za|jp|kr|"
    rf"au|br|mx|sg)|{_TLD})(?!\w)",
    re.IGNORECASE,
)
_SELF_EVIDENT: Final = re.compile(
    r" (?:underscore|dot|dash|hyphen) [^@]*@|\d[^@]*@| (?:one|two|three|four|five|six|seven|"
    r"eight|nine|zero)[^@]*@|@(?: @ |.* sign|.?[\[(]| at the rate)"
    r"|@.*[ (\]@)](?:g ?mail|googlemail|yahoo|hot ?mail|out ?look|i ?cloud|aol|proton ?mail|live|"
    r"msn|"
    r"gmx|web|mailbox|post ?box|t-online|yandex|zoho|fastmail)\b"
    r"|@.* (?:dash|hyphen) ",
    re.IGNORECASE,
)
ADDRESS_WORDS: Final = frozenset(("at",))  # in every address that is spoken out
_MAYBE_SPOKEN: Final = re.compile(
    r"[ \x1f\[(](?:at|@)(?: sign)?[ \x1f\])][^\n]{1,80}?(?:\.[a-z]|[ \x1f](?:dot|point|period)[ "
    r"\x1f]|dot[\])])"
)
_VERSION: Final = re.compile(r"@v?\d[\w-]*\.|\.\d+$")  # "left-pad@1.3.0" is a package
_DOTTED: Final = re.compile(r"\.[a-z]", re.IGNORECASE)
_EMAIL_SAID: Final = re.compile(
    r"\be-?mail|\bmail (?:id|me|address)|\b(?:write|send|forward|reply)\b[\w ]{0,20}\bto\b",
    re.IGNORECASE,
)
_URL: Final = re.compile(r"(?<![\w+.-])(?:[A-Za-z][\w+.-]*+://|www\.)[^\s<>\"]++", re.IGNORECASE)
_TOKEN_NAMES: Final = words("token_parameters")
_LETS_IN: Final = re.compile(
    r"reset|verif|confirm|invit|magic|log-?in|sign-?in|activat|token|auth|unsubscribe|recover|"
    r"^join$|"
    r"^share|^accept$|^private|^i$|^ical$|^feed$|^access$|^view$|^d$|^s$|^guest|^session|^setup|"
    r"^claim|^download",
    re.IGNORECASE,
)
_ONE_TIME: Final = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[\w.~=-]{10,}|[0-9a-fA-F-]{20,}")
_RANDOM: Final = re.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w.~=+/-]{10,}")
_PLAIN_PARAMETERS: Final = frozenset(("v", "list", "si", "utmid", "gclid", "fbclid", "q", "id"))
_TOKEN_PART: Final = re.compile(
    r"token|secret|passw|invit|apikey|accesskey|sharekey|authkey|magic|otp"
)
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}")
_TAIL: Final = ".,;:!?)]}'\u2019*_"


_DOT_WORDS: Final = frozenset(("dot", "point", "period"))


def redact_emails(text: str, finds: Finds) -> str:
    """[EMAIL] for addresses, written or spoken out ("jane dot doe at gmail dot com")."""

    def address(found: re.Match[str]) -> str:
        if _VERSION.search(found[0]):
            return found[0]
        kept = len(found[0]) - len(found[0].lstrip("'.-"))
        return found[0][:kept] + finds.mark("EMAIL", found[0][kept:])

    if "@" in text:
        text = _EMAIL.sub(address, text)
    if "@" not in text and not may_be_address(text, finds.words):
        return text

    def spoken(found: re.Match[str]) -> str:
        parts = f"{found['local']}@{found['at']}{found['domain']}"
        spelt = found["spelt"]
        own = _SELF_EVIDENT.search(parts) or len(spelt) >= 4 or (spelt and spelt[0] not in "aAiI")
        said = "email" in finds.asked or _EMAIL_SAID.search(before(text, found.start(), 60))
        return finds.mark("EMAIL", found[0]) if own or said else found[0]

    return _SPOKEN.sub(spoken, text) if _MAYBE_SPOKEN.search(text.casefold()) else text


def may_be_address(text: str, words: frozenset[str]) -> bool:
    """True if the words of a spoken address are there: an "at", and a "dot" or a written one."""
    return "at" in words and (not words.isdisjoint(_DOT_WORDS) or _DOTTED.search(text) is not None)


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
    if plain in _TOKEN_NAMES or _TOKEN_PART.search(plain):
        return True
    if plain in ("code", "state", "t") and len(value) >= 16:
        return True
    return plain not in _PLAIN_PARAMETERS and _RANDOM.fullmatch(value) is not None
