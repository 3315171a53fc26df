"""What every reader of chats does alike: messages to one interaction, many of them to one result.

Messages are put in order of time; one without a time stays behind the message before it. Times
without a zone become moments if the uploader named the zone, offsets from the first if not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, grouped
from transcripts.formats.answers import Question
from transcripts.formats.errors import FormatError
from transcripts.formats.json_values import text
from transcripts.formats.model import (
    Agent,
    CanonicalInteraction,
    CanonicalTurn,
    LineError,
    Parsed,
)
from transcripts.formats.source import Source
from transcripts.formats.stamps import NO_ZONE, Stamp, read_stamp
from transcripts.formats.strict_json import read_json_lines
from transcripts.formats.validation import MAX_NAME

YEARS: Final = range(1980, 2200)  # a chat's moment lies in them; 1970 is a zero, not a time
LOOKED_AT: Final = 20  # elements of a list looked at to tell a format
NO_TIME: Final = Stamp()
MEDIA: Final = gettext_noop("Attachments, pictures and recordings are not turns and were left out.")
REMOVED: Final = gettext_noop("Messages that were deleted hold no words and were left out.")


class WordlessError(FormatError):
    """A conversation in which nobody wrote a word: left out beside others, refused alone."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, before its time is settled."""

    text: str
    role: str = "unknown"
    speaker: str = ""
    stamp: Stamp = NO_TIME


@dataclass(slots=True)
class ChatLog:
    """A file being read, with what the uploader should know of it and be asked."""

    source: Source
    notes: dict[str, None] = field(default_factory=dict)
    open: dict[Question, None] = field(default_factory=dict)

    def note(self, sentence: str) -> None:
        """Tell the uploader, once."""
        self.notes[sentence] = None

    def ask(self, question: Question) -> None:
        """Leave a question to the uploader, once."""
        self.open[question] = None

    def parsed(
        self, name: str, kept: Iterable[CanonicalInteraction], errors: Iterable[LineError] = ()
    ) -> Parsed:
        """What came of the file, with all that was noted and asked on the way."""
        notes = (*self.source.notes(), *self.notes)
        return Parsed(name, tuple(kept), tuple(errors), notes, tuple(self.open))


def stamp_of(value: Any) -> Stamp:
    """The time in a field: ISO 8601, RFC 2822, an epoch; an empty Stamp for anything else."""
    if isinstance(value, float):
        value = f"{value:.6f}" if 0 <= value < 1e17 else ""
    said = text(value)[:60]
    found = read_stamp(said)
    if found is None and "," in said:
        found = _mail_date(said)
    return found or NO_TIME


def name_of(*values: Any) -> str:
    """The first of these that is a name, on one line and of bounded length; or an empty one."""
    names = (" ".join(text(value).split())[:MAX_NAME] for value in values)
    return next((name for name in names if name), "")


def note_by(name: str) -> str:
    """The speaker of an internal note, which is shown apart and never scored."""
    return f"Note ({name[: MAX_NAME - 10]})" if name else "Note"


def spoken(messages: Iterable[Message]) -> list[Message]:
    """The messages that have words; WordlessError if none has."""
    found = [message for message in messages if message.text.strip()]
    if not found:
        raise WordlessError(_("holds no messages with words, so there is nothing to import"))
    return found


def interaction_of(
    messages: Sequence[Message],
    reading: ChatLog,
    *,
    channel: str = "",
    file_order: bool = False,
    **facts: Any,
) -> CanonicalInteraction:
    """One chat of the messages that have words; WordlessError if none has.

    `file_order` keeps the order of an export that is known to be in order, where a clock may have
    been turned back.
    """
    turns, start = turns_of(spoken(messages), reading, file_order=file_order)
    for key in ("external_id", "subject", "language"):
        facts[key] = facts.get(key) or None
    return CanonicalInteraction(
        channel=channel or reading.source.channel or "chat",
        turns=turns,
        started_at=start,
        **facts,
    )


def turns_of(
    messages: Sequence[Message], reading: ChatLog, *, file_order: bool = False
) -> tuple[tuple[CanonicalTurn, ...], datetime | None]:
    """The messages in order of time, and the moment of the first."""
    stamps = settled([message.stamp for message in messages], reading)
    keys: list[float] = []
    for stamp in stamps:
        known = stamp.sort_key
        keys.append(known if known is not None else keys[-1] if keys else float("-inf"))
    origin = min((key for key in keys if key != float("-inf")), default=0.0)
    turns = [_turn(message, stamp, origin) for message, stamp in zip(messages, stamps, strict=True)]
    order = range(len(turns)) if file_order else sorted(range(len(turns)), key=keys.__getitem__)
    moments = [stamp.moment for stamp in stamps if stamp.moment and not stamp.naive]
    return tuple(turns[index] for index in order), min(moments, default=None)


