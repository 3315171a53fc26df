"""How mail programs announce what they quote, in the languages they speak.

2 lines of attribution   On Mon, 3 Jan 2022 at 10:12, Jo Doe <jo@x.org>
                         wrote:
a separator              -----Original Message-----
a block of headers       From: … / Sent: … / To: … / Subject: …
"""

import re
import tomllib
from pathlib import Path
from typing import Final

MAX_ATTRIBUTION: Final = 4  # lines
MAX_ATTRIBUTION_LENGTH: Final = 400  # characters
MAX_HEADERS: Final = 14  # lines of a header block
COLONS: Final = (":", "\uff1a")

_WORDS: Final = tomllib.loads(Path(__file__).with_name("reply_words.toml").read_text("utf-8"))
_KINDS: Final = {word: kind for kind, said in _WORDS["headers"].items() for word in said}
_ORIGINAL: Final = frozenset(_WORDS["original"])
_FORWARDED: Final = frozenset(_WORDS["forwarded"])


def _one_of(words: list[str]) -> str:
    return "|".join(map(re.escape, words))


_WROTE: Final = tuple(word.casefold() for word in _WORDS["wrote"])
_OPENED: Final = re.compile(rf"(?:{_one_of(_WORDS['openers'])})\b.{{0,40}}\d")
_DATED: Final = re.compile(
    r"\W{0,3}\d{1,4}|[^\W\d]{1,12}[.,]{0,2} (?:[^\W\d]{1,12}[.,]? )?\d"  # ons 4 dec. 2024
)
_NAMED: Final = re.compile(r"[^<>@\n]{0,80}<?[^\s<>@]{1,80}@[^\s<>]{3,}")
_ADDRESS: Final = re.compile(r"[\w.+-](?:@| at )[\w-]{1,63}\.|\[mailto:|<[^<>\s]{1,200}@")
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\d{1,2}[\u6642\u70b9\uc2dc]")
_DATE: Final = re.compile(r"\b\d{4}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[\u5e74\ub144]")
_FORWARD_SUBJECT: Final = re.compile(
    rf"\s*(?:\[[^\[\]]{{1,40}}\]\s*)?(?:{_one_of(_WORDS['forward_subjects'])})\s?:", re.IGNORECASE
)
_HEADER_LINE: Final = re.compile(
    r"[ \t*_|]{0,6}([^\W\d][\w \-/]{0,24}?)[ \u00a0]?[*_]{0,2}\s?[:\uff1a]"
)
_DECORATION: Final = "-_=*#>~ \t"


def is_forward(subject: str) -> bool:
    """True if a subject announces a forwarded mail."""
    return _FORWARD_SUBJECT.match(subject) is not None


def is_forward_mark(line: str) -> bool:
    """`---------- Forwarded message ----------` or `Begin forwarded message:`."""
    said = line.strip(_DECORATION + ":").casefold()
    decorated = line.strip().startswith(("--", "==", "__")) or line.rstrip().endswith(":")
    return decorated and said in _FORWARDED and not _is_quoted(line)


def is_separator(line: str) -> bool:
    """`-----Original Message-----` in any language known here."""
    bare = line.strip()
    return (
        bare.startswith(("--", "__", "=="))
        and bare.strip(_DECORATION).casefold().replace("\u2019", "'") in _ORIGINAL
    )


def attribution_end(lines: list[str], start: int) -> int | None:
    """Where the attribution beginning on this line is over, or None if there is none.

    It names a sender or a time, has a word for "wrote", and ends in a colon.
    """
    if not _opens(lines[start].strip()[:200]):
        return None
    joined = ""
    for index in range(start, min(start + MAX_ATTRIBUTION, len(lines))):
        line = lines[index].strip().removeprefix(">").strip() if index > start else lines[start]
        joined = f"{joined} {line.strip()}".strip()
        if not line.strip() or len(joined) > MAX_ATTRIBUTION_LENGTH:
            return None
        if joined.endswith(COLONS) and _attributes(joined):
            return index + 1 if not _begins_later(lines, start, index) else None
    return None


def announces_quote(lines: list[str]) -> bool:
    """True if a quoted mail is announced anywhere in these lines."""
    return any(
        is_separator(line)
        or attribution_end(lines, index) is not None
        or header_block_end(lines, index) is not None
        or introduces(line, " ".join(lines[index + 1 : index + 3]))
        for index, line in enumerate(lines)
    )


def introduces(line: str, after: str) -> bool:
    """True if a line that ends in a colon belongs to the `>` lines below it, in any language."""
    bare = line.strip()
    if len(bare) > MAX_ATTRIBUTION_LENGTH or not bare.endswith(COLONS) or _is_quoted(bare):
        return False
    told = _ADDRESS.search(bare) or (_DATE.search(bare) and _CLOCK.search(bare))
    return told is not None and _is_quoted(after)


def header_block_end(lines: list[str], start: int) -> int | None:
    """Where a block of pasted mail headers beginning on this line is over, or None."""
    kinds: list[str] = []
    index = start
    while index < min(start + MAX_HEADERS, len(lines)):
        kind = _header_kind(lines[index])
        if kind is None:
            if not kinds or not _continues(lines, index):
                break
        else:
            kinds.append(kind)
        index += 1
    found = set(kinds)
    if not kinds or kinds[0] == "other" or "sender" not in found or len(found) < 3:
        return None
    return index


def headers_in(block: list[str]) -> dict[str, str]:
    """The values of a block of headers by what they hold (sender, date …), each the first."""
    found: dict[str, str] = {}
    for line in block:
        match = _HEADER_LINE.match(line[:80])
        kind = _header_kind(line)
        if match and kind:
            found.setdefault(kind, line[match.end() :].strip(" \t*_"))
    return found


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _continues(lines: list[str], index: int) -> bool:
    """True if a line goes on with a header above it, as long lists of recipients do."""
    line = lines[index]
    following = lines[index + 1] if index + 1 < len(lines) else ""
    return (
        bool(line.strip())
        and ("@" in line or line.startswith((" ", "\t")))
        and bool(_header_kind(following) or "@" in following)
    )


def _header_kind(line: str) -> str | None:
    match = _HEADER_LINE.match(line[:80])
    return _KINDS.get(" ".join(match[1].casefold().split())) if match else None


def _opens(line: str) -> bool:
    return any(pattern.match(line) for pattern in (_OPENED, _DATED, _NAMED))


def _attributes(joined: str) -> bool:
    if not (_ADDRESS.search(joined) or _CLOCK.search(joined)):
        return False
    folded = joined.casefold()
    return any(word in folded for word in _WROTE)


def _begins_later(lines: list[str], start: int, end: int) -> bool:
    """True if the attribution really begins on a later line, and words of the mail stand before."""
    for index in range(start + 1, end + 1):
        rest = " ".join(line.strip() for line in lines[index : end + 1])
        if _OPENED.match(rest) and _attributes(rest):
            return True
    return False
