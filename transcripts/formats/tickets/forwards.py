"""A mail that somebody of the company forwards into a ticket: their words, and the sender's.

What stands below the headers of another person's mail is that person's, be the mail announced by
`---------- Forwarded message ---------` or, at the top of a ticket, by its headers alone.
"""

from dataclasses import dataclass
from typing import Final

from transcripts.formats.mail import reply_marks
from transcripts.formats.mail.addresses import label as person_label

LOOKED_AT: Final = 2_000  # lines in which a forward may begin
BLANK: Final = 3  # lines between the mark and the headers


@dataclass(frozen=True, slots=True)
class Forward:
    """What a mail says itself, and the mail that it passes on with its sender and date."""

    own: str
    sender: str
    words: str
    sent: str = ""


def split_forward(text: str, *, opens: bool = False) -> Forward | None:
    """The forwarded mail in a text; None if there is none whose sender is named.

    `opens` says that the text is the first of its ticket, so that headers of another mail within
    it can't be those of a mail that it answers.
    """
    lines = text.strip().split("\n")
    said = False  # words of their own have been met
    for at, line in enumerate(lines[:LOOKED_AT]):
        marked = reply_marks.is_forward_mark(line)
        if marked or opens or not said:
            apart = marked or reply_marks.is_separator(line)
            found = _forward(lines, at, _next_words(lines, at + 1) if apart else at)
            if found or marked:
                return found
        said = said or bool(line.strip())
    return None


def _forward(lines: list[str], at: int, start: int) -> Forward | None:
    if start >= len(lines):
        return None
    end = reply_marks.header_block_end(lines, start)
    if end is None:
        return None
    headers = reply_marks.headers_in(lines[start:end])
    words = "\n".join(lines[end:]).strip()
    if not headers.get("sender") or not words:
        return None
    own = "\n".join(lines[:at]).strip()
    return Forward(own, person_label(headers["sender"]), words, headers.get("date", ""))


def _next_words(lines: list[str], at: int) -> int:
    for _ in range(BLANK):
        if at >= len(lines) or lines[at].strip():
            break
        at += 1
    return at
