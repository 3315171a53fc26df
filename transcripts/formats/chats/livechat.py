"""LiveChat: threads of events (Agent Chat API 3), one interaction each, and archives of API 2.

Words to agents only are shown apart as notes; forms, files and the system's remarks are no turns.
"""

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
from transcripts.formats.model import Agent, CanonicalInteraction, Customer, Json, Parsed
from transcripts.formats.remarks import with_remarks
from transcripts.formats.source import Source
from transcripts.formats.tickets.automation import AUTOMATIC

NAME: Final = "livechat"
_ROLES: Final = {
    "agent": "agent",
    "customer": "customer",
    "visitor": "customer",
    "supervisor": "agent",
    "bot": "bot",
}
_SPOKEN: Final = ("message", "rich_message")


def recognise(source: Source) -> Likeness | None:
    for chat_record in chat.first_objects(_chats(chat.document_of(source))):
        if any("events" in thread for thread in _threads(chat_record)):
            return Likeness(0.96, gettext_noop("JSON of chats with threads of events"))
        if _is_older(chat_record):
            return Likeness(0.95, gettext_noop("JSON of chats whose messages have a user_type"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    document = None if source.is_json_lines else source.document
    if text(mapping(document).get("next_page_id")):
        reading.note(gettext_noop("The file holds one page of several."))
    records = _records(source, document)
    return chat.gathered(NAME, reading, records, lambda pair: _read(pair, reading))


def _records(source: Source, document: Any) -> Iterator[tuple[int | None, Any]]:
    """Every thread with its chat; a chat of the older API is a thread of its own."""
    if document is None:
        values = chat.records_of(source)
    else:
        found = _chats(document)
        values = (
            (None, chat_record) for chat_record in (found if isinstance(found, list) else [found])
        )
    for line, value in values:
        chat_record = _chats(value) if isinstance(value, dict) else value
        threads = _threads(chat_record) if isinstance(chat_record, dict) else []
        for thread in threads or [{}]:
            yield line, (chat_record, thread) if isinstance(chat_record, dict) else chat_record


def _chats(document: Any) -> Any:
    """The chat or chats: bare, listed, or in the body of a webhook."""
    outer = mapping(document)
    if isinstance(outer.get("chats"), list):
        return outer["chats"]
    payload = mapping(outer.get("payload"))
    for key in ("chat", "thread"):
        if isinstance(payload.get(key), dict):
            return payload[key]
    if isinstance(payload.get("event"), dict):
        thread = {"id": payload.get("thread_id"), "events": [payload["event"]]}
        return {"id": payload.get("chat_id"), "thread": thread}
    if isinstance(outer.get("chat"), dict):
        return outer["chat"]
    return document


def _threads(chat_record: dict[str, Any]) -> list[dict[str, Any]]:
    thread = chat_record.get("thread")
    if isinstance(thread, dict) or _is_older(chat_record):
        return [thread] if isinstance(thread, dict) else []
    return objects(chat_record.get("threads")) or (
        [chat_record] if isinstance(chat_record.get("events"), list) else []
    )


def _is_older(chat_record: dict[str, Any]) -> bool:
    """True if a chat is of the archives before threads."""
    return any(
        "user_type" in said for said in objects(chat_record.get("messages"))[: chat.LOOKED_AT]
    )


def _read(pair: Any, reading: ChatLog) -> CanonicalInteraction:
    if not isinstance(pair, tuple):
        raise FormatError(_("is not a chat: expected a JSON object"))
    chat_record, thread = pair
    if not thread:
        return _read_older(chat_record, reading)
    people = {chat.name_of(user.get("id")): user for user in objects(chat_record.get("users"))}
    events = objects(thread.get("events"))
    messages = chat.spoken(said for event in events for said in _message(event, people, reading))
    canned = [text(event.get("id")) for event in events if _is_canned(event)]
    if canned:
        reading.note(AUTOMATIC)
    found = chat.interaction_of(
        messages,
        reading,
        source=NAME,
        external_id=chat.name_of(thread.get("id"), chat_record.get("id")),
        agent=_agent(messages, people),
        customer=_customer(people),
        metadata=_metadata(chat.name_of(chat_record.get("id")), canned),
    )
    return with_agents(found, _agents(people).items())


def _metadata(chat_id: str, canned: list[str]) -> dict[str, Json]:
    found: dict[str, Json] = {"chat": chat_id} if chat_id else {}
    if canned:
        found["canned_messages"] = [response[:200] for response in canned[:100]]
        return with_remarks(found, [AUTOMATIC])
    return found


def _message(
    event: dict[str, Any], people: dict[str, dict[str, Any]], reading: ChatLog
) -> Iterator[Message]:
    kind = text(event.get("type"))
    if kind == "file":
        reading.note(chat.MEDIA)
    elif kind == "filled_form":
        reading.note(gettext_noop("Form entries were skipped."))
    if kind not in _SPOKEN:
        return
    author = chat.name_of(event.get("author_id"))
    user = people.get(author, {})
    role = _ROLES.get(text(user.get("type")), "agent" if "@" in author else "unknown")
    role = "bot" if _is_canned(event) else role
    speaker = chat.name_of(user.get("name"), author if "@" in author else "")
    if "agents" in (event.get("recipients"), event.get("visibility")):
        role, speaker = "system", chat.note_by(speaker)
    stamp = chat.stamp_of(event.get("created_at") or event.get("timestamp"))
    yield Message(_words(event), role, speaker, stamp)


def _words(event: dict[str, Any]) -> str:
    if event.get("type") == "message":
        return text(event.get("text"))
    elements = objects(event.get("elements"))
    parts = [
        text(element.get(key)) for element in elements for key in ("title", "subtitle", "text")
    ]
    return "\n".join(part for part in parts if part)


def _is_canned(event: dict[str, Any]) -> bool:
    """A greeting that the system sent in an agent's name."""
    named = mapping(event.get("properties")).get("lc2")
    return event.get("type") == "message" and mapping(named).get("welcome_message") is True


def _agents(people: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The agents' names, by id."""
    return {
        identity: chat.name_of(user.get("name"))
        for identity, user in people.items()
        if user.get("type") == "agent"
    }


def _agent(messages: list[Message], people: dict[str, dict[str, Any]]) -> Agent | None:
    spoke = {message.speaker for message in messages if message.role == "agent"}
    agents = _agents(people)
    speaking = {identity: name for identity, name in agents.items() if name in spoke}
    return chat.sole_agent((speaking or agents).items()) or chat.sole_speaker(messages)


def _customer(people: dict[str, dict[str, Any]]) -> Customer | None:
    found = [user for user in people.values() if user.get("type") == "customer"]
    if len(found) != 1:
        return None
    identity, name = chat.name_of(found[0].get("id")), chat.name_of(found[0].get("name"))
    return Customer(identity or None, name or None) if identity or name else None


def _read_older(chat_record: dict[str, Any], reading: ChatLog) -> CanonicalInteraction:
    """A chat of the archives before threads: messages with `user_type` and `author_name`."""
    messages = chat.spoken(
        Message(
            text(said.get("text")),
            _ROLES.get(text(said.get("user_type")), "unknown"),
            chat.name_of(said.get("author_name")),
            chat.stamp_of(said.get("timestamp") or said.get("date")),
        )
        for said in objects(chat_record.get("messages"))
        if text(said.get("type")) in ("", "message")
    )
    visitor = mapping(chat_record.get("visitor"))
    customer = Customer(
        chat.name_of(chat_record.get("visitor_id"), visitor.get("id")) or None,
        chat.name_of(chat_record.get("visitor_name"), visitor.get("name")) or None,
    )
    agents = objects(chat_record.get("agents"))
    listed = [
        (chat.name_of(who.get("email")), chat.name_of(who.get("display_name"))) for who in agents
    ]
    found = chat.interaction_of(
        messages,
        reading,
        source=NAME,
        external_id=chat.name_of(chat_record.get("id")),
        agent=chat.sole_agent(listed) or chat.sole_speaker(messages),
        customer=customer if customer.external_id or customer.name else None,
    )
    return with_agents(found, listed)


FORMAT: Final = Format(
    name=NAME,
    title="LiveChat",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
