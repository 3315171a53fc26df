"""Intercom conversations: the first message in `source` (or `conversation_message`), the rest in
`conversation_parts`. Notes between colleagues are shown apart; assignments and ratings are no
turns."""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog
from transcripts.formats.format import Format, Likeness
from transcripts.formats.html_text import html_to_text
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.mail.replies import Reply
from transcripts.formats.model import Agent, CanonicalInteraction, Customer, Parsed
from transcripts.formats.remarks import STRANGER
from transcripts.formats.source import Source
from transcripts.formats.tickets import entries as tickets
from transcripts.formats.tickets.automation import AUTOMATIC, says_automatic
from transcripts.formats.tickets.entries import Entry, Words
from transcripts.formats.tickets.people import People
from transcripts.formats.tickets.repetition import REPEATED, repeats

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
_BY_OPERATOR: Final = "operator_initiated"  # Operator is a bot of Intercom's
_NO_WORDS: Final = ("rating", "attribute", "workflow_event", "detection")


def recognise(source: Source) -> Likeness | None:
    for conversation in chat.first_objects(_conversations(chat.document_of(source))):
        first = "source" in conversation or "conversation_message" in conversation
        parts = mapping(conversation.get("conversation_parts"))
        if (first and "conversation_parts" in conversation) or "conversation_parts" in parts:
            return Likeness(0.97, gettext_noop("JSON of conversations with conversation_parts"))
        if conversation.get("type") == "conversation" and first:
            return Likeness(0.93, gettext_noop("JSON of the type conversation"))
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
        reading.note(gettext_noop("The file holds one page of several."))


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
    people, repeated = _people(conversation, first), []
    opening = list(_opening(conversation, first, people, reading))
    entries = list(_entries(conversation, people, reading))
    if opening and _is_said_again(opening[0], entries):
        opening, repeated = [], [REPEATED]
    by_mail = "email" in (first.get("type"), first.get("delivered_as"))
    found = tickets.ticket_of(
        [*opening, *entries],
        reading,
        channel="email" if by_mail else reading.source.channel or "chat",
        subject=text(first.get("subject")) or text(conversation.get("title")),
        people=people,
        remarks=repeated,
        source=NAME,
        external_id=chat.name_of(conversation.get("id")),
        agent=_agent(conversation),
        customer=_customer(conversation),
    )
    return with_agents(found, _admins(conversation).items())


def _people(conversation: dict[str, Any], first: dict[str, Any]) -> People:
    """Who asked: who wrote first, or the one contact; and every admin who wrote."""
    people = People()
    opener = mapping(first.get("author"))
    listed = objects(mapping(conversation.get("contacts")).get("contacts"))
    asked = mapping(conversation.get("user")) or (listed[0] if len(listed) == 1 else {})
    if _ROLES.get(text(opener.get("type"))) == "customer":
        asked = opener
    for person, role in (
        (asked, "customer"),
        *((author, _ROLES.get(text(author.get("type")), "")) for author in _authors(conversation)),
    ):
        if person and (person is asked or role == "agent"):
            identity, name = chat.name_of(person.get("id")), chat.name_of(person.get("name"))
            people.add(role, identity=identity and f"{role} {identity}", name=name,
                       address=text(person.get("email")))  # fmt: skip
    return people


def _opening(
    conversation: dict[str, Any], first: dict[str, Any], people: People, reading: ChatLog
) -> Iterator[Entry]:
    started = first.get("created_at") or conversation.get("created_at")
    yield from _entry({**first, "created_at": started, "part_type": "comment"}, people, reading)


def _is_said_again(opening: Entry, entries: list[Entry]) -> bool:
    """True if the first part that its author wrote is the first message once more."""
    own = (entry for entry in entries if entry.role == opening.role)
    again = next(own, None)
    return again is not None and repeats(opening.words.text, again.words.text)


def _entries(conversation: dict[str, Any], people: People, reading: ChatLog) -> Iterator[Entry]:
    held = conversation.get("conversation_parts")
    parts = objects(held) or objects(mapping(held).get("conversation_parts"))
    for part in parts:
        yield from _entry(part, people, reading)
    if (number(mapping(held).get("total_count")) or 0) > len(parts):
        reading.note(gettext_noop("A conversation has more parts than the file holds."))
    if held is None:
        reading.note(gettext_noop("The file holds first messages only, without the replies."))


def _entry(part: dict[str, Any], people: People, reading: ChatLog) -> Iterator[Entry]:
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
    private = kind.startswith("note")
    role, remark = _role(part, author, people)
    name, identity = chat.name_of(author.get("name")), chat.name_of(author.get("id"))
    yield Entry(
        words=Words(Reply(said), said),
        role=role,
        speaker=name or (identity if private else ""),
        sent=part.get("created_at"),
        private=private,
        remark="" if private else remark,
    )


def _role(part: dict[str, Any], author: dict[str, Any], people: People) -> tuple[str, str]:
    """Whose words a part is, and what is to be said about that."""
    role = _ROLES.get(text(author.get("type")), "unknown")
    if role == "agent" and _is_automatic(part, author):
        return "bot", AUTOMATIC
    name, address = chat.name_of(author.get("name")), text(author.get("email"))
    if role == "customer" and (name or address):
        identity = f"customer {chat.name_of(author.get('id'))}"
        if people.incoming(identity, name, address) == "unknown":
            return "unknown", STRANGER
    return role, ""


def _is_automatic(part: dict[str, Any], author: dict[str, Any]) -> bool:
    """True if a campaign, a bot or Fin sent it in an admin's name."""
    by_machine = any(
        held.get(mark) is True
        for held in (part, author)
        for mark in ("from_ai_agent", "is_ai_answer")
    )
    delivered = text(part.get("delivered_as"))
    return by_machine or delivered == _BY_OPERATOR or says_automatic(delivered)


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
    title=gettext_noop("Intercom conversations"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
