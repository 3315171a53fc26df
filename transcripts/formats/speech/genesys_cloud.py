"""Genesys Cloud speech and text analytics: phrases of the internal and the external side.

The external side is the customer. The internal one is an agent, but also the menu before the
agent: a phrase said while only a bot, menu or queue was on the line is the bot's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.labels import stated_role
from transcripts.formats.model import Agent, CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import talk

NAME: Final = "genesys_cloud"

_CUSTOMERS: Final = ("external", "customer")
_BOTS: Final = ("ivr", "acd", "bot", "workflow", "botflow", "voicemail")
_AGENTS: Final = ("agent", "user")
MAX_PARTICIPANTS: Final = 100
_CHANNELS: Final = {
    "call": "call",
    "voice": "call",
    "callback": "call",
    "chat": "chat",
    "message": "chat",
    "email": "email",
    "video": "video",
}


@dataclass(frozen=True, slots=True)
class _Presence:
    """Someone of the company's side, with the time on the line where the file says it."""

    purpose: str
    user: str
    begins_ms: float | None
    ends_ms: float | None


def recognise(source: Source) -> Likeness | None:
    phrases = _phrases(mapping(talk.document(source)))[:20]
    if any("participantPurpose" in phrase or "startTimeMs" in phrase for phrase in phrases):
        return Likeness(0.95, gettext_noop("transcripts with phrases, as Genesys Cloud writes"))
    if any("text" in phrase for phrase in phrases):
        return Likeness(0.8, gettext_noop("transcripts with phrases"))
    return None


def parse(source: Source) -> Parsed:
    found = mapping(talk.document(source))
    phrases = _phrases(found)
    started_at, offset = _clock(found, phrases)
    inside = _presences(objects(found.get("participants")))
    turns = [_turn(phrase, inside, offset) for phrase in phrases]
    languages = [
        text(transcript.get("language")) for transcript in objects(found.get("transcripts"))
    ]
    channel = _CHANNELS.get(text(found.get("mediaType")).casefold())
    interaction = talk.call(
        talk.in_order(turns),
        source,
        channel=channel or source.channel or "call",
        external_id=_external_id(found),
        started_at=started_at,
        language=next(filter(None, languages), None),
        agent=_agent(objects(found.get("participants"))),
        metadata=talk.metadata(
            conversation_id=found.get("conversationId"),
            communication_id=found.get("communicationId"),
        ),
    )
    spoken = [(turn.speaker or "", turn.speaker or "") for turn in interaction.turns]
    return talk.parsed(NAME, with_agents(interaction, spoken), source)


def _phrases(found: dict[str, Any]) -> list[dict[str, Any]]:
    transcripts = objects(found.get("transcripts"))
    return [phrase for transcript in transcripts for phrase in objects(transcript.get("phrases"))]


def _external_id(found: dict[str, Any]) -> str | None:
    """A conversation may have several communications, each with a file of its own."""
    ids = (text(found.get("conversationId")), text(found.get("communicationId")))
    return "/".join(filter(None, ids)) or None


def _clock(
    found: dict[str, Any], phrases: Sequence[dict[str, Any]]
) -> tuple[datetime | None, Callable[[Any], float | None]]:
    """The start of the call, and how a phrase's time becomes an offset from it."""
    stated = found.get("conversationStartTime") or found.get("startTime")
    start = talk.epoch(stated, talk.MILLISECONDS) or talk.moment(stated)
    stamps = [talk.epoch(phrase.get("startTimeMs"), talk.MILLISECONDS) for phrase in phrases]
    moments = [stamp for stamp in stamps if stamp is not None]
    if not moments:
        return start, lambda value: talk.seconds(value, talk.MILLISECONDS)
    origin = min([*moments, start]) if start else min(moments)

    def since(value: Any) -> float | None:
        at = talk.epoch(value, talk.MILLISECONDS)
        return talk.seconds((at - origin).total_seconds()) if at else None

    return origin, since


def _presences(participants: list[dict[str, Any]]) -> list[_Presence]:
    return [
        _Presence(
            purpose,
            text(participant.get("userId")),
            number(participant.get("startTimeMs")),
            number(participant.get("endTimeMs")),
        )
        for participant in participants[:MAX_PARTICIPANTS]
        if (purpose := text(participant.get("participantPurpose")).casefold())
        not in ("", *_CUSTOMERS)
    ]


def _turn(
    phrase: dict[str, Any], inside: list[_Presence], offset: Callable[[Any], float | None]
) -> CanonicalTurn:
    started = offset(phrase.get("startTimeMs"))
    length = talk.seconds(mapping(phrase.get("duration")).get("milliseconds"), talk.MILLISECONDS)
    known = started is not None and length is not None
    role = _role(phrase, inside)
    return talk.turn(
        text(phrase.get("decoratedText")) or text(phrase.get("text")),
        role=role,
        speaker=_who(phrase, inside) if role == "agent" else "",
        started=started,
        ended=round((started or 0.0) + (length or 0.0), 3) if known else None,
    )


def _role(phrase: dict[str, Any], inside: list[_Presence]) -> str:
    purpose = text(phrase.get("participantPurpose")).casefold()
    if purpose in _CUSTOMERS:
        return "customer"
    if purpose in _BOTS:
        return "bot"
    if purpose in _AGENTS:
        return "agent"
    if purpose != "internal":
        return stated_role(purpose)
    there = _on_the_line(inside, number(phrase.get("startTimeMs")))
    return (
        "bot" if there and all(participant.purpose in _BOTS for participant in there) else "agent"
    )


def _who(phrase: dict[str, Any], inside: list[_Presence]) -> str:
    """After a transfer the id of the one agent on the line; no label where one has it all."""
    agents = [one for one in inside if one.user and one.purpose not in _BOTS]
    if len({one.user for one in agents}) < 2:
        return ""
    there = {one.user for one in _on_the_line(agents, number(phrase.get("startTimeMs")))}
    return there.pop() if len(there) == 1 else ""


def _on_the_line(inside: list[_Presence], at: float | None) -> list[_Presence]:
    """Who of the company's side was there; all of them where times don't tell."""
    timed = [
        participant
        for participant in inside
        if participant.begins_ms is not None and participant.ends_ms is not None
    ]
    if at is None or len(timed) < len(inside):
        return inside
    return [
        participant
        for participant in timed
        if (participant.begins_ms or 0.0) <= at <= (participant.ends_ms or 0.0)
    ] or inside


def _agent(participants: list[dict[str, Any]]) -> Agent | None:
    """The one employee with a user id."""
    ids = {
        text(participant.get("userId"))
        for participant in participants
        if text(participant.get("participantPurpose")).casefold() in ("internal", *_AGENTS)
    } - {""}
    return Agent(external_id=ids.pop()) if len(ids) == 1 else None


FORMAT: Final = Format(
    name=NAME,
    title="Genesys Cloud",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
