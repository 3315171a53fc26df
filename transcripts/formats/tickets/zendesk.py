"""Zendesk tickets: comments, audits and whole tickets, one or many in a file.

The ticket's description is its first comment, so it is read only where no comments are there.
Private comments and merge notices are shown apart. Roles come from the list of users, else from
the ticket's requester and assignee.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import Agent, CanonicalInteraction, Customer, LineError, Parsed
from transcripts.formats.remarks import STRANGER
from transcripts.formats.source import Source
from transcripts.formats.tickets import entries as tickets
from transcripts.formats.tickets.automation import AUTOMATIC, says_automatic
from transcripts.formats.tickets.entries import Entry
from transcripts.formats.tickets.people import People

NAME: Final = "zendesk"
_ROLES: Final = {"end-user": "customer", "agent": "agent", "admin": "agent"}
_COMMENTS: Final = ("Comment", "VoiceComment", "ChatTranscript", "")
_CHATS: Final = ("chat", "messaging", "whatsapp", "facebook", "twitter", "sms", "line", "wechat")
_SYSTEM_AUTHORS: Final = ("-1", "0")
_PREFIXES: Final = ("", "ticket_", "zendesk_ticket_", "zendesk_")  # of a list's key in exports


@dataclass(slots=True)
class _People:
    """The users that a file lists, by id."""

    roles: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def add(self, user: dict[str, Any], role: str = "") -> None:
        identity = text(user.get("id"))
        stated = _ROLES.get(text(user.get("role")), role)
        if identity and stated:
            self.roles.setdefault(identity, stated)
        if name := chat.name_of(user.get("name"), user.get("email")):
            self.names.setdefault(identity, name)
        if address := text(user.get("email")):
            self.addresses.setdefault(identity, address)

    def cast(self, requester: str) -> People:
        """Who is who in a ticket: of several end users the one who asked is the customer."""
        people = People()
        for identity, role in sorted(self.roles.items(), key=lambda pair: pair[0] != requester):
            name, address = self.names.get(identity, ""), self.addresses.get(identity, "")
            other = role == "customer" and requester and identity != requester
            side = people.side(name=name, address=address) if other else role
            people.add(side, identity=identity, name=name, address=address)
        return people

    def agents(self) -> list[tuple[str, str]]:
        """Ids of agents with what their comments are signed with."""
        ours = [identity for identity, role in self.roles.items() if role == "agent"]
        return [(identity, self.names.get(identity, identity)) for identity in ours]


def recognise(source: Source) -> Likeness | None:
    document = chat.document_of(source)
    for record in chat.first_objects(document):
        if any(_is_audit(entry) for entry in chat.first_objects(record.get("audits"))):
            return Likeness(0.97, gettext_noop("JSON of ticket audits with events"))
        for key in _keys("comments"):
            if any(_is_comment(entry) for entry in chat.first_objects(record.get(key))):
                return Likeness(0.96, _("JSON of ticket comments under %(key)s") % {"key": key})
        listed = [ticket for key in _keys("tickets") for ticket in _first(record.get(key))]
        if any(map(_is_ticket, [*listed, mapping(record.get("ticket")), record])):
            return Likeness(
                0.94, gettext_noop("JSON of tickets with requester_id and submitter_id")
            )
        if _is_audit(record) or (_is_comment(record) and "public" in record):
            return Likeness(0.93, gettext_noop("JSON of ticket comments with author_id and public"))
        if any(_is_user(entry) for key in _keys("users") for entry in _first(record.get(key))):
            return Likeness(0.7, gettext_noop("JSON of help desk users"))
    return None


def kinds_of(source: Source) -> set[str]:
    """Which parts of an export a file holds: tickets, comments, users."""
    found: set[str] = set()
    for record in chat.first_objects(chat.document_of(source)):
        for kind, is_one in (
            ("tickets", _is_ticket),
            ("comments", _is_comment),
            ("users", _is_user),
        ):
            listed = [entry for key in _keys(kind) for entry in _first(record.get(key))]
            if any(map(is_one, [*listed, record])) or (kind == "tickets" and "ticket" in record):
                found.add(kind)
    return found


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    people = _People()
    found: list[tuple[int | None, Any]] = []
    loose: list[dict[str, Any]] = []
    for line, value in chat.records_of(source):
        record = mapping(value)
        if isinstance(value, LineError):
            found.append((line, value))
            continue
        for user in [*_listed(record, "users"), *([record] if _is_user(record) else [])]:
            people.add(user)
        if record.get("next_page") or mapping(record.get("meta")).get("has_more") is True:
            reading.note(tickets.PAGES)
        whole, apart = _tickets(record)
        found += [(line, ticket) for ticket in whole]
        loose += apart
    places = {text(mapping(ticket).get("id")): at for at, (_, ticket) in enumerate(found)}
    for ticket, comments in tickets.grouped(loose, "ticket_id"):
        if ticket and ticket in places:  # that stands on another line, or in another file
            line, known = found[places[ticket]]
            found[places[ticket]] = line, {**known, "comments": [*_comments(known), *comments]}
        else:
            found.append((None, {"id": ticket or None, "comments": comments}))
    if not found and people.roles:
        raise FormatError(_("holds a list of users and no tickets, so there is nothing to import"))
    return chat.gathered(NAME, reading, found, lambda ticket: _read(ticket, people, reading))


def _tickets(record: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The tickets of one JSON object, and the comments that belong to none of them yet."""
    apart = _listed(record, "comments")
    apart += [comment for audit in objects(record.get("audits")) for comment in _of_audit(audit)]
    ticket = mapping(record.get("ticket"))
    if ticket:
        return [{**ticket, "comments": apart or ticket.get("comments")}], []
    if listed := _listed(record, "tickets"):
        by_ticket = dict(tickets.grouped(apart, "ticket_id"))
        whole = [
            {**held, "comments": by_ticket.pop(text(held.get("id")), None) or held.get("comments")}
            for held in listed
        ]
        return whole, [comment for comments in by_ticket.values() for comment in comments]
    if _is_ticket(record) or ("subject" in record and "comments" in record):
        return [{**record, "comments": apart}], []
    if _is_audit(record):
        return [], list(_of_audit(record))
    return [], apart or ([record] if _is_comment(record) else [])


