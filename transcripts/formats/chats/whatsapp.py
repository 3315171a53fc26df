"""WhatsApp's "Export chat", as Android and iOS write it in any language.

Lines by WhatsApp itself, pictures and deleted messages are no turns. Dates are read day or month
first as the whole file tells; where it doesn't, the uploader is asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from transcripts.formats.answers import Question
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.chats.whatsapp_lines import MARKS, WORDS, Head, order_of, read_head
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.labels import role_of
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source
from transcripts.formats.stamps import Stamp

NAME: Final = "whatsapp"
LOOKED_AT: Final = 60  # lines
MAX_SENDER: Final = 100  # characters
_SENDER: Final = re.compile(rf"([^:\n]{{1,{MAX_SENDER}}}):(?=\s|[{MARKS}]|[^/\d]|$)")
_QUOTED: Final = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')
_AFTER_NAME: Final = re.compile(r":\s?[\u200e\u200f]([^\n]*)")
_BRACKETED: Final = re.compile(r"<[^<>\n]{3,80}>")
_FILE: Final = re.compile(r"\S[^\n]{0,200}\.\w{2,5} \([^()\n]{4,60}\)")
_EDITED: Final = re.compile(rf"[\s{MARKS}]*<([^<>\n]{{6,60}})>[\s{MARKS}]*$")
_DELETED: Final = frozenset(WORDS["deleted"])
_MEDIA: Final = frozenset(WORDS["media"])
_EDITS: Final = frozenset(WORDS["edited"])


@dataclass(slots=True)
class _Entry:
    """One line with a date, and the lines that continue it."""

    head: Head
    sender: str
    lines: list[str] = field(default_factory=list)


def recognise(source: Source) -> Likeness | None:
    lines = [line for line in source.lines[: LOOKED_AT * 5] if line.strip()][:LOOKED_AT]
    heads = [(head, line) for line in lines if (head := read_head(line))]
    senders = (_sender(line[head.length :]) for head, line in heads)
    written = [sender for sender in senders if sender]
    if not written or read_head(lines[0]) is None:
        return None
    surely = 0.95
    if not all(head.sure for head, _ in heads):  # transcripts of calls may have such lines too
        surely = 0.3 if any(map(role_of, written)) else 0.75
    return Likeness(surely, "lines begin with a date, a time and a sender")


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    entries = list(source.limits.turns_of(_entries(source.lines, reading)))
    if not entries:
        raise FormatError("has no lines that begin with a date and a time, as WhatsApp's do")
    stamps = _stamps([entry.head for entry in entries], reading)
    messages = chat.spoken(
        said
        for entry, stamp in zip(entries, stamps, strict=True)
        for said in _message(entry, stamp, reading)
    )
    interaction = chat.interaction_of(messages, reading, source=NAME, file_order=True)
    return reading.parsed(NAME, (interaction,))


def _entries(lines: list[str], reading: ChatLog) -> Iterator[_Entry]:
    opened: _Entry | None = None
    for line in lines:
        head = read_head(line)
        if head is None:
            if opened is not None:
                opened.lines.append(line)
            elif line.strip():
                reading.note("Lines before the first date were left out.")
            continue
        if opened is not None:
            yield opened
        rest = line[head.length :].lstrip(f"{MARKS} ")
        sender = _sender(rest)
        said = rest[rest.find(":") + 1 :] if sender else rest
        opened = _Entry(head, sender, [said])
    if opened is not None:
        yield opened


def _sender(rest: str) -> str:
    """Who wrote, or an empty string where WhatsApp itself did."""
    match = _SENDER.match(rest.lstrip(MARKS))
    if match is None or _QUOTED & set(match[1]) or _is_system(match[1]):
        return ""
    return " ".join(match[1].translate(dict.fromkeys(map(ord, MARKS))).split())


def _is_system(said: str) -> bool:
    folded = said.casefold().replace("\u2019", "'")
    return any(phrase in folded for phrase in WORDS["system"])


def _message(entry: _Entry, stamp: Stamp, reading: ChatLog) -> Iterator[Message]:
    first, *rest = entry.lines
    marked = first.lstrip(" ")[:1] in ("\u200e", "\u200f")
    said = first.strip(f"{MARKS} \t\xa0\u202f")
    inner = _AFTER_NAME.search(first[: MAX_SENDER * 2])  # a group's name may hold a colon
    if not entry.sender or (marked and _is_system(said)) or (inner and _is_system(inner[1])):
        return
    if folded := said.casefold().rstrip("."):
        if folded in _DELETED or (marked and any(folded.startswith(marker) for marker in _DELETED)):
            reading.note(chat.REMOVED)
            return
        if marked or folded in _MEDIA or _BRACKETED.fullmatch(said) or _FILE.fullmatch(said):
            reading.note(chat.MEDIA)
            said = ""
    text = _without_edit_mark("\n".join([said, *rest]).strip(), reading)
    yield Message(text, role_of(entry.sender) or "unknown", entry.sender, stamp)


def _without_edit_mark(text: str, reading: ChatLog) -> str:
    """The text without "<This message was edited>" or an attachment's mark at its end."""
    start = text.rfind("<", max(0, len(text) - 90))
    match = _EDITED.search(text, max(0, start - 10)) if start >= 0 else None
    if match is None:
        return text
    if match[1].casefold().rstrip(".") in _EDITS:
        reading.note("Some messages were edited; what stands here is their last wording.")
        return text[: match.start()]
    if any(mark in match[0][:4] for mark in MARKS):
        reading.note(chat.MEDIA)
        return text[: match.start()]
    return text


def _stamps(heads: list[Head], reading: ChatLog) -> list[Stamp]:
    """The time of each entry, without a zone; only clock times where the days can't be told."""
    order = order_of(heads, reading.source.answers.day_first)
    if order is not None:
        return [_stamp(head.moment(order)) for head in heads]
    if not all(head.day("dmy") and head.day("mdy") for head in heads):
        reading.note("The dates are not written in one way, so the turns have no times.")
        return [Stamp() for _ in heads]
    reading.ask(Question.DAY_FIRST)
    reading.note("The dates may be day or month first, and nothing in the file tells.")
    if len({head.numbers for head in heads}) > 1:
        return [Stamp() for _ in heads]
    reading.ask(Question.TIME_ZONE)
    clocks = [head.clock.hour * 3600 + head.clock.minute * 60 + head.clock.second for head in heads]
    first = min(clocks)
    return [Stamp(offset_s=float(clock - first)) for clock in clocks]


def _stamp(moment: datetime | None) -> Stamp:
    return Stamp(moment.replace(tzinfo=UTC), naive=True) if moment else Stamp()


FORMAT: Final = Format(
    name=NAME,
    title="WhatsApp chat export",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
