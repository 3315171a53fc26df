"""Zoom's saved chat of a meeting.

00:21:14<TAB>Dana Reyes:<TAB>Hello                   time since the recording began
10:15:22<TAB> From Dana Reyes to Everyone : Hello    a clock's time, without a date
10:15:22<TAB> From Dana Reyes : Hello                older programs name nobody addressed
2026-03-05 10:15:22 From Dana Reyes to Everyone:     with the words on the lines below
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from qa.core.reactions import as_quoted, is_reaction
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.labels import role_of
from transcripts.formats.model import Parsed
from transcripts.formats.settling import REACTIONS
from transcripts.formats.source import Source
from transcripts.formats.stamps import Stamp, read_stamp
from transcripts.formats.turn_times import DAY, NEXT_DAY
from transcripts.formats.validation import MAX_NAME

NAME: Final = "zoom_chat"
LOOKED_AT: Final = 60  # lines
_TIME: Final = r"(?:(\d{4}-\d\d-\d\d)[ T])?(\d{1,2}:\d\d:\d\d)"
_OFFSET: Final = re.compile(r"(\d{1,2}:\d\d:\d\d)\t([^\t\n]{1,200}?):\t")
_CLOCK: Final = re.compile(rf"{_TIME}\s{{1,4}}From\s{{1,4}}(?=\S)", re.IGNORECASE)
_SPACED_COLON: Final = re.compile(r"\s:\s")  # ends a name where nobody is addressed
_REACTION: Final = re.compile(r"(?:Reacted to|Removed an? .{1,40} reaction from) [\"\u201c]")
_REPLY: Final = re.compile(r"Replying to [\"\u201c][^\n]{0,400}(?:\n|$)")
_SIGN: Final = re.compile("[\u2300-\u2bff\U0001f000-\U0001faff]")  # emoji
REMEMBERED: Final = 200  # messages that a reaction or a reply may quote
_PARTICIPANTS: Final = "meeting id,topic,start time"
_PRIVATE: Final = gettext_noop(
    "Some messages went to one person only; they appear among the others."
)


@dataclass(frozen=True, slots=True)
class _Addressed:
    """One line of the form with a clock's time."""

    day: str | None
    time: str
    speaker: str
    to: str
    said: str


@dataclass(slots=True)
class _Entry:
    """A line with a time and a sender, and the lines that continue it."""

    speaker: str
    stamp: Stamp
    lines: list[str] = field(default_factory=list)


def recognise(source: Source) -> Likeness | None:
    lines = [line for line in source.lines[: LOOKED_AT * 5] if line.strip()][:LOOKED_AT]
    if lines and lines[0].casefold().startswith(_PARTICIPANTS):
        return Likeness(0.9, gettext_noop("a table of a Zoom meeting's participants"))
    if not lines or not (_OFFSET.match(lines[0]) or _addressed(lines[0])):
        return None
    return Likeness(
        0.96, gettext_noop("lines begin with a time and a sender as in Zoom's saved chat")
    )


def parse(source: Source) -> Parsed:
    if source.lines[0].casefold().startswith(_PARTICIPANTS):
        raise FormatError(_("is a list of participants of a Zoom meeting and holds no messages"))
    reading = ChatLog(source)
    entries = list(source.limits.turns_of(_entries(source.lines, reading)))
    if not entries:
        raise FormatError(_("has no lines that begin with a time and a sender, as Zoom's do"))
    messages = chat.spoken(_messages(entries, reading))
    interaction = chat.interaction_of(messages, reading, source="zoom", file_order=True)
    return reading.parsed(NAME, (interaction,))


def _entries(lines: list[str], reading: ChatLog) -> Iterator[_Entry]:
    opened: _Entry | None = None
    clock = _Clock(reading)
    for line in lines:
        begun = _begun(line, clock, reading)
        if begun is None:
            if opened is not None:
                opened.lines.append(line.removeprefix("\t"))
            continue
        if opened is not None:
            yield opened
        opened = begun
    if opened is not None:
        yield opened


def _begun(line: str, clock: "_Clock", reading: ChatLog) -> _Entry | None:
    """The entry that a line begins, if it begins one."""
    if match := _OFFSET.match(line):
        stamp = read_stamp(match[1]) or Stamp()
        return _Entry(chat.name_of(match[2]), stamp, [line[match.end() :]])
    found = _addressed(line)
    if found is None:
        return None
    to = found.to.casefold()
    if to and "everyone" not in to and "waiting room" not in to:
        reading.note(_PRIVATE)
    return _Entry(chat.name_of(found.speaker), clock.stamp(found.day, found.time), [found.said])


def _addressed(line: str) -> _Addressed | None:
    """The parts of `time From … to … : …`, or of `time From … : …`; None of any other line."""
    match = _CLOCK.match(line)
    if match is None:
        return None
    begin = match.end()
    colon = line.find(":", begin, begin + MAX_NAME)
    to = line.find(" to ", begin, begin + MAX_NAME)
    end = line.find(":", to, to + MAX_NAME) if to >= 0 else -1
    names_all = end >= 0 and "everyone" in line[to:end].casefold()
    if end >= 0 and (to < colon or (names_all and not _SPACED_COLON.search(line[begin:to]))):
        speaker, addressee, colon = line[begin:to], line[to + 4 : end], end
    elif colon > 0:
        speaker, addressee = line[begin:colon], ""
    else:
        return None
    return _Addressed(match[1], match[2], speaker, addressee, line[colon + 1 :])


class _Clock:
    """A clock's times: with a date moments without a zone, else offsets from the first, which a
    midnight between them doesn't turn back."""

    def __init__(self, reading: ChatLog) -> None:
        self._reading = reading
        self._first: float | None = None
        self._last = 0.0

    def stamp(self, day: str | None, clock: str) -> Stamp:
        if day:
            return read_stamp(f"{day}T{clock:0>8}") or Stamp()
        hours, minutes, seconds = (int(part) for part in clock.split(":"))
        now = hours * 3600.0 + minutes * 60 + seconds
        if self._first is None:
            self._first = self._last = now
            self._reading.note(
                gettext_noop(
                    "Times are clock times without a date: they are kept as offsets from the first."
                )
            )
        while now < self._last - NEXT_DAY:
            now += DAY
        self._last = max(self._last, now)
        return Stamp(offset_s=max(0.0, now - self._first))


def _messages(entries: Iterable[_Entry], reading: ChatLog) -> Iterator[Message]:
    """The messages with people's own words, whatever the language of Zoom's around them."""
    earlier: dict[str, None] = {}
    for entry in entries:
        said = "\n".join(entry.lines).strip()
        if _REACTION.match(said[:200]) or (is_reaction(said, earlier) and _SIGN.search(said)):
            reading.note(REACTIONS)
            continue
        said = _own_words(said, earlier)
        earlier[as_quoted(said)] = None
        if len(earlier) > REMEMBERED:
            del earlier[next(iter(earlier))]
        yield Message(said, role_of(entry.speaker) or "unknown", entry.speaker, entry.stamp)


def _own_words(said: str, earlier: Collection[str]) -> str:
    """A message without the line above it that quotes what it replies to."""
    if said.startswith("Replying to"):
        return _REPLY.sub("", said, count=1)
    first, _, rest = said.partition("\n")
    return rest.strip() if rest.strip() and is_reaction(first, earlier) else said


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Zoom saved chat"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
