"""Amazon Connect chats: the transcript in S3, Contact Lens output, the answer of GetTranscript.

Also the segments that Contact Lens gives of a chat in real time.

Flows and bots also write under the customer's role in real exports; their marks tell. Buttons and
other interactive messages are JSON in `Content`: their words are taken out.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalInteraction, Customer, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import amazon_segments
from transcripts.formats.strict_json import read_json

NAME: Final = "connect_chat"
VERSION: Final = "2019-08-26"
_ROLES: Final = {
    "AGENT": "agent",
    "SUPERVISOR": "agent",
    "CUSTOMER": "customer",
    "SYSTEM": "system",
    "CUSTOM_BOT": "bot",
    "BOT": "bot",
}
_FLOW: Final = re.compile(
    r"\s*(?:CUSTOM_SYSTEM_MESSAGE|SYSTEM_MESSAGE_)|\s*\[[^\[\]\n]{0,200}\bdisregard\b[^\[\]\n]{0,80}\]\s*$",
    re.IGNORECASE,
)
_SHOWN: Final = ("title", "subtitle", "text", "value", "content", "message")
_MAX_DEPTH: Final = 12


def recognise(source: Source) -> Likeness | None:
    for record in chat.first_objects(chat.document_of(source)):
        items = objects(record.get("Transcript"))[: chat.LOOKED_AT]
        if any("AbsoluteTime" in item and "ContentType" in item for item in items):
            return Likeness(
                0.97, gettext_noop("JSON of a Transcript with AbsoluteTime and ContentType")
            )
        if "Transcript" in record and (
            record.get("Channel") == "CHAT" or record.get("Version") == VERSION
        ):
            return Likeness(0.9, gettext_noop("JSON of a Transcript of the channel CHAT"))
    segments, _ = amazon_segments.as_document(source)
    if segments and amazon_segments.is_chat(segments):
        return Likeness(
            0.95, gettext_noop("segments with moments, as Contact Lens writes them in real time")
        )
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    segments, notes = amazon_segments.as_document(source)
    if segments:
        for note in notes:
            reading.note(note)
        return chat.gathered(
            NAME, reading, [(None, segments)], lambda record: _read(record, reading)
        )
    return chat.gathered(
        NAME, reading, chat.records_of(source), lambda record: _read(record, reading)
    )


def _read(value: Any, reading: ChatLog) -> CanonicalInteraction:
    record = mapping(value)
    items = objects(record.get("Transcript"))
    if not isinstance(record.get("Transcript"), list):
        raise FormatError(_("has no list of messages"), field="Transcript", expected=_("a list"))
    if text(record.get("NextToken")):
        reading.note(gettext_noop("The file holds one page of several."))
    people = {text(who.get("ParticipantId")): who for who in objects(record.get("Participants"))}
    messages = chat.spoken(said for item in items for said in _message(item, people, reading))
    contact = mapping(record.get("CustomerMetadata"))
    ids = (record.get("ContactId"), contact.get("ContactId"), record.get("InitialContactId"))
    names = {said.speaker for said in messages if said.role == "customer" and said.speaker}
    found = chat.interaction_of(
        messages,
        reading,
        channel="call" if record.get("Channel") == "VOICE" else "",
        source="amazon_connect",
        external_id=chat.name_of(*ids, *(item.get("ContactId") for item in items)),
        language=chat.name_of(record.get("LanguageCode"))[:35],
        agent=chat.sole_speaker(messages),
        customer=Customer(name=names.pop()) if len(names) == 1 else None,
    )
    return with_agents(found)


def _message(
    item: dict[str, Any], people: dict[str, dict[str, Any]], reading: ChatLog
) -> Iterator[Message]:
    kind, content_type = text(item.get("Type")), text(item.get("ContentType"))
    if kind == "ATTACHMENT":
        reading.note(chat.MEDIA)
    if (kind or "MESSAGE") != "MESSAGE" or ".connect.event." in content_type:
        return
    who = people.get(text(item.get("ParticipantId")), {})
    stated = text(item.get("ParticipantRole")) or text(who.get("ParticipantRole"))
    content = text(item.get("Content"))
    shown = _interactive(content)
    role = _ROLES.get(stated.upper(), "unknown")
    if role != "agent" and shown is not None and "response" not in content_type:
        role = "bot"
    if role == "customer" and _FLOW.match(content[:400]):
        role = "system"
    speaker = chat.name_of(item.get("DisplayName"), who.get("DisplayName"))
    speaker = "" if speaker.upper() == "UNKNOWN" else speaker
    stamp = chat.stamp_of(item.get("AbsoluteTime"))
    yield Message(content if shown is None else shown, role, speaker, stamp)


def _interactive(content: str) -> str | None:
    """The words of a message of buttons or cards; None where the content is plain words."""
    if not content.startswith("{"):
        return None
    try:
        document = read_json(content)
    except FormatError:
        return None
    return "\n".join(dict.fromkeys(_shown(document, _MAX_DEPTH))) or None


def _shown(value: Any, depth: int) -> Iterator[str]:
    """The texts that a card shows, in their order."""
    if depth == 0:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _shown(inner, depth - 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _shown(inner, depth - 1)
            elif key in _SHOWN and text(inner):
                yield text(inner)


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Amazon Connect chat"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
