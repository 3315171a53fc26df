"""Freshdesk tickets: version 2 (`conversations`) and version 1 (`helpdesk_ticket.notes`).

The description is the customer's first message; web chats repeat it as their first conversation.
"""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import Agent, CanonicalInteraction, Customer, LineError, Parsed
from transcripts.formats.remarks import STRANGER
from transcripts.formats.source import Source
from transcripts.formats.tickets import entries as tickets
from transcripts.formats.tickets.automation import AUTOMATIC, names_rule
from transcripts.formats.tickets.entries import SURVEY, Entry
from transcripts.formats.tickets.people import People
from transcripts.formats.tickets.repetition import REPEATED, repeats

NAME: Final = "freshdesk"
_OUTBOUND: Final = "10"  # source of a ticket that the company began
_CHAT: Final = "7"
_SURVEY: Final = "6"  # source of a conversation that is an answer to a survey


def recognise(source: Source) -> Likeness | None:
    for record in chat.first_objects(chat.document_of(source)):
        if "helpdesk_ticket" in record:
            return Likeness(0.97, gettext_noop("JSON of helpdesk_ticket with notes"))
        held = [*chat.first_objects(record.get("conversations")), record]
        if any("incoming" in entry and "body_text" in entry for entry in held):
            return Likeness(0.96, gettext_noop("JSON of conversations with body_text and incoming"))
        tickets_there = [
            *chat.first_objects(record.get("tickets")),
            mapping(record.get("ticket")),
            record,
        ]
        if any("description_text" in entry and "requester_id" in entry for entry in tickets_there):
            return Likeness(0.95, gettext_noop("JSON of tickets with description_text"))
    return None


def kinds_of(source: Source) -> set[str]:
    """Which parts of an export a file holds: tickets, conversations."""
    found: set[str] = set()
    for record in chat.first_objects(chat.document_of(source)):
        listed = [*chat.first_objects(record.get("conversations")), record]
        if any("incoming" in entry and "body_text" in entry for entry in listed):
            found.add("conversations")
        whole = [*chat.first_objects(record.get("tickets")), mapping(record.get("ticket")), record]
        if any("description_text" in entry and "requester_id" in entry for entry in whole):
            found.add("tickets")
    return found


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    found: list[tuple[int | None, Any]] = []
    loose: list[dict[str, Any]] = []
    for line, value in chat.records_of(source):
        record = mapping(value)
        if "incoming" in record and "description_text" not in record:
            loose.append(record)
        elif isinstance(record.get("conversations"), list) and not _is_ticket(record):
            ticket = mapping(record.get("ticket"))
            if ticket:
                found.append((line, {**ticket, "conversations": record["conversations"]}))
            else:
                loose += objects(record["conversations"])
                found += [(line, listed) for listed in objects(record.get("tickets"))]
        elif objects(record.get("tickets")):
            found += [(line, ticket) for ticket in objects(record["tickets"])]
        elif "helpdesk_ticket" in record or _is_ticket(mapping(record.get("ticket")) or record):
            found.append((line, mapping(record.get("ticket")) or record))
        elif isinstance(value, LineError):
            found.append((line, value))
        else:
            reading.note(tickets.OTHERS)
    places = {text(mapping(ticket).get("id")): at for at, (_, ticket) in enumerate(found)}
    for ticket_id, entries in tickets.grouped(loose, "ticket_id"):
        if ticket_id and ticket_id in places:  # a ticket elsewhere in the file
            line, known = found[places[ticket_id]]
            held = [*objects(known.get("conversations")), *entries]
            found[places[ticket_id]] = line, {**known, "conversations": held}
        else:
            found.append((None, {"id": ticket_id, "conversations": entries}))
    return chat.gathered(NAME, reading, found, lambda ticket: _read(mapping(ticket), reading))


def _is_ticket(record: dict[str, Any]) -> bool:
    return "description_text" in record or "requester_id" in record


def _read(record: dict[str, Any], reading: ChatLog) -> CanonicalInteraction:
    ticket = mapping(record.get("helpdesk_ticket")) or record
    held = objects(ticket.get("conversations")) or list(_notes(ticket))
    people = _people(ticket, held)
    entries, repeated = _entries(ticket, held, people, reading)
    if "conversations" not in ticket and "notes" not in ticket and entries:
        reading.note(
            gettext_noop("Only the first message of a ticket is in the file, without the replies.")
        )
    requester, responder = text(ticket.get("requester_id")), text(ticket.get("responder_id"))
    customer = Customer(requester or None, _name(ticket, "requester") or None)
    agent = Agent(responder or None, _name(ticket, "responder") or None)
    found = tickets.ticket_of(
        entries,
        reading,
        channel=_channel(ticket, held),
        subject=ticket.get("subject"),
        people=people,
        remarks=[REPEATED] if repeated else [],
        source=NAME,
        external_id=chat.name_of(ticket.get("display_id"), ticket.get("id")),
        customer=customer if customer != Customer() else None,
        agent=agent if agent != Agent() else None,
    )
    return with_agents(found, _agents(held, _labels(ticket, held)))


