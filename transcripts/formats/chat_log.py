"""A whole chat kept as one text, as help desks put it into a ticket when the chat is over.

    Chat started on 2026-03-05 01:37:50 PM (+0000)
    (1:38:05 PM) *** Ines has joined the chat ***
    (1:38:39 PM) Ines: Hello                        ( 35s ) Ines: Hello
    [13:38:39] Ines: Hello                          Ines (13:38): Hello

Lines with a time and no speaker, and those between stars, are events and no words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from transcripts.formats import labels, turn_times

MAX_LINES: Final = 200_000
BEGINNING: Final = 200  # characters of a line in which a time and a label stand
HEADING: Final = 12  # lines above the first message that may tell of the chat
HALF_A_DAY: Final = 43_200.0
DAY: Final = 86_400.0

_CLOCK: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?"
_DATE: Final = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}),?[T ]\s?"
_SPAN: Final = r"(?:\d{1,3}h\s?)?(?:\d{1,3}m\s?)?\d{1,5}s"
_STAMPED: Final = re.compile(
    rf"\s*[\[(]\s?(?:(?:{_DATE})?({_CLOCK})|({_SPAN}))\s?[\])]\s*[-\u2013|]?\s*"
)
_BARE: Final = re.compile(rf"\s*(?:{_DATE})?({_CLOCK})\s+[-\u2013|]?\s*")
_TRAILING: Final = re.compile(rf"([^:\[\]()]{{1,60}}?)\s*[\[(](?:{_DATE})?({_CLOCK})[\])]\s?:\s*")
_LABEL: Final = re.compile(r"([^:\uff1a\n]{1,60}?)\s?[:\uff1a](?!//)\s*")
_STARS: Final = re.compile(r"\s*\*{3,}\s?[^*\s].*")
_SENTENCE: Final = re.compile(r"[.?!,;](?:\s|$)")
_ISO: Final = re.compile(
    rf"(\d{{4}}-\d{{2}}-\d{{2}}),?[T ]\s?({_CLOCK})[ ,]{{0,2}}\(?(Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}})?"
)
_WORDED: Final = re.compile(
    rf"([A-Z][a-z]{{2}})[a-z]*\.? (\d{{1,2}}),? (\d{{4}}),?(?: at)? ({_CLOCK})[ ,]{{0,2}}"
    r"\(?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat: who wrote it, and seconds since its beginning or midnight."""

    label: str
    text: str
    clock: float | None


@dataclass(frozen=True, slots=True)
class ChatText:
    """A chat's messages, when it began, and the lines above it that do not tell of it."""

    messages: tuple[Said, ...]
    started: datetime | None = None
    above: str = ""
    heading: str = ""
    sure: bool = False  # nothing but a saved chat looks like this: it tells who came and went

    def moments(self) -> list[datetime | None]:
        """When each message was sent, where the chat's own beginning tells the day and the zone."""
        if self.started is None:
            return [None] * len(self.messages)
        begun = _of_day(self.started)
        return [
            None if said.clock is None else _later(self.started, said.clock - begun)
            for said in self.messages
        ]

    def offsets(self) -> list[float | None]:
        """Seconds of each message from the first."""
        first = min((said.clock for said in self.messages if said.clock is not None), default=0.0)
        return [
            None if said.clock is None else round(said.clock - first, 3) for said in self.messages
        ]


@dataclass(slots=True)
class _Line:
    """A line: a message's beginning with its label, an event, or neither."""

    text: str
    kind: str = ""  # "said", "event"
    label: str = ""
    clock: float | None = None
    bracketed: bool = False
    since_start: bool = False


@dataclass(slots=True)
class _Growing:
    first: _Line
    lines: list[str] = field(default_factory=list)


def read_chat_log(text: str) -> ChatText | None:
    """The messages of a chat that was saved as text; None where a text is anything else."""
    if text.count("\n") > MAX_LINES or ":" not in text:
        return None
    lines = [_line(line) for line in text.split("\n")]
    if not _is_chat(lines):
        return None
    first = next(at for at, line in enumerate(lines) if line.kind)
    heading, above = _above([line.text for line in lines[:first]])
    messages = _messages(lines[first:])
    if len(messages) < 2:
        return None
    started = next(filter(None, map(_moment, [*heading, *above])), None)
    spans = any(line.since_start for line in lines)
    clocks = _forward([said.clock for said in messages])
    if spans and started:
        base = _of_day(started)
        clocks = [None if clock is None else base + clock for clock in clocks]
    kept = (Said(said.label, said.text, at) for said, at in zip(messages, clocks, strict=True))
    sure = spans or any(line.kind == "event" and "***" in line.text for line in lines)
    return ChatText(tuple(kept), started, "\n".join(above).strip(), "\n".join(heading), sure)


def is_event(line: str) -> bool:
    """True if a line tells of the chat and holds no words of it: `*** Ines has left ***`."""
    return _STARS.fullmatch(line[:BEGINNING]) is not None


