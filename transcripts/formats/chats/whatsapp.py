"""WhatsApp's "Export chat", as Android and iOS write it in any language.

Lines by WhatsApp itself, pictures and deleted messages are no turns. Dates are read day or month
first as the whole file tells; where it doesn't, the uploader is asked.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.answers import Question
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.chats.whatsapp_lines import MARKS, WORDS, Head, order_of, read_head
from transcripts.formats.decoding import inner_lines
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.labels import role_of
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source
from transcripts.formats.stamps import Stamp
from transcripts.formats.turn_times import NEXT_DAY

NAME: Final = "whatsapp"
LOOKED_AT: Final = 60  # lines
RUN_BACK: Final = gettext_noop(
    "Some messages are older than the ones before them, as when lines from an earlier "
    "chat were pasted into a message; they keep the order of the file."
)
MAX_SENDER: Final = 100  # characters
_SENDER: Final = re.compile(rf"([^:\n]{{1,{MAX_SENDER}}}):(?=\s|[{MARKS}]|[^/\d]|$)")
_QUOTED: Final = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')
_AFTER_NAME: Final = re.compile(r":\s?[\u200e\u200f]([^\n]*)")
_BRACKETED: Final = re.compile(r"<[^<>\n]{3,80}>")
_FILE: Final = re.compile(r"\S[^\n]{0,200}\.\w{2,5} \([^()\n]{4,60}\)")
_FILE_NAME: Final = re.compile(
    rf"\S[^\n<]{{0,120}}\.[A-Za-z0-9]{{2,5}}(?:\s[\u2022{MARKS}].{{0,80}})?$"
)
_THINGS: Final = "|".join(map(re.escape, (*WORDS["media"], *WORDS["calls"])))
_NOTICE: Final = re.compile(rf"(?:{_THINGS})\s?(?:[,.:\u2022({MARKS}]|$)")
_EDITED: Final = re.compile(rf"[\s{MARKS}]*<([^<>\n]{{6,60}})>[\s{MARKS}]*$")
_DELETED: Final = frozenset(WORDS["deleted"])
_MEDIA: Final = frozenset(WORDS["media"])
_EDITS: Final = frozenset(WORDS["edited"])


@dataclass(slots=True)
class _Entry:
    """One line with a date, and the lines that continue it.

    `line` is the whole of it; `inner` is true if it stands inside another message by the file's
    line ends.
    """

    head: Head
    sender: str
    line: str
    inner: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def is_marked(self) -> bool:
        return self.lines[0].lstrip(" ")[:1] in ("\u200e", "\u200f")


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
    return Likeness(surely, gettext_noop("lines begin with a date, a time and a sender"))


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    entries = list(
        source.limits.turns_of(
            _entries(source.lines, inner_lines(source.data, source.decoded), reading)
        )
    )
    if not entries:
        raise FormatError(_("has no lines that begin with a date and a time, as WhatsApp's do"))
    entries = list(_without_pasted(entries, source.answers.day_first))
    stamps = _stamps([entry.head for entry in entries], reading)
    notices = _notices(entries)
    messages = chat.spoken(
        said
        for place, (entry, stamp) in enumerate(zip(entries, stamps, strict=True))
        if place not in notices
        for said in _message(entry, stamp, reading)
    )
    interaction = chat.interaction_of(messages, reading, source=NAME, file_order=True)
    return reading.parsed(NAME, (interaction,))


def _entries(lines: list[str], inner: Collection[int], reading: ChatLog) -> Iterator[_Entry]:
    opened: _Entry | None = None
    for number, line in enumerate(lines):
        head = read_head(line)
        if head is None:
            if opened is not None:
                opened.lines.append(line)
            elif line.strip():
                reading.note(gettext_noop("Lines before the first date were left out."))
            continue
        if opened is not None:
            yield opened
        rest = line[head.length :].lstrip(f"{MARKS} ")
        sender = _sender(rest)
        said = rest[rest.find(":") + 1 :] if sender else rest
        opened = _Entry(head, sender, line, number in inner and opened is not None, [said])
    if opened is not None:
        yield opened


def _notices(entries: Sequence[_Entry]) -> set[int]:
    """The places of entries that WhatsApp wrote under the name of the group or the business.

    What reads like its own words is so if it is marked, or if nobody of that name writes anything
    else; and what stands marked below it, in the same minute under the same name, is so too.
    """
    like = [_is_system(entry.lines[0]) for entry in entries]
    writers = {entry.sender for entry, own in zip(entries, like, strict=True) if not own}
    found: set[int] = set()
    for place, (entry, own) in enumerate(zip(entries, like, strict=True)):
        above = entries[place - 1] if place - 1 in found else None
        if _is_below(entry, above) or (own and (entry.is_marked or entry.sender not in writers)):
            found.add(place)
    return found


def _is_below(entry: _Entry, notice: _Entry | None) -> bool:
    """True if an entry goes on with what WhatsApp wrote just above it."""
    return (
        notice is not None
        and notice.is_marked
        and entry.lines[0].lstrip(" ").startswith("\u200e")
        and (notice.sender, notice.head.minute) == (entry.sender, entry.head.minute)
    )


def _without_pasted(entries: Sequence[_Entry], day_first: bool | None) -> Iterator[_Entry]:
    """The entries; older ones that stand inside a message by its line ends are its words again."""
    if not any(entry.inner for entry in entries):
        yield from entries
        return
    order = order_of([entry.head for entry in entries if not entry.inner], day_first)
    orders = [order] if order else ["dmy", "mdy"]
    opened: _Entry | None = None
    for entry in entries:
        if opened and entry.inner and all(_is_older(entry, opened, each) for each in orders):
            opened.lines += [entry.line, *entry.lines[1:]]
            continue
        if opened:
            yield opened
        opened = entry
    if opened:
        yield opened


def _is_older(entry: _Entry, other: _Entry, order: str) -> bool:
    own, others = entry.head.moment(order), other.head.moment(order)
    return own is None or others is None or own < others


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
    marked = entry.is_marked
    said = first.strip(f"{MARKS} \t\xa0\u202f")
    inner = _AFTER_NAME.search(first[: MAX_SENDER * 2])  # a group's name may hold a colon
    if not entry.sender or (marked and _is_system(said)) or (inner and _is_system(inner[1])):
        return
    if folded := said.casefold().rstrip("."):
        if folded in _DELETED or (marked and any(folded.startswith(marker) for marker in _DELETED)):
            reading.note(chat.REMOVED)
            return
        if _is_media(said, folded, marked=marked):
            reading.note(chat.MEDIA)
            said = ""
    text = _without_edit_mark("\n".join([said, *rest]).strip(), reading)
    yield Message(text, role_of(entry.sender) or "unknown", entry.sender, stamp)


def _is_media(said: str, folded: str, *, marked: bool) -> bool:
    """True if a message was a picture, a recording, a file, a call.

    A mark of writing direction before it tells nothing: messages in Hebrew and Arabic begin so.
    """
    if folded in _MEDIA or _BRACKETED.fullmatch(said) or _FILE.fullmatch(said):
        return True
    return marked and (_FILE_NAME.match(said) is not None or _NOTICE.match(folded) is not None)


def _without_edit_mark(text: str, reading: ChatLog) -> str:
    """The text without "<This message was edited>" or an attachment's mark at its end."""
    start = text.rfind("<", max(0, len(text) - 90))
    match = _EDITED.search(text, max(0, start - 10)) if start >= 0 else None
    if match is None:
        return text
    if match[1].casefold().rstrip(".") in _EDITS:
        reading.note(
            gettext_noop("Some messages were edited; they are shown here in their latest wording.")
        )
        return text[: match.start()]
    if any(mark in match[0][:4] for mark in MARKS):
        reading.note(chat.MEDIA)
        return text[: match.start()]
    return text