def _agents(held: list[dict[str, Any]], labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Ids of those who answered, with what their answers are signed with."""
    for one in held:
        user = text(one.get("user_id"))
        if user and one.get("incoming") is not True and one.get("private") is not True:
            yield user, labels[user]


def _notes(ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for note in objects(ticket.get("notes")):
        yield mapping(note.get("note")) or note


def _people(ticket: dict[str, Any], held: list[dict[str, Any]]) -> People:
    """The requester, and everybody who answered."""
    people = People()
    for side, role in (("requester", "customer"), ("responder", "agent")):
        person = mapping(ticket.get(side))
        people.add(
            role,
            identity=text(ticket.get(f"{side}_id")),
            name=chat.name_of(person.get("name"), ticket.get(f"{side}_name")),
            address=text(person.get("email")),
        )
    labels = _labels(ticket, held)
    for one in held:
        if (user := text(one.get("user_id"))) and one.get("incoming") is not True:
            sender = "" if one.get("private") is True else text(one.get("from_email"))
            people.add("agent", identity=user, name=labels[user], address=sender)
    return people


def _labels(ticket: dict[str, Any], held: list[dict[str, Any]]) -> dict[str, str]:
    """What everybody's words bear, by user id: their name, else a sender that is theirs alone."""
    senders: dict[str, set[str]] = {}
    for one in held:
        sender = "" if one.get("private") is True else chat.name_of(one.get("from_email"))
        if sender:
            senders.setdefault(sender, set()).add(text(one.get("user_id")))
    labels = {
        text(ticket.get(f"{side}_id")): name
        for side in ("requester", "responder")
        if (name := _name(ticket, side))
    }
    for sender, users in sorted(senders.items(), key=lambda pair: "<" not in pair[0]):
        if len(users) == 1:
            labels.setdefault(users.pop(), sender)
    return {text(one.get("user_id")): "" for one in held} | {
        user: labels.get(user, user)
        for user in (*labels, *(text(one.get("user_id")) for one in held))
    }


def _entries(
    ticket: dict[str, Any], held: list[dict[str, Any]], people: People, reading: ChatLog
) -> tuple[list[Entry], bool]:
    """The entries of a ticket, and whether its description only repeats the first of them."""
    ordered = [item for item in held if item.get("deleted") is not True]
    if len(ordered) < len(held):
        reading.note(chat.REMOVED)
    if any(objects(item.get("attachments")) for item in (ticket, *held)):
        reading.note(chat.MEDIA)
    first = tickets.words(
        ticket.get("description_text") or _plain(ticket, "description"),
        ticket.get("description_html") or ticket.get("description"),
        subject=text(ticket.get("subject")),
    )
    labels = _labels(ticket, held)
    entries = [_entry(item, labels, people) for item in ordered]
    if not first.text:
        return entries, False
    if any(entry.role == "customer" and repeats(first.text, entry.words.text) for entry in entries):
        return entries, True
    outbound = text(ticket.get("source")) == _OUTBOUND
    side = "responder" if outbound else "requester"
    opening = Entry(
        words=first,
        role="agent" if outbound else "customer",
        speaker=chat.name_of(_name(ticket, side), ticket.get(f"{side}_id")),
        sent=ticket.get("created_at"),
    )
    return [opening, *entries], False


def _plain(item: dict[str, Any], key: str) -> Any:
    """Version 1 has plain text where it has HTML beside it."""
    return item.get(key) if f"{key}_html" in item else None


def _entry(item: dict[str, Any], labels: dict[str, str], people: People) -> Entry:
    user, sender = text(item.get("user_id")), text(item.get("from_email"))
    automatic = names_rule(item.get("auto_response"), item.get("automation_id"))
    survey = text(item.get("source")) == _SURVEY
    role = people.incoming(user, address=sender) if item.get("incoming") is True else "agent"
    label = labels.get(user) or chat.name_of(sender)
    remark = STRANGER if role == "unknown" else ""
    if automatic or (not user and item.get("incoming") is not True):
        role, remark = "bot", AUTOMATIC if user else ""
    elif survey:
        role, remark = "system", SURVEY
    return Entry(
        words=tickets.words(
            item.get("body_text") or _plain(item, "body"), item.get("body_html") or item.get("body")
        ),
        role=role,
        speaker=f"Survey ({label})" if survey and label else label,
        sent=item.get("created_at"),
        private=item.get("private") is True,
        remark="" if item.get("private") is True else remark,
    )


def _name(ticket: dict[str, Any], side: str) -> str:
    person = mapping(ticket.get(side))
    return chat.name_of(person.get("name"), ticket.get(f"{side}_name"), person.get("email"))


def _channel(ticket: dict[str, Any], held: list[dict[str, Any]]) -> str:
    if text(ticket.get("source")) == _CHAT:
        return "chat"
    spoken = [text(item.get("source")) for item in held]
    if spoken and all(source in ("15", "20") for source in spoken):
        return "chat"
    return "email" if ticket.get("source") is not None else ""


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Freshdesk tickets"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
