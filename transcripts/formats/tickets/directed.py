"""Desks whose messages say which way they went: Gorgias, HubSpot, Kustomer, Salesforce's cases.

Each has a function that tells what one record says in the words of `Said`; the rest is alike.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from qa.core.texts import gettext as _
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
from transcripts.formats.tickets.automation import AUTOMATIC, names_rule, says_automatic
from transcripts.formats.tickets.entries import Entry
from transcripts.formats.tickets.people import People

_LISTS: Final = ("messages", "data", "results", "records", "emails", "items")
_DRAFT: Final = ("5", "Draft")  # an e-mail of Salesforce that was never sent
_WRITTEN: Final = ("chat", "sms", "whatsapp", "facebook", "instagram", "messenger", "messaging")


@dataclass(frozen=True, slots=True)
class Said:
    """One message as its desk tells of it; `inbound` is None where it does not say."""

    conversation: str
    plain: Any
    html: Any
    inbound: bool | None
    identity: str
    name: str
    address: str
    sent: Any
    subject: Any = ""
    channel: str = ""
    private: bool = False
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk: how its messages are told from others, and read."""

    name: str
    title: str
    read: Callable[[dict[str, Any]], Said | None]


def recognise(source: Source, *, desk: Desk) -> Likeness | None:
    for record in chat.first_objects(chat.document_of(source)):
        if next(_unfolded(record, desk), None) is not None:
            return Likeness(
                0.94,
                _("JSON of messages as %(desk)s writes them") % {"desk": desk.title.split()[0]},
            )
    return None


def parse(source: Source, *, desk: Desk) -> Parsed:
    reading = ChatLog(source)
    found: list[tuple[int | None, Any]] = []
    loose: dict[str, list[Said]] = {}
    for line, value in chat.records_of(source):
        record = mapping(value)
        if isinstance(value, LineError):
            found.append((line, value))
        if record.get("paging") or mapping(record.get("meta")).get("next_cursor"):
            reading.note(tickets.PAGES)
        for held in _unfolded(record, desk):
            if isinstance(held, Said):
                loose.setdefault(held.conversation, []).append(held)
            else:
                found.append((line, held))
    found += [(None, ({"id": identity}, said)) for identity, said in loose.items()]
    return chat.gathered(
        desk.name, reading, found, lambda pair: _read(pair[0], pair[1], desk, reading)
    )


Whole = tuple[dict[str, Any], list[Said]]


def _unfolded(record: dict[str, Any], desk: Desk, depth: int = 2) -> Iterator[Said | Whole]:
    """The messages that stand by themselves, and conversations with theirs."""
    if said := desk.read(record):
        yield said
    elif whole := [said for one in objects(record.get("messages")) if (said := desk.read(one))]:
        yield record, whole
    elif depth:
        for key in _LISTS:
            for one in objects(record.get(key)):
                yield from _unfolded(one, desk, depth - 1)


def _read(
    ticket: dict[str, Any], said: Sequence[Said], desk: Desk, reading: ChatLog
) -> CanonicalInteraction:
    asked = mapping(ticket.get("customer")) or mapping(ticket.get("requester"))
    people = _people(asked, said)
    entries = [_entry(one, people) for one in said]
    channels = [text(ticket.get("channel")), *(one.channel for one in said)]
    customer = Customer(
        chat.name_of(asked.get("id")) or None,
        chat.name_of(asked.get("name"), asked.get("email")) or None,
    )
    ours = {(one.identity, entry.speaker) for one, entry in zip(said, entries, strict=True)
            if entry.role == "agent" and not one.private}  # fmt: skip
    found = tickets.ticket_of(
        entries,
        reading,
        channel=_channel(next(filter(None, channels), "")),
        subject=ticket.get("subject") or next((one.subject for one in said if one.subject), ""),
        people=people,
        source=desk.name,
        external_id=chat.name_of(ticket.get("id"), said[0].conversation),
        customer=customer if customer != Customer() else None,
        agent=chat.sole_agent(ours),
    )
    return with_agents(found, ours)


def _people(asked: dict[str, Any], said: Sequence[Said]) -> People:
    people = People()
    if asked:
        identity = f"customer {chat.name_of(asked.get('id'))}" if asked.get("id") else ""
        name, address = chat.name_of(asked.get("name")), text(asked.get("email"))
        people.add("customer", identity=identity, name=name, address=address)
    for one in said:
        if one.inbound is False and not one.automatic:
            people.add("agent", identity=one.identity, name=one.name, address=one.address)
    return people


def _entry(one: Said, people: People) -> Entry:
    role, remark = "unknown" if one.inbound is None else "agent", ""
    if one.inbound:
        identity = f"customer {one.identity}" if one.identity else ""
        role = people.incoming(identity, one.name, one.address)
        remark = STRANGER if role == "unknown" else ""
    elif one.automatic:
        role, remark = "bot", AUTOMATIC
    return Entry(
        words=tickets.words(one.plain, one.html, subject=text(one.subject)),
        role=role,
        speaker=chat.name_of(one.name, one.address, one.identity),
        sent=one.sent,
        private=one.private,
        remark="" if one.private else remark,
    )


def _channel(stated: str) -> str:
    folded = stated.casefold()
    if any(word in folded for word in _WRITTEN):
        return "chat"
    return "call" if folded in ("phone", "voice", "aircall") else "email" if folded else ""