def settled(stamps: Sequence[Stamp], reading: ChatLog) -> list[Stamp]:
    """Stamps of one kind: all moments, or all moments without a zone, or all offsets."""
    zoned = [_zoned(stamp, reading) for stamp in stamps]
    moments = [stamp for stamp in zoned if stamp.moment]
    exact = any(not stamp.naive for stamp in moments)
    kept = [stamp if _is_kind(stamp, bool(moments), exact) else NO_TIME for stamp in zoned]
    if moments and not exact:
        reading.ask(Question.TIME_ZONE)
        reading.note(NO_ZONE)
    return kept


def sole_agent(found: Iterable[tuple[str, str]]) -> Agent | None:
    """The one agent there is, from ids and names; None of several, for none of them is known to
    have handled it all."""
    agents = set(found)
    if len(agents) != 1:
        return None
    external_id, name = agents.pop()
    return Agent(external_id or None, name or None) if external_id or name else None


def sole_speaker(messages: Iterable[Message]) -> Agent | None:
    """The one agent who speaks, by name."""
    return sole_agent(("", message.speaker) for message in messages if message.role == "agent")


def document_of(source: Source) -> Any:
    """The JSON value of a file, or the list of its first record where it has one a line."""
    if not source.starts_like_json:
        return None
    if source.is_json_lines:
        return [source.first_record]
    try:
        return source.document
    except FormatError:
        return None


def first_objects(value: Any) -> list[dict[str, Any]]:
    """The objects among a list's first elements, or the one object itself."""
    elements = value[:LOOKED_AT] if isinstance(value, list) else [value]
    return [element for element in elements if isinstance(element, dict)]


def records_of(source: Source) -> Iterator[tuple[int | None, Any]]:
    """The values of a file: its lines by number, a list's elements, or the one document."""
    if source.is_json_lines:
        yield from read_json_lines(iter(enumerate(source.lines, start=1)), constants=True)
    elif isinstance(source.document, list):
        yield from ((None, value) for value in source.document)
    else:
        yield None, source.document


def gathered(
    name: str,
    reading: ChatLog,
    records: Iterable[tuple[int | None, Any]],
    read: Callable[[Any], CanonicalInteraction],
) -> Parsed:
    """Read every record; those at fault are named beside the good ones, a single one raises."""
    kept: list[CanonicalInteraction] = []
    failed: list[tuple[LineError, FormatError | None]] = []
    wordless = 0
    reason: WordlessError | None = None
    for index, (line, value) in enumerate(records):
        if isinstance(value, LineError):
            failed.append((value, None))
            continue
        try:
            kept.append(read(value))
        except WordlessError as error:
            wordless += 1
            reason = reason or error
        except FormatError as error:
            failed.append((LineError(line, _faults(error, line, index)), error))
    if not kept and not failed:
        raise reason or WordlessError(_("holds no conversations"))
    if len(failed) == 1 and not kept and failed[0][1]:
        raise failed[0][1]
    if wordless:
        left_out = _("Conversations in which nobody wrote were left out (%(n)s).")
        reading.note(left_out % {"n": grouped(wordless)})
    return reading.parsed(name, kept, (error for error, _ in failed))


def _faults(error: FormatError, line: int | None, index: int) -> tuple[Fault, ...]:
    faults = error.faults or (Fault(error.field or "", error.reason),)
    if line is not None:
        return faults
    return tuple(Fault(f"[{index}] {fault.path}".strip(), fault.message) for fault in faults)


def _mail_date(said: str) -> Stamp | None:
    try:
        moment = parsedate_to_datetime(said)
        naive = moment.tzinfo is None
        return Stamp(moment.replace(tzinfo=UTC) if naive else moment.astimezone(UTC), naive=naive)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _zoned(stamp: Stamp, reading: ChatLog) -> Stamp:
    if stamp.moment is None:
        return stamp
    if stamp.moment.year not in YEARS:
        return NO_TIME
    zone = reading.source.answers.time_zone
    if not stamp.naive or zone is None:
        return stamp
    return Stamp(stamp.moment.replace(tzinfo=zone).astimezone(UTC))


def _is_kind(stamp: Stamp, moments: bool, exact: bool) -> bool:
    if moments:
        return stamp.moment is not None and stamp.naive != exact
    return True


def _turn(message: Message, stamp: Stamp, origin: float) -> CanonicalTurn:
    turn = CanonicalTurn(
        role=message.role, text=message.text.strip(), speaker=message.speaker or None
    )
    if stamp.moment and not stamp.naive:
        return replace(turn, sent_at=stamp.moment)
    key = stamp.sort_key
    if key is None:
        return turn
    return replace(turn, started_s=round(key - origin if stamp.naive else key, 3))
