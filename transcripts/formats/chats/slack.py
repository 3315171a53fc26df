"""Slack: the zip of an export, one day's file of it, or messages from the API as JSON or lines.

One interaction is a thread, or what was written in a channel on one day outside threads; the note
says so. Slack knows no agents and customers: roles stay open, but for bots.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, Message
from transcripts.formats.chats.slack_export import Export, Listed, is_export, read_export
from transcripts.formats.chats.slack_text import words
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalInteraction, Json, LineError, Parsed
from transcripts.formats.source import Source
from transcripts.formats.zip_entries import is_zip

NAME: Final = "slack"
NOTE: Final = gettext_noop(
    "Each thread is one conversation, and so is everything written in a channel on "
    "one day outside threads."
)
_TS: Final = re.compile(r"\d{9,11}\.\d{1,6}")
_SPOKEN: Final = frozenset(
    {"", "thread_broadcast", "reply_broadcast", "me_message", "file_share", "bot_message"}
)
_USER_KEYS: Final = {"id", "team_id", "name", "profile"}
_CHANNEL_KEYS: Final = {"id", "name", "created", "members"}


def recognise(source: Source) -> Likeness | None:
    if is_zip(source.data):
        return (
            Likeness(0.97, gettext_noop("a zip of days by channel"))
            if is_export(source.data)
            else None
        )
    document = chat.document_of(source)
    found = chat.first_objects(_messages(document))
    if any(_is_message(message) for message in found):
        return Likeness(0.95, gettext_noop("JSON of messages with Slack's ts"))
    if isinstance(document, list) and found and _is_listing(found[0]):
        return Likeness(0.9, gettext_noop("JSON of Slack's users or channels"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    export = read_export(source.data) if is_zip(source.data) else _single(source, reading)
    if not any(_is_message(message.message) for message in export.messages):
        if export.errors:
            return reading.parsed(NAME, (), export.errors)
        raise FormatError(_("holds no messages of Slack, so there is nothing to import"))
    reading.note(NOTE)
    export = replace(export, names=_names(export))
    parsed = chat.gathered(
        NAME,
        reading,
        ((None, group) for group in _conversations(export.messages)),
        lambda group: _read(group, export, reading),
    )
    return reading.parsed(NAME, parsed.interactions, (*export.errors, *parsed.errors))


def _single(source: Source, reading: ChatLog) -> Export:
    """The messages of one file, all of one channel unless they name theirs."""
    errors: list[LineError] = []
    found: list[dict[str, Any]] = []
    values = chat.records_of(source) if source.is_json_lines else [(None, source.document)]
    for __, value in values:
        if isinstance(value, LineError):
            errors.append(value)
            continue
        if mapping(value).get("has_more") is True:
            reading.note(gettext_noop("The file holds one page of several."))
        inner = _messages(value)
        found += objects(inner if isinstance(inner, list) else [inner])
    if found and not any(map(_is_message, found)) and _is_listing(found[0]):
        raise FormatError(_("is Slack's list of users or channels and holds no messages"))
    listed = tuple(Listed(message, *_place(message)) for message in found)
    return Export(listed, {}, frozenset(), tuple(errors))


def _place(message: dict[str, Any]) -> tuple[str, str]:
    """The channel and the day (in UTC) of a message that came without a folder."""
    channel = chat.name_of(message.get("channel_name"), message.get("channel"))
    moment = chat.stamp_of(message.get("ts")).moment
    return channel, moment.date().isoformat() if moment else ""


def _messages(document: Any) -> Any:
    held = mapping(document).get("messages")
    return held if isinstance(held, list) else document


def _is_message(message: dict[str, Any]) -> bool:
    written = "text" in message and (
        "user" in message or "bot_id" in message or "username" in message
    )
    marked = message.get("type") == "message"
    return (written or marked) and _TS.fullmatch(text(message.get("ts"))) is not None


def _is_listing(document: dict[str, Any]) -> bool:
    return document.keys() >= _USER_KEYS or document.keys() >= _CHANNEL_KEYS


Group = tuple[str, str, str, list[dict[str, Any]]]


def _conversations(listed: Iterable[Listed]) -> Iterator[Group]:
    """Kind, channel, thread or day, and messages of each conversation, in order of appearance."""
    messages = [entry for entry in _once(listed) if _is_message(entry.message)]
    threads = {
        (message.channel, _thread(message.message))
        for message in messages
        if _thread(message.message)
        and (_is_reply(message.message) or message.message.get("reply_count"))
    }
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for message in messages:
        thread = _thread(message.message) or text(message.message.get("ts"))
        in_thread = (message.channel, thread) in threads
        key = (
            ("thread", message.channel, thread)
            if in_thread
            else ("day", message.channel, message.day)
        )
        groups.setdefault(key, []).append(message.message)
    for (kind, channel, mark), found in groups.items():
        yield kind, channel, mark, found


def _once(listed: Iterable[Listed]) -> Iterator[Listed]:
    """Messages without repetitions: the API answers a thread's first message with its replies."""
    seen: set[tuple[str, str, str]] = set()
    for entry in listed:
        said = text(entry.message.get("text"))
        key = (entry.channel, text(entry.message.get("ts")), said)
        if key not in seen:
            seen.add(key)
            yield entry


def _thread(message: dict[str, Any]) -> str:
    return text(message.get("thread_ts"))


def _is_reply(message: dict[str, Any]) -> bool:
    return bool(_thread(message)) and _thread(message) != text(message.get("ts"))


def _read(group: Group, export: Export, reading: ChatLog) -> CanonicalInteraction:
    kind, channel, mark, found = group
    messages = chat.spoken(said for entry in found for said in _message(entry, export, reading))
    metadata: dict[str, Json] = {"conversation": kind}
    if channel:
        metadata["channel"] = channel
    known = f"{channel}/{mark}" if channel else mark if kind == "thread" else ""
    return chat.interaction_of(
        messages,
        reading,
        source=NAME,
        external_id=known[:200],
        subject=f"#{channel}" if channel else "",
        metadata=metadata,
    )


def _names(export: Export) -> dict[str, str]:
    """One name for each user of a file: the listed one, else the first that a message tells."""
    told = {
        user: name
        for each in reversed(export.messages)
        if (user := text(each.message.get("user"))) and (name := _profiled(each.message))
    }
    return {**told, **export.names}


def _profiled(message: dict[str, Any]) -> str:
    profile = mapping(message.get("user_profile"))
    keys = ("real_name", "display_name", "name")
    return chat.name_of(*(profile.get(key) for key in keys), message.get("username"))


def _message(message: dict[str, Any], export: Export, reading: ChatLog) -> Iterator[Message]:
    if objects(message.get("files")):
        reading.note(chat.MEDIA)
    if text(message.get("subtype")) not in _SPOKEN or message.get("hidden") is True:
        return
    user = text(message.get("user"))
    name = chat.name_of(
        export.names.get(user),
        _profiled(message),
        mapping(message.get("bot_profile")).get("name"),
        user,
        message.get("bot_id"),
    )
    by_bot = bool(text(message.get("bot_id"))) or user in export.bots
    automatic = by_bot or text(message.get("subtype")) == "bot_message"
    role = "bot" if automatic else "unknown"
    yield Message(words(message, export.names), role, name, chat.stamp_of(message.get("ts")))


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Slack export"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
