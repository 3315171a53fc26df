"""The zip of a Slack export: `users.json`, `channels.json` and `<channel>/YYYY-MM-DD.json`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from qa.core.errors import Fault
from transcripts.formats.chats import messages as chat
from transcripts.formats.errors import FormatError, shortened
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import LineError
from transcripts.formats.strict_json import read_json
from transcripts.formats.zip_entries import Entry, entries

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_LISTS: Final = frozenset(
    {"channels.json", "users.json", "dms.json", "groups.json", "mpims.json", "org_users.json"}
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A message with the channel and the day it is kept under."""

    message: dict[str, Any]
    channel: str
    day: str


@dataclass(frozen=True, slots=True)
class Export:
    """Messages, and what the lists beside them say of those who wrote."""

    messages: tuple[Listed, ...]
    names: Mapping[str, str]
    bots: frozenset[str]
    errors: tuple[LineError, ...] = ()


def is_export(data: bytes) -> bool:
    """True if a zip holds days by channel beside Slack's lists."""
    try:
        paths = [PurePosixPath(entry.name) for entry in entries(data)]
    except FormatError:
        return False
    return any(path.name in _LISTS for path in paths) and any(map(_is_day, paths))


def read_export(data: bytes) -> Export:
    """All messages by channel and day; files that can't be read are named in `errors`."""
    listed = entries(data)
    errors: list[LineError] = []
    users: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    messages: list[Listed] = []
    for entry in sorted(listed, key=lambda item: item.name):
        path = PurePosixPath(entry.name)
        if path.name not in _LISTS and not _is_day(path):
            continue
        found = _objects(entry, errors)
        if path.name in ("users.json", "org_users.json"):
            users += found
        elif path.name in _LISTS:
            names |= {text(record.get("id")): chat.name_of(record.get("name")) for record in found}
        else:
            messages += [Listed(message, path.parent.name, path.stem) for message in found]
    names |= {text(user.get("id")): _name(user) for user in users}
    bots = frozenset(text(user.get("id")) for user in users if user.get("is_bot") is True)
    return Export(tuple(messages), names, bots, tuple(errors))


def _is_day(path: PurePosixPath) -> bool:
    return _DAY.fullmatch(path.name) is not None and bool(path.parent.name)


def _objects(entry: Entry, errors: list[LineError]) -> list[dict[str, Any]]:
    try:
        return objects(read_json(entry.read()))
    except FormatError as error:
        errors.append(LineError(None, (Fault(shortened(entry.name, 150), error.reason),)))
        return []


def _name(user: dict[str, Any]) -> str:
    profile = mapping(user.get("profile"))
    return chat.name_of(
        profile.get("real_name"),
        user.get("real_name"),
        profile.get("display_name"),
        user.get("name"),
    )
