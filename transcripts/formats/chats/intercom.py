"""Intercom conversations: the first message in `source` (or `conversation_message`), the rest in
`conversation_parts`. Notes between colleagues are shown apart; assignments and ratings are no
turns."""

from collections.abc import Iterator
from typing import Any, Final

from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.format import Format, Likeness
from transcripts.formats.html_text import html_to_text
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.model import Agent, CanonicalInteraction, Customer, Parsed
from transcripts.formats.source import Source

NAME: Final = "intercom"
_ROLES: Final = {
    "admin": "agent",
    "user": "customer",
    "lead": "customer",
    "contact": "customer",
    "bot": "bot",
    "fin": "bot",
    "team": "system",
}
_NO_WORDS: Final = ("rating", "attribute", "workflow_event", "detection")


def recognise(source: Source) -> Likeness | None:
    for conversation in chat.first_objects(_conversations(chat.document_of(source))):
        first = "source" in conversation or "conversation_message" in conversation
        parts = mapping(conversation.get("conversation_parts"))
        if (first and "conversation_parts" in conversation) or "conversation_parts" in parts:
            return Likeness(0.97, "JSON of conversations with conversation_parts")
        if conversation.get("type") == "conversation" and first:
            return Likeness(0.93, "JSON of the type conversation")
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    if source.is_json_lines:
        records = chat.records_of(source)
    else:
        _note_pages(mapping(source.document), reading)
        found = _conversations(source.document)
        records = (
            (None, conversation) for conversation in (found if isinstance(found, list) else [found])
        )
    return chat.gathered(
        NAME, reading, records, lambda conversation: _read(mapping(conversation), reading)
    )


def _note_pages(document: dict[str, Any], reading: ChatLog) -> None:
    if mapping(document.get("pages")).get("next"):
        reading.note("The file holds one page of several.")


def _conversations(document: Any) -> Any:
    """The conversation or conversations: bare, listed, or in the body of a webhook."""
    outer = mapping(document)
    for key in ("conversations", "data"):
        if isinstance(outer.get(key), list):
            return outer[key]
    item = mapping(outer.get("data")).get("item")
    return item if isinstance(item, dict) else document


def _read(conversation: dict[str, Any], reading: ChatLog) -> CanonicalInteraction:
    first = mapping(conversation.get("source")) or mapping(conversation.get("conversation_message"))
    messages = chat.spoken(_messages(conversation, first, reading))
    by_mail = "email" in (first.get("type"), first.get("delivered_as"))
    found = chat.interaction_of(
        messages,
        reading,
        source=NAME,
        channel="email" if by_mail else "",
        external_id=chat.name_of(conversation.get("id")),
        subject=" ".join(
            html_to_text(text(first.get("subject")) or text(conversation.get("title"))).split()
        ),
        agent=_agent(conversation),
        customer=_customer(conversation),
    )
    return with_agents(found, _admins(conversation).items())


def _messages(
    conversation: dict[str, Any], first: dict[str, Any], reading: ChatLog
) -> Iterator[Message]:
    started = first.get("created_at") or conversation.get("created_at")
    yield from _message({**first, "created_at": started, "part_type": "comment"}, reading)
    held = conversation.get("conversation_parts")
    parts = objects(held) or objects(mapping(held).get("conversation_parts"))
    for part in parts:
        yield from _message(part, reading)
    if (number(mapping(held).get("total_count")) or 0) > len(parts):
        reading.note("A conversation has more parts than the file holds.")
    if held is None:
        reading.note("The file holds first messages only, without the replies.")


def _message(part: dict[str, Any], reading: ChatLog) -> Iterator[Message]:
    kind = text(part.get("part_type"))
    if part.get("redacted") is True:
        reading.note(chat.REMOVED)
        return
    if objects(part.get("attachments")):
        reading.note(chat.MEDIA)
    said = html_to_text(text(part.get("body")))
    if not said or any(word in kind for word in _NO_WORDS):
        return
    author = mapping(part.get("author"))
    role = _ROLES.get(text(author.get("type")), "unknown")
    speaker = chat.name_of(author.get("name"))
    if kind.startswith("note"):
        role, speaker = "system", chat.note_by(speaker or chat.name_of(author.get("id")))
    yield Message(said, role, speaker, chat.stamp_of(part.get("created_at")))


def _authors(conversation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    held = conversation.get("conversation_parts")
    parts = objects(held) or objects(mapping(held).get("conversation_parts"))
    for part in (
        mapping(conversation.get("source")),
        mapping(conversation.get("conversation_message")),
        *parts,
    ):
        yield mapping(part.get("author"))


def _admins(conversation: dict[str, Any]) -> dict[str, str]:
    """The names of the admins who wrote, by id."""
    return {
        chat.name_of(author.get("id")): chat.name_of(author.get("name"))
        for author in _authors(conversation)
        if author.get("type") == "admin"
    }


def _agent(conversation: dict[str, Any]) -> Agent | None:
    """Whom the conversation is assigned to, or the one admin who wrote."""
    assignee = mapping(conversation.get("assignee"))
    if assignee.get("type") != "admin":
        assignee = {"id": conversation.get("admin_assignee_id")}
    admins = _admins(conversation)
    identity = chat.name_of(assignee.get("id"))
    if identity and identity != "0":
        return Agent(identity, chat.name_of(assignee.get("name"), admins.get(identity)) or None)
    return chat.sole_agent(admins.items())


def _customer(conversation: dict[str, Any]) -> Customer | None:
    listed = objects(mapping(conversation.get("contacts")).get("contacts"))
    known = mapping(conversation.get("user")) or (listed[0] if len(listed) == 1 else {})
    names = {
        chat.name_of(author.get("id")): chat.name_of(author.get("name"))
        for author in _authors(conversation)
        if _ROLES.get(text(author.get("type"))) == "customer"
    }
    identity = chat.name_of(known.get("id")) or (next(iter(names)) if len(names) == 1 else "")
    name = chat.name_of(known.get("name"), names.get(identity))
    return Customer(identity or None, name or None) if identity or name else None


FORMAT: Final = Format(
    name=NAME,
    title="Intercom conversations",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