def _line(raw: str) -> _Line:
    beginning = raw[:BEGINNING]
    stamped = _STAMPED.match(beginning)
    found = stamped or _BARE.match(beginning)
    if found is None:
        return _trailing(raw, beginning)
    rest = raw[found.end() :]
    span = found[2] if stamped else None
    clock = _span(span) if span else _clock(found[1])
    line = _Line(raw, "", "", clock, bracketed=bool(stamped), since_start=bool(span))
    label = _LABEL.match(rest[:BEGINNING])
    if rest.startswith("***") or (stamped and label is None):
        line.kind = "event"
    elif label and _may_speak(label[1]):
        line.kind, line.label, line.text = "said", labels.tidy(label[1]), rest[label.end() :]
    return line


def _trailing(raw: str, beginning: str) -> _Line:
    """`Ines (13:38): Hello`, a line between stars, or neither."""
    if is_event(beginning):
        return _Line(raw, "event")
    found = _TRAILING.match(beginning.lstrip())
    if found is None or not _may_speak(found[1]):
        return _Line(raw)
    said = raw.lstrip()[found.end() :]
    clock = _clock(found[2])
    return _Line(said, "said", labels.tidy(found[1]), clock, bracketed=True)


def _may_speak(label: str) -> bool:
    """True if words before a colon may be a name; in a chat they are short and no sentence."""
    return bool(label.strip()) and len(label.split()) <= 6 and not _SENTENCE.search(label)


def _is_chat(lines: Sequence[_Line]) -> bool:
    """True if messages with times are there by two people, or of one who is said to have come.

    Times without brackets stand in agendas too: then a name has to come back.
    """
    said = [line for line in lines if line.kind == "said"]
    events = sum(line.kind == "event" for line in lines)
    if len(said) < 2:
        return False
    names = Counter(line.label.casefold() for line in said)
    bracketed = sum(line.bracketed for line in said) * 2 > len(said)
    if not bracketed and max(names.values()) < 2:
        return False
    return len(names) > 1 or events > 0


def _above(lines: list[str]) -> tuple[list[str], list[str]]:
    """What stands above the chat: lines that tell of it, and words that somebody wrote there."""
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) <= HEADING and all(map(_tells, filled)):
        return filled, []
    return [], [line.rstrip() for line in lines]


def _tells(line: str) -> bool:
    """True for `Chat started on …`, `Origin: …` or a few words; False for a sentence."""
    short = len(line.split()) <= 6 and line[-1] not in ".?!,;:"
    field_of_form = re.match(r"[^:.?!]{1,40}:\s?\S", line) is not None
    return short or (len(line) <= BEGINNING and (_moment(line) is not None or field_of_form))


def _messages(lines: Sequence[_Line]) -> list[Said]:
    """The messages, each with the lines that go on with it."""
    found: list[_Growing] = []
    for line in lines:
        if line.kind == "said":
            found.append(_Growing(line, [line.text]))
        elif found and not line.kind:
            found[-1].lines.append(line.text)
    said = (
        Said(grown.first.label, "\n".join(grown.lines).strip(), grown.first.clock)
        for grown in found
    )
    return [each for each in said if each.text]


def _forward(clocks: Sequence[float | None]) -> list[float | None]:
    """Clock times that never run back: one that falls by more than half a day is the next day's."""
    days, before = 0.0, 0.0
    found: list[float | None] = []
    for clock in clocks:
        if clock is None:
            found.append(None)
            continue
        if clock + days < before - HALF_A_DAY:
            days += DAY
        before = clock + days
        found.append(before)
    return found


def _clock(written: str) -> float | None:
    """Seconds since midnight; `13:38` has hours and minutes."""
    seconds = turn_times.seconds(written)
    short = written.count(":") == 1 and written[-1].isdigit()
    return seconds * 60 if seconds is not None and short else seconds


def _of_day(moment: datetime) -> float:
    return moment.hour * 3600.0 + moment.minute * 60 + moment.second


def _later(started: datetime, seconds: float) -> datetime | None:
    """A clock's time after the beginning, on the next day where it is long before it."""
    try:
        after = seconds + DAY if seconds < -HALF_A_DAY else seconds
        return (started + timedelta(seconds=round(after, 3))).astimezone(UTC)
    except OverflowError:
        return None


def _span(written: str) -> float:
    """`1h 2m 3s` in seconds."""
    units = {"h": 3600.0, "m": 60.0, "s": 1.0}
    return sum(float(n) * units[unit] for n, unit in re.findall(r"(\d+)([hms])", written))


def _moment(line: str) -> datetime | None:
    """The point in time that a line names, with its zone; None without one."""
    return next(filter(None, (reading(line[:BEGINNING]) for reading in (_iso, _worded))), None)


def _iso(line: str) -> datetime | None:
    found = _ISO.search(line)
    return _zoned(found[1], found[2], found[3]) if found else None


def _worded(line: str) -> datetime | None:
    found = _WORDED.search(line)
    if found is None:
        return None
    try:
        day = parsedate_to_datetime(f"{found[2]} {found[1]} {found[3]} 00:00:00 +0000").date()
    except (ValueError, TypeError, IndexError):
        return None
    return _zoned(day.isoformat(), found[4], found[5])


def _zoned(day: str, clock: str, zone: str | None) -> datetime | None:
    seconds = _clock(clock)
    if seconds is None or zone is None:
        return None
    offset = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    try:
        return datetime.fromisoformat(f"{day}T00:00:00{offset}") + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None
