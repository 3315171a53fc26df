"""Front: pages of messages (`_results`), conversations with their messages, and webhook events.

An event repeats its message as the conversation's last one; the target alone is read. Comments
between colleagues are shown apart.
"""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalInteraction, Customer, LineError, Parsed
from transcripts.formats.remarks import STRANGER
from transcripts.formats.source import Source
from transcripts.formats.tickets import entries as tickets
from transcripts.formats.tickets.automation import AUTOMATIC, says_automatic
from transcripts.formats.tickets.entries import Entry
from transcripts.formats.tickets.people import People

NAME: Final = "front"
_EVENTS: Final = ("inbound", "outbound", "out_reply", "comment", "mention")


def recognise(source: Source) -> Likeness | None:
    for record in chat.first_objects(chat.document_of(source)):
        listed = chat.first_objects(record.get("_results"))
        if any("is_inbound" in entry for entry in (*listed, *objects(record.get("messages")))):
            return Likeness(0.97, gettext_noop("JSON of messages with is_inbound"))
        if any(_is_comment(entry) for entry in listed):
            return Likeness(0.92, gettext_noop("JSON of comments with posted_at"))
        if "conversation" in record and _is_event(record):
            return Likeness(
                0.95, gettext_noop("JSON of an event with a conversation and its message")
            )
        if "is_inbound" in record and "recipients" in record:
            return Likeness(0.95, gettext_noop("JSON of a message with is_inbound and recipients"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    found: list[tuple[int | None, Any]] = []
    loose: list[dict[str, Any]] = []
    for line, value in chat.records_of(source):
        record = mapping(value)
        if mapping(record.get("_pagination")).get("next"):
            reading.note(tickets.PAGES)
        if objects(record.get("messages")):
            found.append((line, record))
        elif _is_event(record):
            loose.append(_of_event(record))
        elif "_results" in record:
            loose += [_of_event(entry) for entry in objects(record["_results"])]
        elif _is_message(record):
            loose.append(record)
        elif isinstance(value, LineError):
            found.append((line, value))
        else:
            reading.note(tickets.OTHERS)
    named = [{**record, "conversation_id": _conversation_of(record)} for record in loose]
    for identity, entries in tickets.grouped(named, "conversation_id"):
        subject = next((entry["subject"] for entry in entries if text(entry.get("subject"))), "")
        recipients = (mapping(entry.get("conversation_recipient")) for entry in entries)
        recipient = next(filter(None, recipients), None)
        whole = {"id": identity, "subject": subject, "recipient": recipient, "messages": entries}
        found.append((None, whole))
    return chat.gathered(
        NAME, reading, found, lambda conversation: _read(mapping(conversation), reading)
    )


def _read(conversation: dict[str, Any], reading: ChatLog) -> CanonicalInteraction:
    held = [*objects(conversation.get("messages")), *objects(conversation.get("comments"))]
    messages = [entry for entry in held if _is_sent(entry)]
    if len(messages) < len(held):
        reading.note(gettext_noop("Drafts and hidden messages were left out."))
    if any(objects(entry.get("attachments")) for entry in messages):
        reading.note(chat.MEDIA)
    kinds = {text(entry.get("type")) for entry in messages if not _is_comment(entry)} - {""}
    customers = {
        name for entry in messages if entry.get("is_inbound") is True and (name := _sender(entry))
    }
    people = _people(conversation, messages)
    found = tickets.ticket_of(
        [_entry(entry, people) for entry in messages],
        reading,
        channel="" if not kinds else "email" if "email" in kinds else "chat",
        subject=conversation.get("subject"),
        people=people,
        source=NAME,
        external_id=chat.name_of(conversation.get("id")),
        customer=Customer(name=customers.pop()) if len(customers) == 1 else None,
        agent=chat.sole_agent(_agents(messages)),
    )
    return with_agents(found, _agents(messages))


def _people(conversation: dict[str, Any], messages: list[dict[str, Any]]) -> People:
    """Whom the conversation is with, where it says so, and everybody who answered."""
    people = People()
    recipient = mapping(conversation.get("recipient"))
    if recipient:
        name, handle = chat.name_of(recipient.get("name")), text(recipient.get("handle"))
        people.add("customer", name=name, address=handle)
    for message in messages:
        author = mapping(message.get("author"))
        if author and message.get("is_inbound") is not True:
            name, address = _author(message), text(author.get("email"))
            people.add("agent", identity=text(author.get("id")), name=name, address=address)
    return people


def _entry(record: dict[str, Any], people: People) -> Entry:
    private = _is_comment(record)
    inbound = record.get("is_inbound")
    role = "agent" if inbound is False else "unknown"
    remark = ""
    if inbound is True:
        role = people.incoming(name=_sender(record), address=_handle(record))
        remark = STRANGER if role == "unknown" else ""
    elif role == "agent" and _is_automatic(record):
        role, remark = "bot", AUTOMATIC
    html, plain = text(record.get("body")), text(record.get("text"))
    return Entry(
        words=tickets.words(
            plain or ("" if "<" in html else html), html, subject=text(record.get("subject"))
        ),
        role=role,
        speaker=_author(record) if private or inbound is not True else _sender(record),
        sent=record.get("created_at") or record.get("posted_at"),
        private=private,
        remark=remark,
    )


def _is_automatic(record: dict[str, Any]) -> bool:
    """True if a rule or a campaign sent it, by its author or by the event that tells of it."""
    author, origin = mapping(record.get("author")), mapping(record.get("event_source"))
    return says_automatic(
        author.get("type"), author.get("role"), mapping(origin.get("_meta")).get("type")
    )


def _is_event(record: dict[str, Any]) -> bool:
    held = mapping(record.get("target")) or mapping(record.get("conversation")).get("last_message")
    return text(record.get("type")) in _EVENTS and bool(held)


def _of_event(record: dict[str, Any]) -> dict[str, Any]:
    """An event's message with the conversation it belongs to; a message as it is."""
    if not _is_event(record):
        return record
    conversation = mapping(record.get("conversation"))
    message = mapping(mapping(record.get("target")).get("data"))
    message = message or mapping(conversation.get("last_message"))
    subject = message.get("subject") or conversation.get("subject")
    return {
        "conversation_id": conversation.get("id"),
        "conversation_recipient": conversation.get("recipient"),
        "event_source": record.get("source"),
        **message,
        "subject": subject,
    }


def _is_message(record: dict[str, Any]) -> bool:
    return "is_inbound" in record or _is_comment(record)


def _is_comment(record: dict[str, Any]) -> bool:
    return "posted_at" in record and "is_inbound" not in record


def _is_sent(record: dict[str, Any]) -> bool:
    draft = record.get("is_draft") is True or text(record.get("draft_mode")) != ""
    return not draft and (_is_message(record) or "body" in record)


def _conversation_of(record: dict[str, Any]) -> str:
    """The conversation's id, stated or at the end of its link."""
    related = mapping(mapping(record.get("_links")).get("related"))
    link = text(related.get("conversation")).rstrip("/").rpartition("/")[2]
    return text(record.get("conversation_id")) or link


def _author(record: dict[str, Any]) -> str:
    author = mapping(record.get("author"))
    full = f"{chat.name_of(author.get('first_name'))} {chat.name_of(author.get('last_name'))}"
    return chat.name_of(full, author.get("email"), author.get("username")) or _sender(record)


def _sender(record: dict[str, Any]) -> str:
    sender = _from(record)
    return chat.name_of(sender.get("name"), sender.get("handle"))


def _handle(record: dict[str, Any]) -> str:
    return text(_from(record).get("handle"))


def _from(record: dict[str, Any]) -> dict[str, Any]:
    listed = objects(record.get("recipients"))
    return next((each for each in listed if text(each.get("role")) == "from"), {})


def _agents(messages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for message in messages:
        author = mapping(message.get("author"))
        if author and message.get("is_inbound") is False:
            yield chat.name_of(author.get("id")), _author(message)


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Front messages"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