def _gorgias(record: dict[str, Any]) -> Said | None:
    if not isinstance(record.get("from_agent"), bool) or not any(
        key in record for key in ("body_text", "body_html", "stripped_text")
    ):
        return None
    sender, source = mapping(record.get("sender")), mapping(record.get("source"))
    sent_from = mapping(source.get("from"))
    return Said(
        conversation=text(record.get("ticket_id")),
        plain=record.get("stripped_text") or record.get("body_text"),
        html=record.get("stripped_html") or record.get("body_html"),
        inbound=not record["from_agent"],
        identity=chat.name_of(sender.get("id")),
        name=chat.name_of(sender.get("name"), sent_from.get("name")),
        address=text(sender.get("email")) or text(sent_from.get("address")),
        sent=record.get("sent_datetime") or record.get("created_datetime"),
        subject=record.get("subject"),
        channel=text(record.get("channel")),
        private=record.get("public") is False or text(record.get("channel")) == "internal-note",
        automatic=names_rule(record.get("rule_id")) or says_automatic(record.get("via")),
    )


def _hubspot(record: dict[str, Any]) -> Said | None:
    direction, kind = text(record.get("direction")).upper(), text(record.get("type")).upper()
    words_there = "text" in record or "richText" in record
    if not words_there or not ("senders" in record or "createdBy" in record):
        return None
    if kind not in ("MESSAGE", "COMMENT", "WELCOME_MESSAGE"):
        return None
    sender = next(iter(objects(record.get("senders"))), {})
    actor = text(sender.get("actorId")) or text(record.get("createdBy"))
    address = mapping(sender.get("deliveryIdentifier")) or next(
        iter(objects(sender.get("deliveryIdentifiers"))), {}
    )
    known = {"INCOMING": True, "OUTGOING": False}
    return Said(
        conversation=text(record.get("conversationsThreadId")) or text(record.get("threadId")),
        plain=record.get("text"),
        html=record.get("richText"),
        inbound=known.get(direction, actor.startswith(("V-", "E-")) if actor else None),
        identity=actor,
        name=chat.name_of(sender.get("name")),
        address=text(address.get("value")),
        sent=record.get("createdAt"),
        subject=record.get("subject"),
        channel="email" if "EMAIL" in text(address.get("type")) else "chat",
        private=kind == "COMMENT",
        automatic=kind == "WELCOME_MESSAGE" or actor.startswith(("B-", "S-", "I-")),
    )


def _kustomer(record: dict[str, Any]) -> Said | None:
    held, related = mapping(record.get("attributes")), mapping(record.get("relationships"))
    kind = text(record.get("type"))
    direction = text(held.get("direction"))
    if kind not in ("message", "note") or not (direction in ("in", "out") or kind == "note"):
        return None
    if not related or not any(key in held for key in ("preview", "body", "html", "subject")):
        return None
    by = mapping(mapping(related.get("createdBy")).get("data"))
    whose = mapping(mapping(related.get("customer")).get("data"))
    meta = mapping(held.get("meta"))
    inbound = direction == "in" if direction else None
    sender = mapping(meta.get("from"))
    return Said(
        conversation=text(mapping(mapping(related.get("conversation")).get("data")).get("id")),
        plain=held.get("body") or held.get("preview"),
        html=held.get("html") or meta.get("html"),
        inbound=False if kind == "note" else inbound,
        identity=chat.name_of(whose.get("id") if inbound else by.get("id")),
        name=chat.name_of(sender.get("name")),
        address=text(sender.get("email")) or text(meta.get("from")),
        sent=held.get("sentAt") or held.get("createdAt"),
        subject=held.get("subject"),
        channel=text(held.get("channel")),
        private=kind == "note",
        automatic=held.get("auto") is True or says_automatic(held.get("source")),
    )


def _salesforce(record: dict[str, Any]) -> Said | None:
    if not isinstance(record.get("Incoming"), bool) or not (
        "TextBody" in record or "HtmlBody" in record
    ):
        return None
    if text(record.get("Status")) in _DRAFT:
        return None
    return Said(
        conversation=text(record.get("ParentId")) or text(record.get("RelatedToId")),
        plain=record.get("TextBody"),
        html=record.get("HtmlBody"),
        inbound=record["Incoming"],
        identity="" if record["Incoming"] else text(record.get("CreatedById")),
        name=chat.name_of(record.get("FromName")),
        address=text(record.get("FromAddress")),
        sent=record.get("MessageDate") or record.get("CreatedDate"),
        subject=record.get("Subject"),
        channel="email",
        automatic=record.get("IsAutomated") is True or says_automatic(record.get("Source")),
    )


DESKS: Final = (
    Desk("gorgias", gettext_noop("Gorgias tickets"), _gorgias),
    Desk("hubspot", gettext_noop("HubSpot conversations"), _hubspot),
    Desk("kustomer", gettext_noop("Kustomer conversations"), _kustomer),
    Desk("salesforce", gettext_noop("Salesforce case e-mails"), _salesforce),
)
FORMATS: Final = tuple(
    Format(
        name=desk.name,
        title=desk.title,
        extensions=(),
        recognise=partial(recognise, desk=desk),
        parse=partial(parse, desk=desk),
    )
    for desk in DESKS
)
