"""Google CCAI Insights: conversations as it takes them in, and as it exports them.

What it takes in has `entries`; what it exports is a Conversation with `transcriptSegments`, alone
or in a list. Times are microseconds, from zero or from 1970: the small ones are offsets.
"""

from datetime import UTC, datetime
from typing import Any, Final

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.answers import Question
from transcripts.formats.attribution import with_agents
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import (
    Agent,
    CanonicalInteraction,
    CanonicalTurn,
    LineError,
    Parsed,
)
from transcripts.formats.source import Source
from transcripts.formats.speech import talk

NAME: Final = "ccai_insights"

_ROLES: Final = {
    "AGENT": "agent",
    "HUMAN_AGENT": "agent",
    "CUSTOMER": "customer",
    "END_USER": "customer",
    "AUTOMATED_AGENT": "bot",
}
_MEDIA: Final = {"PHONE_CALL": "call", "1": "call", "CHAT": "chat", "2": "chat"}


def recognise(source: Source) -> Likeness | None:
    found = talk.document(source)
    first = next(iter(_records(found)), {})
    if objects(_segments(first)):
        return Likeness(
            0.95, gettext_noop("transcript segments, as Conversational Insights exports")
        )
    entries = objects(first.get("entries"))[:20]
    if not any("role" in entry and "text" in entry for entry in entries):
        return None
    if any("start_timestamp_usec" in entry or "user_id" in entry for entry in entries):
        return Likeness(
            0.95, gettext_noop("entries with role and text, as Conversational Insights takes them")
        )
    return Likeness(0.7, gettext_noop("entries with role and text"))


def parse(source: Source) -> Parsed:
    kept: list[CanonicalInteraction] = []
    errors: list[LineError] = []
    records = _records(talk.document(source))
    for index, record in enumerate(records):
        try:
            kept.append(_conversation(record, source))
        except FormatError as error:
            if len(records) == 1:
                raise
            errors.append(LineError(None, (Fault(f"[{index}]", error.reason),)))
    if not records:
        raise FormatError(_("holds no conversation of Conversational Insights"))
    told = source.channel or all(_medium(record) for record in records)
    return Parsed(
        NAME,
        tuple(kept),
        tuple(errors),
        source.notes(),
        () if told else (Question.CHANNEL,),
    )


def _records(found: Any) -> list[dict[str, Any]]:
    inner = mapping(found)
    many = inner.get("conversations") if "conversations" in inner else found
    return objects(many) if isinstance(many, list) else [mapping(many)] if many else []


def _segments(record: dict[str, Any]) -> Any:
    return talk.either(mapping(record.get("transcript")), "transcriptSegments")


def _medium(record: dict[str, Any]) -> str:
    return _MEDIA.get(text(record.get("medium")), "")


def _conversation(record: dict[str, Any], source: Source) -> CanonicalInteraction:
    segments = objects(_segments(record))
    if segments:
        turns = [_segment_turn(segment, _channel_roles(record)) for segment in segments]
    else:
        turns = [_entry_turn(entry) for entry in objects(record.get("entries"))]
    turns = _by_time(turns)
    moments = [turn.sent_at for turn in turns if turn.sent_at is not None]
    agent = text(talk.either(record, "agentId"))
    facts: dict[str, Any] = {} if source.channel else {"channel": _medium(record) or "call"}
    found = talk.call(
        turns,
        source,
        external_id=text(record.get("name")) or None,
        started_at=talk.moment(talk.either(record, "startTime")) or min(moments, default=None),
        duration_s=talk.span(record.get("duration")),
        language=talk.either(record, "languageCode"),
        agent=Agent(external_id=agent) if agent else None,
        **facts,
    )
    return with_agents(found, _agents(turns))


def _agents(turns: list[CanonicalTurn]) -> list[tuple[str, str]]:
    """Ids of those who speak as agent, with the label that `_turn` gives them."""
    spoken = [turn.speaker or "" for turn in turns if turn.role == "agent"]
    return [(label.removeprefix("Agent "), label) for label in spoken]


def _by_time(turns: list[CanonicalTurn]) -> list[CanonicalTurn]:
    if all(turn.sent_at is not None for turn in turns):
        return sorted(turns, key=lambda turn: turn.sent_at.timestamp() if turn.sent_at else 0.0)
    return talk.in_order(turns)


def _entry_turn(entry: dict[str, Any]) -> CanonicalTurn:
    stamp = entry.get("start_timestamp_usec")
    sent_at = talk.epoch(stamp, talk.MICROSECONDS)
    return _turn(
        entry.get("text"),
        _ROLES.get(text(entry.get("role")).upper(), "unknown"),
        text(entry.get("user_id")),
        sent_at=sent_at,
        started=None if sent_at else talk.seconds(stamp, talk.MICROSECONDS),
    )


def _segment_turn(segment: dict[str, Any], roles: dict[str, str]) -> CanonicalTurn:
    participant = mapping(talk.either(segment, "segmentParticipant"))
    words = objects(segment.get("words"))
    stated = _ROLES.get(text(participant.get("role")).upper())
    by_channel = roles.get(text(talk.either(segment, "channelTag")))
    started, ended = _offsets(words)
    at = text(talk.either(segment, "messageTime"))
    sent_at = talk.moment(at)
    return _turn(
        segment.get("text"),
        stated or by_channel or "unknown",
        text(talk.either(participant, "userId")),
        sent_at=sent_at,
        started=_since_1970(at) if started is None and sent_at is None else started,
        ended=ended,
    )


def _offsets(words: list[dict[str, Any]]) -> tuple[float | None, float | None]:
    if not words:
        return None, None
    started = talk.span(talk.either(words[0], "startOffset"))
    return started, talk.span(talk.either(words[-1], "endOffset"))


def _since_1970(at: str) -> float | None:
    """The offset behind a time such as 1970-01-01T00:00:12Z."""
    try:
        return talk.seconds(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def _channel_roles(record: dict[str, Any]) -> dict[str, str]:
    """The roles of the audio channels, as the conversation's own metadata states them."""
    facts = mapping(talk.either(record, "callMetadata"))
    stated = {"agent": talk.either(facts, "agentChannel")}
    stated["customer"] = talk.either(facts, "customerChannel")
    return {text(channel): role for role, channel in stated.items() if text(channel)}


def _turn(
    said: Any,
    role: str,
    user: str,
    **times: Any,
) -> CanonicalTurn:
    """A turn whose label tells two agents of one call apart."""
    named = role.capitalize() if role != "unknown" else "Participant"
    return talk.turn(said, role=role, speaker=f"{named} {user}" if user else "", **times)


FORMAT: Final = Format(
    name=NAME,
    title="Google CCAI Insights",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
