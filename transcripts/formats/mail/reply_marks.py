"""How mail programs announce what they quote, in the languages they speak.

2 lines of attribution   On Mon, 3 Jan 2022 at 10:12, Jo Doe <jo@x.org>
                         wrote:
a separator              -----Original Message-----
a block of headers       From: … / Sent: … / To: … / Subject: …
a help desk's line       ##- Please type your reply above this line -##

Words tell them where they are known; else the shape does: four labels in a row with an address in
brackets and a time stand above a mail in every language.
"""

import re
import tomllib
from itertools import takewhile
from pathlib import Path
from typing import Final

MAX_ATTRIBUTION: Final = 4  # lines
MAX_ATTRIBUTION_LENGTH: Final = 400  # characters
MAX_HEADERS: Final = 14  # lines of a header block
MAX_REPLY_MARK: Final = 200  # characters
MOST_LABEL_WORDS: Final = 3
FEWEST_LABELS: Final = 4  # of a header block that is known by its shape alone
COLONS: Final = (":", "\uff1a")

_WORDS: Final = tomllib.loads(Path(__file__).with_name("reply_words.toml").read_text("utf-8"))
_KINDS: Final = {word: kind for kind, said in _WORDS["headers"].items() for word in said}
_ORIGINAL: Final = frozenset(_WORDS["original"])
_FORWARDED: Final = frozenset(_WORDS["forwarded"])


def _one_of(words: list[str]) -> str:
    return "|".join(map(re.escape, words))


_WROTE: Final = tuple(word.casefold() for word in _WORDS["wrote"])
_SAID: Final = re.compile(r"\b(?:said|sagte|a dit|dijo|disse|ha detto|zei|sa)\b")
_LINE_ABOVE: Final = tuple(word.casefold() for word in _WORDS["above"]["line"])
_ABOVE: Final = frozenset(_WORDS["above"]["bare"])
_DIRECTIONS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OPENED: Final = re.compile(rf"(?:{_one_of(_WORDS['openers'])})\b.{{0,40}}\d")
_DATED: Final = re.compile(
    r"\W{0,3}\d{1,4}|[^\W\d]{1,12}[.,]{0,2} (?:[^\W\d]{1,12}[.,]? )?\d"  # ons 4 dec. 2024
)
_NAMED: Final = re.compile(r"[^<>@\n]{0,80}<?[^\s<>@]{1,80}@[^\s<>]{3,}")
_ADDRESS: Final = re.compile(r"[\w.+-](?:@| at )[\w-]{1,63}\.|\[mailto:|<[^<>\s]{1,200}@")
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\d{1,2}[\u6642\u70b9\uc2dc]")
_SECONDS: Final = re.compile(r"\b\d{1,2}[:.]\d{2}[:.]\d{2}\b")
_DATE: Final = re.compile(r"\b\d{4}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[\u5e74\ub144]")
_MARKS: Final = frozenset("-_=*#~\u2013\u2014+|<>[]")
_FORWARD_SUBJECT: Final = re.compile(
    rf"\s*(?:\[[^\[\]]{{1,40}}\]\s*)?(?:{_one_of(_WORDS['forward_subjects'])})\s?:", re.IGNORECASE
)
_HEADER_LINE: Final = re.compile(
    r"[ \t*_|\u200e\u200f]{0,6}([^\W\d][^:\uff1a\n<>@\d,;.!?*_]{0,28}?)[ \u00a0]?[*_]{0,2}"
    r"\s?[:\uff1a](?!//)"
)
_IN_BRACKETS: Final = re.compile(
    r"<(?:mailto:)?[^<>\s]{1,200}@[^<>\s]{3,200}>|\[mailto:[^\[\]\s]{3,200}\]"
    r"|\([^()\s]{1,200}@[^()\s]{3,200}\)"
)
_NAME_BEFORE: Final = re.compile(r"(?:[^\W\d_a-z][^\s<(\[]{0,40}[ ,]{1,2}){0,5}[<(]")
_NOTES: Final = re.compile(r"[^:]{1,80}---\d{1,4}[./-]\d{1,2}[./-]\d{1,4} .{3,20}---")
_DECORATION: Final = "-_=*#>~\u2013\u2014+| \t"


def without_directions(line: str) -> str:
    """The line without marks that turn the direction of writing."""
    return _DIRECTIONS.sub("", line)


def without_wrote(line: str) -> str:
    """A line without its word for "wrote"; as it is where it has none that is known."""
    folded = line.casefold()
    for word in (*_WROTE, "said"):
        at = folded.find(word)
        if at >= 0 and len(folded) == len(line):
            return f"{line[:at]} {line[at + len(word) :]}"
    return line


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


def is_notes_mark(line: str) -> bool:
    """`Jo Doe---03.01.2022 10:12:01---It broke`, which Lotus Notes writes above its headers."""
    return _NOTES.match(line.strip()[:MAX_ATTRIBUTION_LENGTH]) is not None


