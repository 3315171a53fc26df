"""A quoted or forwarded mail: who wrote it, when, and its words without what it quotes itself.

read_quoted("On 3 Jan 2022 at 10:12 Jo <jo@x.org> wrote:\\n> It broke.\\n> > Is it on?")
# QuotedMail("Jo <jo@x.org>", "On 3 Jan …", "It broke.", "> Is it on?")
"""

import re
from dataclasses import dataclass
from typing import Final

from transcripts.formats.mail import reply_marks
from transcripts.formats.mail.addresses import label, people
from transcripts.formats.mail.dates import without_dates
from transcripts.formats.mail.replies import split_reply

MAX_NAMED: Final = 100  # characters
LOOKED_AT: Final = 40  # lines above the words of a quoted mail

_QUOTE: Final = re.compile(r"^[ \t]{0,3}\|?> ?")
_ADDRESS: Final = re.compile(
    r"[<(\[]\s?(?:mailto:)?([^\s<>()\[\]]{1,100}@[^\s<>()\[\]]{3,200}?)\s?[>)\]]"
    r"|(?<![\w.@])([\w.+-]{1,60}@[\w.-]{3,100}\w)"
)
_NAME_LAST: Final = re.compile(  # … 10:12, Jo Doe <
    r"(?:^|[,;:\d]|\b(?:AM|PM|am|pm|Uhr|GMT|UTC|schrieb|schreef|skrev|from|von|par|de|by|da)\b)"
    r"[\s,)+\d:.]{1,12}((?:[^\W\d_][^\s,<>()\[\]:;]{0,30}\s?){1,5})$"
)
_BEFORE_NAME: Final = re.compile(
    r"^(?:(?:AM|PM|Uhr|GMT|UTC|schrieb|schreef|skrev|from|von|par|de|by|da"
    r"|\u05de\u05d0\u05ea|\u0645\u0646|\u03b1\u03c0\u03cc|\u043e\u0442)\b[ ,]{0,3})+",
    re.I,
)
MIN_LABELS: Final = 3


@dataclass(frozen=True, slots=True)
class QuotedMail:
    """What a quoted mail says of itself (`by`, `head`), its words, and what it quotes.

    There are no words where nothing says that the lines are one mail.
    """

    by: str
    head: str
    text: str
    rest: str = ""

    @property
    def to(self) -> str:
        """The one to whom it was written, and who answers it; nothing where it names several."""
        block = (reply_marks.header_of(line) for line in self.head.split("\n"))
        named = [person for kind, value in block if kind == "recipient" for person in people(value)]
        return _person(named[0]) if len(named) == 1 else ""


@dataclass(frozen=True, slots=True)
class Forward:
    """A mail that hands another one on, and that one."""

    note: str
    mail: QuotedMail


def read_quoted(quoted: str) -> QuotedMail:
    """Read what a mail has below it, or between its own words."""
    lines = reply_marks.without_directions(quoted).split("\n")
    start, end = _head(lines)
    marked = _begins_quoted(lines[end:])
    if marked:
        inner = [_QUOTE.sub("", line) for line in lines[end:] if _QUOTE.match(line)]
        if start == end:  # the attribution stands inside of the quote
            start, end = _head(inner)
            lines = inner
        else:
            lines = [*lines[:end], *inner]
    body = "\n".join(lines[end:])
    head = "\n".join(lines[start:end])
    own = split_reply(body)
    sure = marked or bool(head)
    return QuotedMail(_author(lines[start:end]), head, own.text if sure else "", own.quoted)


def read_forward(text: str, subject: str) -> Forward | None:
    """Part a forwarded mail from the words above it; None where it does not say whose it is."""
    lines = text.split("\n")
    forwarded = reply_marks.is_forward(subject)
    for index, line in enumerate(lines[: LOOKED_AT * 10]):
        marked = reply_marks.is_forward_mark(line.lstrip("> \t"))
        bare = [one.lstrip("> \t") for one in lines[index : index + reply_marks.MAX_HEADERS]]
        if marked or (forwarded and reply_marks.header_block_end(bare, 0) is not None):
            mail = read_quoted("\n".join(lines[index + marked :]))
            if not mail.by or not mail.text:
                return None
            above = "\n".join(lines[:index]).rstrip().removesuffix("_" * 32).rstrip("_-=* \n")
            return Forward(above.strip(), mail)
    return None


def _head(lines: list[str]) -> tuple[int, int]:
    """The lines that say whose mail it is: an attribution or a block of headers near the top."""
    index = 0
    for index, line in enumerate(lines[:LOOKED_AT]):
        if not line.strip("> \t"):
            continue
        end = reply_marks.attribution_end(lines, index) or reply_marks.header_block_end(
            lines, index
        )
        if end is not None:
            return index, end
        if reply_marks.introduces(line, " ".join(lines[index + 1 : index + 3])):
            return index, index + 1
        labels = reply_marks.labels_in_a_row([one for one in lines[index : index + 8] if one])
        if labels >= MIN_LABELS:
            return index, index + labels
        passed = reply_marks.is_separator(line) or reply_marks.is_reply_mark(line)
        if not passed and any(map(str.isalnum, line)):
            break
    return 0, 0


def _begins_quoted(lines: list[str]) -> bool:
    """True if the first words have a `>` before them: what has none then is no part of them."""
    first = next((line for line in lines if line.strip("> \t")), "")
    return _QUOTE.match(first) is not None


def _author(head: list[str]) -> str:
    """Who is named in an attribution, or as the sender in headers."""
    block = [reply_marks.header_of(line) for line in head]
    for kind, value in block:
        if kind == "sender" and value:
            return _person(value)
    if len(head) >= MIN_LABELS and all(kind for kind, _ in block):
        named = [value for _, value in block if _ADDRESS.search(value)]
        return _person(named[0] if named else block[0][1])
    return _attributed(" ".join(" ".join(head).split()))


def _attributed(line: str) -> str:
    found = _ADDRESS.search(line)
    if found is None:
        return _name_alone(line)
    address = found[1] or found[2]
    before = line[: found.start()].rstrip(" \"'\u201d")
    named = _NAME_LAST.search(before)
    quoted = re.search(r"[\"\u201c\u201e']([^\"\u201c\u201d\u201e']{1,80})$", before)
    told = quoted or named
    name = _BEFORE_NAME.sub("", told[1].strip()) if told else ""
    return f"{name} <{address}>" if name else address


def _name_alone(line: str) -> str:
    """The name in an attribution without an address: what is left of it but days and "wrote"."""
    parts = [part for part in re.split(r"[|,;:]", without_dates(line)) if part.strip()]
    wrote = [bare for part in parts if (bare := reply_marks.without_wrote(part)) != part]
    for part in (*wrote, *parts[::-1]):
        words = part.split()
        while words and not words[-1][:1].isupper():
            words.pop()
        while words and not words[0][:1].isupper():
            words.pop(0)
        if len(words) > 1 or (words and part in wrote):
            return " ".join(words)[:MAX_NAMED]
    return ""


def _person(value: str) -> str:
    found = _ADDRESS.search(value)
    if found is None:
        return label(value.strip().strip("\"'"))
    name = value[: found.start()].strip(" \"'")
    return label(f"{name} <{found[1] or found[2]}>" if name else found[1] or found[2])
