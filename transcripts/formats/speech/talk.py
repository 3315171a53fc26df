"""What every reader of recognised speech does alike: one JSON document to one call."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats import turn_times
from transcripts.formats.errors import FormatError
from transcripts.formats.json_values import number, text
from transcripts.formats.labels import role_of
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech.languages import language_tag
from transcripts.formats.stamps import OFFSET_LIMIT
from transcripts.formats.validation import MAX_SECONDS

MAX_FACT: Final = 500  # characters of a fact kept as metadata
MILLISECONDS: Final = 1000.0
MICROSECONDS: Final = 1e6
TICKS: Final = 1e7  # of 100 nanoseconds
_PERIOD: Final = re.compile(
    r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?", re.IGNORECASE
)


def document(source: Source) -> Any:
    """The file as one JSON value of objects; None if it is anything else."""
    if source.first_record is None or source.is_json_lines:
        return None
    return source.document


def seconds(value: Any, unit: float = 1.0) -> float | None:
    """A number, also one in a string, of so many units a second; None for what is no offset."""
    found = number(value)
    if found is None or not 0 <= found / unit <= MAX_SECONDS:
        return None
    return round(found / unit, 3)


def span(value: Any) -> float | None:
    """`"1.5s"` or `{"seconds": "1", "nanos": 500000000}` in seconds."""
    if isinstance(value, dict):
        whole, nanos = number(value.get("seconds", 0)), number(value.get("nanos", 0))
        return None if whole is None or nanos is None else seconds(whole + nanos / 1e9)
    return seconds(text(value).removesuffix("s") or value)


def period(value: Any) -> float | None:
    """`"PT1M1.5S"` in seconds; None for anything else."""
    found = _PERIOD.fullmatch(text(value)[:40])
    if found is None or not any(found.groups()):
        return None
    hours, minutes, secs = (float(group or 0) for group in found.groups())
    return seconds(hours * 3600 + minutes * 60 + secs)


def length(value: Any) -> float | None:
    """A duration in seconds, be it a number, `"PT1M1.5S"`, `"61.5s"` or `"00:01:01"`."""
    written = text(value)[:40]
    clock = turn_times.seconds(written)
    found = next((each for each in (period(value), clock) if each is not None), None)
    return seconds(written.rstrip("sS ") or value) if found is None else found


def either(part: dict[str, Any], camel: str) -> Any:
    """A field under its camel or its snake name."""
    if camel in part:
        return part[camel]
    return part.get(
        "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in camel)
    )


def moment(value: Any) -> datetime | None:
    """A point in time from ISO 8601 with its zone; None for anything else, and for 1970."""
    try:
        found = datetime.fromisoformat(text(value))
        found = found.astimezone(UTC) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo and found.year > 1970 else None


def epoch(value: Any, unit: float) -> datetime | None:
    """A point in time from so many units a second since 1970; None for a mere offset."""
    found = number(value)
    if found is None or found / unit < OFFSET_LIMIT:
        return None
    try:
        return datetime.fromtimestamp(found / unit, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def label(speaker: Any = None, channel: Any = None, *, several_channels: bool = False) -> str:
    """`Speaker A` for a recogniser's bare letter or number; with the channel where it matters."""
    voice, track = text(speaker), text(channel)
    if voice and (len(voice) == 1 or voice.isdecimal()):
        voice = f"Speaker {voice}"
    if several_channels and track:
        track = f"Channel {track}"
        return f"{track}, {voice}" if voice else track
    return voice


def turn(
    said: Any,
    *,
    speaker: str = "",
    role: str = "",
    started: float | None = None,
    ended: float | None = None,
    sent_at: datetime | None = None,
) -> CanonicalTurn:
    """A turn whose role is the one stated, or read from the label's words, or unknown."""
    begins_before = started is None or ended is None or started <= ended
    return CanonicalTurn(
        role=role or (role_of(speaker) if speaker else None) or "unknown",
        text=text(said),
        speaker=speaker or None,
        started_s=started,
        ended_s=ended if begins_before else None,
        sent_at=sent_at,
    )


def in_order(turns: Iterable[CanonicalTurn]) -> list[CanonicalTurn]:
    """Turns by their start, stably; one without a time stays behind the turn before it."""
    keyed: list[tuple[float, CanonicalTurn]] = []
    last = 0.0
    for utterance in turns:
        last = utterance.started_s if utterance.started_s is not None else last
        keyed.append((last, utterance))
    return [utterance for _, utterance in sorted(keyed, key=lambda pair: pair[0])]


def call(turns: Iterable[CanonicalTurn], source: Source, **facts: Any) -> CanonicalInteraction:
    """One call of the turns that have words; FormatError if none has."""
    spoken = tuple(utterance for utterance in turns if utterance.text)
    if not spoken:
        raise FormatError(_("holds no words, so there is nothing to import"))
    ends = [utterance.ended_s for utterance in spoken if utterance.ended_s is not None]
    facts["duration_s"] = facts.get("duration_s") or max(ends, default=None)
    facts["language"] = language_tag(facts.get("language"))
    facts.setdefault("channel", source.channel or "call")
    return CanonicalInteraction(turns=spoken, **facts)


def parsed(
    name: str,
    interaction: CanonicalInteraction,
    source: Source,
    *,
    notes: tuple[str, ...] = (),
) -> Parsed:
    """The one call of a file, with what the uploader should know of it."""
    voices = {utterance.speaker for utterance in interaction.turns}
    if voices == {None} and {utterance.role for utterance in interaction.turns} == {"unknown"}:
        notes = (*notes, gettext_noop("The file does not tell the speakers apart."))
    return Parsed(name, (interaction,), notes=(*source.notes(), *notes))


def metadata(**facts: Any) -> dict[str, Json]:
    """The facts that are there, as short texts."""
    found = {key: text(value)[:MAX_FACT] for key, value in facts.items()}
    return {key: value for key, value in found.items() if value}