def is_reply_mark(line: str) -> bool:
    """A help desk's line over which the answer is to be written, in any language."""
    bare = line.strip()
    if not 8 <= len(bare) <= MAX_REPLY_MARK:
        return False
    said = bare.strip(_DECORATION).rstrip(".!").casefold()
    if said in _ABOVE:
        return True
    ends = bare[0] in _MARKS and bare[-1] in _MARKS
    fenced = bare.startswith("##") and bare.endswith("##")
    return ends and any(map(str.isalpha, said)) and (fenced or _names_the_line(said))


def attribution_end(lines: list[str], start: int) -> int | None:
    """Where the attribution beginning on this line is over, or None if there is none.

    It names a sender or a time, has a word for "wrote", and ends in a colon or in dashes.
    """
    first = _DIRECTIONS.sub("", lines[start][: MAX_ATTRIBUTION_LENGTH + 1]).strip()
    dashed = first.startswith("--")
    if not _opens(first.lstrip(_DECORATION)[:200]):
        return None
    joined = ""
    for index in range(start, min(start + MAX_ATTRIBUTION, len(lines))):
        line = first if index == start else _continued(lines[index])
        joined = f"{joined} {line}".strip()
        if not line or len(joined) > MAX_ATTRIBUTION_LENGTH:
            return None
        over = joined.endswith(COLONS) or (dashed and joined.endswith("--"))
        if over and _attributes(joined.strip(_DECORATION)):
            return index + 1 if not _begins_later(lines, start, index) else None
    return None


def _continued(line: str) -> str:
    bare = _DIRECTIONS.sub("", line[: MAX_ATTRIBUTION_LENGTH + 1]).strip()
    return bare.removeprefix(">").strip()


def _names_the_line(said: str) -> bool:
    return any(words in said for words in _LINE_ABOVE)


def announces_quote(lines: list[str]) -> bool:
    """True if a quoted mail is announced anywhere in these lines, also where they are quoted."""
    bare = [line.lstrip("> \t") for line in lines]
    return any(attribution_end(bare, index) is not None for index in range(len(bare))) or any(
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
    if kinds and kinds[0] != "other" and "sender" in found and len(found) >= 3:
        return index
    return _block_by_shape(lines, start)


def header_of(line: str) -> tuple[str, str]:
    """What a line of headers holds ("sender" …, "?" where that is not known), and its value."""
    match = _HEADER_LINE.match(line[:80])
    if match is None:
        return "", ""
    return _header_kind(line) or "?", line[match.end() :].strip(" \t*_")


def labels_in_a_row(lines: list[str]) -> int:
    """How many lines, from the first on, have a label as headers do."""
    matches = (_HEADER_LINE.match(line[:80]) for line in lines[:MAX_HEADERS])
    return sum(1 for _ in takewhile(bool, matches))


def _block_by_shape(lines: list[str], start: int) -> int | None:
    """Where a block of headers in a language that is not known here is over, or None.

    One line names a person with an address in brackets, another a day and a time of day; and two
    are persons, or one has a label that is known.
    """
    labels: list[str] = []
    people = times = 0
    for line in lines[start : start + MAX_HEADERS]:
        match = _HEADER_LINE.match(line[:80])
        value = line[match.end() :].strip()[:300] if match else ""
        if match is None or not (value or labels) or len(match[1].split()) > MOST_LABEL_WORDS:
            break
        labels.append(" ".join(match[1].casefold().split()))
        named = _IN_BRACKETS.search(value) is not None
        people += named
        times += not named and bool(_DATE.search(value) and _CLOCK.search(value))
    known = any(label in _KINDS for label in labels)
    if len(labels) < FEWEST_LABELS or not people or not times or not (people > 1 or known):
        return None
    return start + len(labels)


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
    to_the_second = _SECONDS.search(line) is not None
    return to_the_second or any(pattern.match(line) for pattern in (_OPENED, _DATED, _NAMED))


def _attributes(joined: str) -> bool:
    addressed = _ADDRESS.search(joined) is not None
    if not (addressed or _CLOCK.search(joined)):
        return False
    folded = joined.casefold()
    if any(word in folded for word in _WROTE) or (addressed and _SAID.search(folded)):
        return True
    bracketed = _IN_BRACKETS.search(joined) is not None
    timed = _DATE.search(joined) is not None and _CLOCK.search(joined) is not None
    return bracketed and timed and _begins_with_a_name_or_a_day(joined)


def _begins_with_a_name_or_a_day(joined: str) -> bool:
    """True of what programs write in any language; people begin a sentence otherwise."""
    opened = _OPENED.match(joined) or _DATED.match(joined)
    return opened is not None or _NAME_BEFORE.match(joined) is not None


def _begins_later(lines: list[str], start: int, end: int) -> bool:
    """True if the attribution really begins on a later line, and words of the mail stand before."""
    for index in range(start + 1, end + 1):
        rest = " ".join(line.strip() for line in lines[index : end + 1])
        if _OPENED.match(rest) and _attributes(rest):
            return True
    return False
