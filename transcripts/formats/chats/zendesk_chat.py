"""Zendesk Chat (Zopim): chats with their `history`, and messages left while nobody was there."""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import Agent, CanonicalInteraction, Customer, Json, Parsed
from transcripts.formats.remarks import with_remarks
from transcripts.formats.source import Source
from transcripts.formats.tickets.automation import AUTOMATIC

NAME: Final = "zendesk_chat"
_BY_TYPE: Final = {"visitor": "customer", "agent": "agent", "trigger": "bot", "bot": "bot"}
_KEPT: Final = ("department_name", "rating")


def recognise(source: Source) -> Likeness | None:
    for chat_record in chat.first_objects(_chats(chat.document_of(source))):
        if any(
            text(event.get("type")).startswith("chat.") for event in objects(_history(chat_record))
        ):
            return Likeness(0.96, gettext_noop("JSON with a history of chat.msg events"))
        if chat_record.get("type") == "offline_msg" and "message" in chat_record:
            return Likeness(0.95, gettext_noop("JSON of the type offline_msg"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    document = source.document if not source.is_json_lines else None
    if text(mapping(document).get("next_url")):
        reading.note(gettext_noop("The file holds one page of several."))
    found = _chats(document)
    records = chat.records_of(source) if document is None else _listed(found)
    return chat.gathered(
        NAME, reading, records, lambda chat_record: _read(mapping(chat_record), reading)
    )


def _listed(found: Any) -> Iterator[tuple[None, Any]]:
    return ((None, chat_record) for chat_record in (found if isinstance(found, list) else [found]))


def _chats(document: Any) -> Any:
    """The chat or chats: bare, listed, or in the answer of the API."""
    outer = mapping(document)
    if isinstance(outer.get("chats"), list):
        return outer["chats"]
    if isinstance(outer.get("docs"), dict):
        return list(outer["docs"].values())
    return document


def _history(chat_record: dict[str, Any]) -> list[Any]:
    history = chat_record.get("history")
    return history[: chat.LOOKED_AT] if isinstance(history, list) else []


def _read(chat_record: dict[str, Any], reading: ChatLog) -> CanonicalInteraction:
    visitor = mapping(chat_record.get("visitor"))
    name = chat.name_of(visitor.get("name"))
    messages = chat.spoken(_messages(chat_record, name, reading))
    customer = Customer(chat.name_of(visitor.get("id")) or None, name or None)
    agents = chat_record.get("agent_ids"), chat_record.get("agent_names")
    metadata: dict[str, Json] = {
        key: chat.name_of(chat_record.get(key)) for key in _KEPT if chat_record.get(key)
    }
    found = chat.interaction_of(
        messages,
        reading,
        source=NAME,
        external_id=chat.name_of(chat_record.get("id")),
        agent=_agent(*agents) or chat.sole_speaker(messages),
        customer=customer if customer.external_id or customer.name else None,
        metadata=with_remarks(
            {key: value for key, value in metadata.items() if value},
            [AUTOMATIC] if any(message.role == "bot" for message in messages) else [],
        ),
    )
    return with_agents(found, _pairs(*agents))


def _agent(ids: Any, names: Any) -> Agent | None:
    """The agent, where the chat lists one."""
    return chat.sole_agent(_pairs(ids, names))


def _pairs(ids: Any, names: Any) -> list[tuple[str, str]]:
    """The agents' ids and names, which stand in lists side by side."""
    listed = [names] if isinstance(names, str) else names if isinstance(names, list) else []
    known = ids if isinstance(ids, list) and len(ids) == len(listed) else [""] * len(listed)
    pairs = zip(known, listed, strict=True)
    return [(chat.name_of(pair), chat.name_of(name)) for pair, name in pairs]


def _messages(chat_record: dict[str, Any], visitor: str, reading: ChatLog) -> Iterator[Message]:
    if chat_record.get("type") == "offline_msg":
        stamp = chat.stamp_of(chat_record.get("timestamp"))
        yield Message(text(chat_record.get("message")), "customer", visitor, stamp)
    names = chat_record.get("agent_names")
    agents = {chat.name_of(name) for name in names} if isinstance(names, list) else set()
    for event in objects(chat_record.get("history")):
        kind = text(event.get("type"))
        if kind == "chat.file":
            reading.note(chat.MEDIA)
        if kind not in ("chat.msg", "chat.triggered"):
            continue
        speaker = chat.name_of(event.get("name"))
        role = "bot" if kind == "chat.triggered" else _role(event, speaker, visitor, agents)
        stamp = chat.stamp_of(event.get("timestamp"))
        yield Message(text(event.get("msg")), role, speaker, stamp)


def _role(event: dict[str, Any], speaker: str, visitor: str, agents: set[str]) -> str:
    """Who wrote: by the stated type, the nick (`agent:12`), or a name that only one side has."""
    stated = _BY_TYPE.get(text(event.get("sender_type")).casefold())
    side, _, who = text(event.get("nick")).partition(":")
    if stated or side in _BY_TYPE:
        return stated or _BY_TYPE.get(who) or _BY_TYPE[side]
    if text(event.get("agent_id")):
        return "agent"
    if speaker and (speaker in agents) != (speaker == visitor):
        return "agent" if speaker in agents else "customer"
    return "unknown"


FORMAT: Final = Format(
    name=NAME,
    title="Zendesk Chat",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
