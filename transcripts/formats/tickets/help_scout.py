"""Help Scout conversations: version 2 (`_embedded.threads`) and version 1 (`item.threads`).

Threads come newest first; drafts and hidden ones are left out, line items are events.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.model import Agent, CanonicalInteraction, Customer, LineError, Parsed
from transcripts.formats.remarks import STRANGER
from transcripts.formats.source import Source
from transcripts.formats.tickets import entries as tickets
from transcripts.formats.tickets.automation import AUTOMATIC, says_automatic
from transcripts.formats.tickets.entries import Entry
from transcripts.formats.tickets.people import People

NAME: Final = "help_scout"
_ROLES: Final = {"customer": "customer", "user": "agent", "team": "agent", "system_user": "bot"}
_BY_THREAD: Final = {"customer": "customer", "message": "agent", "reply": "agent"}
_PRIVATE: Final = ("note", "forwardparent", "forwardchild")
_LINK: Final = re.compile(r"/conversations/(\d{1,20})\b")
_UNSENT: Final = ("draft", "hidden", "underreview")


def recognise(source: Source) -> Likeness | None:
    for record in chat.first_objects(chat.document_of(source)):
        for held in _conversations(record):
            if any(map(_is_thread, chat.first_objects(_threads(held)))):
                where = "_embedded.threads" if "_embedded" in held else "threads"
                return Likeness(0.96, _("JSON of conversations with %(where)s") % {"where": where})
        if _is_thread(record) and "state" in record:
            return Likeness(0.93, gettext_noop("JSON of threads with type, state and createdBy"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    found: list[tuple[int | None, Any]] = []
    loose: list[dict[str, Any]] = []
    for line, value in chat.records_of(source):
        record = mapping(value)
        pages = mapping(record.get("page")) or record
        if (number(pages.get("totalPages")) or number(pages.get("pages")) or 0) > 1:
            reading.note(tickets.PAGES)
        if _is_thread(record):
            loose.append(record)
        elif isinstance(value, LineError):
            found.append((line, value))
        else:
            whole = [held for held in _conversations(record) if _threads(held)]
            found += [(line, held) for held in whole]
            if not whole:
                reading.note(tickets.OTHERS)
    for identity, threads in tickets.grouped(loose, "conversationId", "conversation_id"):
        found.append((None, {"id": identity, "threads": threads}))
    return chat.gathered(
        NAME, reading, found, lambda conversation: _read(mapping(conversation), reading)
    )


def _conversations(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The conversations of a document: its own, or those it lists."""
    embedded = mapping(record.get("_embedded"))
    for listed in (embedded.get("conversations"), record.get("items"), record.get("conversations")):
        if found := objects(listed):
            return found
    inner = mapping(record.get("item")) or mapping(record.get("conversation"))
    return [inner or record]


def _threads(conversation: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(mapping(conversation.get("_embedded")).get("threads")) or objects(
        conversation.get("threads")
    )


def _is_thread(record: dict[str, Any]) -> bool:
    return "createdBy" in record and "createdAt" in record and "type" in record and "body" in record


def _read(conversation: dict[str, Any], reading: ChatLog) -> CanonicalInteraction:
    threads = _threads(conversation)
    owner = mapping(conversation.get("assignee")) or mapping(conversation.get("owner"))
    customer = mapping(conversation.get("primaryCustomer")) or mapping(conversation.get("customer"))
    kind = text(conversation.get("type"))
    people = _people(threads, customer, owner)
    entries = list(_entries(threads, text(conversation.get("subject")), people, reading))
    found = tickets.ticket_of(
        entries,
        reading,
        channel="chat" if "chat" in kind else "email" if kind else "",
        subject=conversation.get("subject"),
        people=people,
        source=NAME,
        external_id=chat.name_of(
            conversation.get("id"), conversation.get("number"), _linked(conversation)
        ),
        customer=Customer(chat.name_of(customer.get("id")) or None, _name(customer) or None)
        if customer
        else None,
        agent=Agent(chat.name_of(owner.get("id")) or None, _name(owner) or None) if owner else None,
    )
    return with_agents(found, _agents(threads))


def _agents(threads: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Ids of those who answered, with their names."""
    for thread in threads:
        author = mapping(thread.get("createdBy"))
        if _stated(author) == "agent":
            identity = chat.name_of(author.get("id"))
            yield identity, _name(author) or identity


def _people(
    threads: list[dict[str, Any]], customer: dict[str, Any], owner: dict[str, Any]
) -> People:
    """The primary customer, and everybody of the company."""
    people = People()
    ours = [mapping(thread.get("createdBy")) for thread in threads]
    listed = [("customer", customer), ("agent", owner)]
    listed += [("agent", author) for author in ours if _stated(author) == "agent"]
    for role, person in listed:
        if person:
            people.add(
                role,
                identity=f"{role}{chat.name_of(person.get('id'))}" if person.get("id") else "",
                name=_full_name(person),
                address=text(person.get("email")),
            )
    return people


def _stated(author: dict[str, Any]) -> str | None:
    return _ROLES.get(text(author.get("type")).lower())


def _entries(
    threads: list[dict[str, Any]], subject: str, people: People, reading: ChatLog
) -> Iterator[Entry]:
    for thread in threads:
        kind = text(thread.get("type")).lower()
        if text(thread.get("state")).lower() in _UNSENT:
            reading.note(gettext_noop("Drafts and hidden messages were left out."))
            continue
        if kind == "lineitem":
            continue
        if objects(mapping(thread.get("_embedded")).get("attachments")) or objects(
            thread.get("attachments")
        ):
            reading.note(chat.MEDIA)
        yield _entry(thread, kind, subject, people)


def _entry(thread: dict[str, Any], kind: str, subject: str, people: People) -> Entry:
    author = mapping(thread.get("createdBy"))
    role = _stated(author) or _BY_THREAD.get(kind, "unknown")
    remark = ""
    if role == "customer":
        identity = f"customer{chat.name_of(author.get('id'))}" if author.get("id") else ""
        known = people.incoming(identity, _full_name(author), text(author.get("email")))
        if known == "unknown":
            role, remark = "unknown", STRANGER
    elif role == "agent" and _is_automatic(thread):
        role, remark = "bot", AUTOMATIC
    private = kind in _PRIVATE
    return Entry(
        words=tickets.words("", thread.get("body"), subject=subject),
        role=role,
        speaker=_name(author) or chat.name_of(author.get("id")),
        sent=thread.get("createdAt"),
        private=private,
        remark="" if private else remark,
    )


def _is_automatic(thread: dict[str, Any]) -> bool:
    return says_automatic(
        thread.get("type"),
        mapping(thread.get("source")).get("type"),
        mapping(thread.get("action")).get("type"),
        thread.get("actionType"),
    )


def _linked(thread: dict[str, Any]) -> str:
    """The conversation's id in the address of a page of its threads, which has it nowhere else."""
    own = mapping(mapping(thread.get("_links")).get("self"))
    found = _LINK.search(text(own.get("href"))[:500])
    return found[1] if found else ""


def _name(person: dict[str, Any]) -> str:
    """First and last name in either version's spelling, else the address."""
    return chat.name_of(_full_name(person), person.get("email"))


def _full_name(person: dict[str, Any]) -> str:
    first = chat.name_of(person.get("first"), person.get("firstName"))
    last = chat.name_of(person.get("last"), person.get("lastName"))
    return f"{first} {last}".strip()


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Help Scout conversations"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