def _stamps(heads: list[Head], reading: ChatLog) -> list[Stamp]:
    """The time of each entry, without a zone; only clock times where the days can't be told."""
    order = order_of(heads, reading.source.answers.day_first)
    if order is not None:
        moments = [head.moment(order) for head in heads]
        if _run_back([moment for moment in moments if moment]):
            reading.note(RUN_BACK)
        return [_stamp(moment) for moment in moments]
    if not all(head.day("dmy") and head.day("mdy") for head in heads):
        reading.note(
            gettext_noop("The dates aren't all written the same way, so the turns have no times.")
        )
        return [Stamp() for _ in heads]
    reading.ask(Question.DAY_FIRST)
    reading.note(
        gettext_noop(
            "The dates may begin with the day or the month, and nothing in the file shows which."
        )
    )
    if len({head.numbers for head in heads}) > 1:
        return [Stamp() for _ in heads]
    reading.ask(Question.TIME_ZONE)
    clocks = [head.clock.hour * 3600 + head.clock.minute * 60 + head.clock.second for head in heads]
    first = min(clocks)
    return [Stamp(offset_s=float(clock - first)) for clock in clocks]


def _run_back(moments: Sequence[datetime]) -> bool:
    return any(
        later < earlier - timedelta(seconds=NEXT_DAY) for earlier, later in pairwise(moments)
    )


def _stamp(moment: datetime | None) -> Stamp:
    return Stamp(moment.replace(tzinfo=UTC), naive=True) if moment else Stamp()


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("WhatsApp chat export"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