def _keys(kind: str) -> list[str]:
    return [f"{prefix}{kind}" for prefix in _PREFIXES]


def _listed(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The comments, tickets or users of an object, whatever an export calls their list."""
    return [entry for key in _keys(kind) for entry in objects(record.get(key))]


def _first(value: Any) -> list[dict[str, Any]]:
    return chat.first_objects(value) if isinstance(value, list) else []


def _comments(ticket: Any) -> list[dict[str, Any]]:
    return objects(mapping(ticket).get("comments"))


def _of_audit(audit: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The comments among an audit's events, with the author and time of the audit."""
    outer = {key: audit.get(key) for key in ("created_at", "author_id", "ticket_id", "via")}
    for event in objects(audit.get("events")):
        if text(event.get("type")) in _COMMENTS[:3]:
            yield {**outer, **{key: value for key, value in event.items() if value is not None}}


def _read(value: Any, people: _People, reading: ChatLog) -> CanonicalInteraction:
    ticket = mapping(value)
    comments = [comment for comment in objects(ticket.get("comments")) if _is_spoken(comment)]
    if not ticket or not (comments or text(ticket.get("description"))):
        raise chat.WordlessError(_("holds no ticket with comments, so there is nothing to import"))
    known = _concerned(ticket, people)
    people_there = known.cast(text(ticket.get("requester_id")) or _opener(comments, known))
    if comments:
        entries = [_entry(comment, known, people_there) for comment in comments]
    else:
        entries = [_description(ticket, known)]
        reading.note(
            gettext_noop("Only the first message of a ticket is in the file, without the comments.")
        )
    if any(objects(comment.get("attachments")) for comment in comments):
        reading.note(chat.MEDIA)
    requester, assignee = text(ticket.get("requester_id")), text(ticket.get("assignee_id"))
    found = tickets.ticket_of(
        entries,
        reading,
        channel=_channel(ticket, comments),
        subject=ticket.get("subject"),
        people=people_there,
        source=NAME,
        external_id=chat.name_of(ticket.get("id")),
        customer=Customer(requester or None, known.names.get(requester)) if requester else None,
        agent=_agent(assignee, requester, known),
    )
    return with_agents(found, known.agents())


def _concerned(ticket: dict[str, Any], people: _People) -> _People:
    """The file's users with those whom the ticket itself names."""
    known = _People(dict(people.roles), dict(people.names), dict(people.addresses))
    known.add(mapping(ticket.get("requester")), "customer")
    known.add(mapping(ticket.get("assignee")), "agent")
    for user in objects(ticket.get("users")):
        known.add(user)
    for key, role in (("requester_id", "customer"), ("assignee_id", "agent")):
        if identity := text(ticket.get(key)):
            known.roles.setdefault(identity, role)
    name = chat.name_of(_from(ticket).get("name"), _from(ticket).get("address"))
    if name and text(ticket.get("requester_id")):
        known.names.setdefault(text(ticket.get("requester_id")), name)
    return known


def _opener(comments: list[dict[str, Any]], known: _People) -> str:
    """The end user who wrote first, and so asked, where the file has no ticket that says it."""
    public = [comment for comment in comments if comment.get("public") is not False]
    stamped = [(chat.stamp_of(comment.get("created_at")).sort_key, comment) for comment in public]
    timed = all(key is not None for key, _ in stamped)
    ordered = sorted(stamped, key=lambda pair: pair[0] or 0.0) if timed else stamped
    authors = (text(comment.get("author_id")) for _, comment in ordered)
    return next((author for author in authors if known.roles.get(author) == "customer"), "")


def _entry(comment: dict[str, Any], known: _People, people: People) -> Entry:
    author = text(comment.get("author_id"))
    sender = _from(comment)
    name = chat.name_of(mapping(comment.get("author")).get("name"), known.names.get(author))
    spoken = text(mapping(comment.get("data")).get("transcription_text"))
    said = tickets.words(
        spoken or comment.get("body"), comment.get("html_body") or comment.get("plain_body")
    )
    via = mapping(comment.get("via"))
    how = text(mapping(via.get("source")).get("rel"))
    by_rule = says_automatic(via.get("channel"), how)
    role = "bot" if author in _SYSTEM_AUTHORS or by_rule else people.side(author)
    private = comment.get("public") is False or how == "merge"
    return Entry(
        words=said,
        role=role,
        speaker=name or chat.name_of(sender.get("name"), sender.get("address"), author),
        sent=comment.get("created_at"),
        private=private,
        remark="" if private else _remark(role, by_rule, known.roles.get(author)),
        is_chat=text(comment.get("type")) == "ChatTranscript" or _is_by_chat(via),
    )


def _remark(role: str, by_rule: bool, listed: str | None) -> str:
    if by_rule:
        return AUTOMATIC
    return STRANGER if role == "unknown" and listed == "customer" else ""


def _is_by_chat(via: dict[str, Any]) -> bool:
    return any(word in text(via.get("channel")) for word in _CHATS)


def _description(ticket: dict[str, Any], known: _People) -> Entry:
    """The first message; where one person submits for another, its author is not known."""
    requester = text(ticket.get("requester_id"))
    same = text(ticket.get("submitter_id")) in ("", requester)
    return Entry(
        words=tickets.words(ticket.get("description"), ""),
        role=known.roles.get(requester, "unknown") if same else "unknown",
        speaker=chat.name_of(known.names.get(requester), requester) if same else "",
        sent=ticket.get("created_at"),
        private=ticket.get("is_public") is False,
    )


def _agent(assignee: str, requester: str, known: _People) -> Agent | None:
    if not assignee or assignee == requester:
        return None
    return Agent(assignee, known.names.get(assignee))


def _channel(ticket: dict[str, Any], comments: list[dict[str, Any]]) -> str:
    """What the ticket came in by; a web form and a mail are both answered by mail."""
    first = mapping(comments[0].get("via")) if comments else {}
    via = text(mapping(ticket.get("via")).get("channel")) or text(first.get("channel"))
    if _is_by_chat({"channel": via}):
        return "chat"
    if via in ("voice", "phone"):
        return "call"
    return "email" if via else ""


def _from(comment: dict[str, Any]) -> dict[str, Any]:
    return mapping(mapping(mapping(comment.get("via")).get("source")).get("from"))


def _is_spoken(comment: dict[str, Any]) -> bool:
    return text(comment.get("type")) in _COMMENTS


def _is_comment(record: dict[str, Any]) -> bool:
    body = any(key in record for key in ("body", "html_body", "plain_body"))
    return body and "author_id" in record and "incoming" not in record


def _is_audit(record: dict[str, Any]) -> bool:
    return (
        isinstance(record.get("events"), list) and "ticket_id" in record and "author_id" in record
    )


def _is_ticket(record: dict[str, Any]) -> bool:
    held = "description" in record or "comments" in record
    return (
        held and "requester_id" in record and ("submitter_id" in record or "assignee_id" in record)
    )


def _is_user(record: dict[str, Any]) -> bool:
    return text(record.get("role")) in _ROLES and "id" in record


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Zendesk tickets"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
