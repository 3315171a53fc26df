"""Twilio Conversations: lists of messages, with the participants beside them where exported.

Messages alone don't say who is agent and who is customer: a participant with a messaging binding
writes from outside, and one with an identity beside such a customer is the company's own.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.model import CanonicalInteraction, LineError, Parsed
from transcripts.formats.source import Source

NAME: Final = "twilio_conversations"
_ADDRESS: Final = re.compile(r"(?:whatsapp:|messenger:|sms:|rcs:)\S+|\+\d{6,16}")
_OUTER: Final = ("messages", "participants", "meta")


def recognise(source: Source) -> Likeness | None:
    for outer in chat.first_objects(chat.document_of(source)):
        for record in (outer, *objects(outer.get("messages"))[: chat.LOOKED_AT]):
            if "conversation_sid" in record and "body" in record:
                return Likeness(0.96, gettext_noop("JSON of messages with a conversation_sid"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    messages, participants, errors = _contents(source, reading)
    roles = _roles(participants)
    by_conversation: dict[str, list[dict[str, Any]]] = {}
    for message in messages:
        by_conversation.setdefault(text(message.get("conversation_sid")), []).append(message)
    found = chat.gathered(
        NAME,
        reading,
        ((None, pair) for pair in by_conversation.items()),
        lambda pair: _read(pair[0], pair[1], roles, reading),
    )
    return reading.parsed(NAME, found.interactions, (*errors, *found.errors))


def _contents(
    source: Source, reading: ChatLog
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[LineError]]:
    """The messages and participants of a file, and the lines that could not be read."""
    messages: list[dict[str, Any]] = []
    participants: list[dict[str, Any]] = []
    errors: list[LineError] = []
    for _, value in chat.records_of(source):
        if isinstance(value, LineError):
            errors.append(value)
            continue
        record = mapping(value)
        if any(isinstance(record.get(key), list) for key in _OUTER):
            messages += objects(record.get("messages"))
            participants += objects(record.get("participants"))
        else:
            messages.append(record)
        if text(mapping(record.get("meta")).get("next_page_url")):
            reading.note(gettext_noop("The file holds one page of several."))
    return messages, participants, errors


def _roles(participants: list[dict[str, Any]]) -> dict[str, str]:
    """The role of each participant, by sid, identity and address."""
    roles: dict[str, str] = {}
    outside = {
        text(participant.get("conversation_sid"))
        for participant in participants
        if _address(participant)
    }
    for participant in participants:
        address, identity = _address(participant), text(participant.get("identity"))
        ours = identity and text(participant.get("conversation_sid")) in outside
        role = "customer" if address else "agent" if ours else "unknown"
        roles |= {key: role for key in (text(participant.get("sid")), identity, address) if key}
    return roles


def _address(participant: dict[str, Any]) -> str:
    return text(mapping(participant.get("messaging_binding")).get("address"))


def _read(
    sid: str, listed: list[dict[str, Any]], roles: dict[str, str], reading: ChatLog
) -> CanonicalInteraction:
    numbered = sorted(listed, key=lambda message: number(message.get("index")) or 0.0)
    messages = chat.spoken(
        said for message in numbered for said in _message(message, roles, reading)
    )
    found = chat.interaction_of(
        messages,
        reading,
        source=NAME,
        external_id=chat.name_of(sid),
        agent=chat.sole_agent(
            (message.speaker, "") for message in messages if message.role == "agent"
        ),
    )
    return with_agents(found, ((said.speaker, said.speaker) for said in messages))


def _message(message: dict[str, Any], roles: dict[str, str], reading: ChatLog) -> Iterator[Message]:
    if objects(message.get("media")):
        reading.note(chat.MEDIA)
    author = chat.name_of(message.get("author"))
    by_sid = roles.get(text(message.get("participant_sid")), "unknown")
    role = by_sid if by_sid != "unknown" else roles.get(author, "unknown")
    if role == "unknown" and _ADDRESS.fullmatch(author):
        role = "customer"
    elif role == "unknown" and author.casefold() == "system":
        role = "system"
    yield Message(
        text(message.get("body")), role, author, chat.stamp_of(message.get("date_created"))
    )


FORMAT: Final = Format(
    name=NAME,
    title="Twilio Conversations",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
