"""A saved chat as turns: for a file or a table's cell that holds a whole one (see chat_log.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats.chat_log import ChatText, read_chat_log
from transcripts.formats.labels import name_in, role_of
from transcripts.formats.markup import plain
from transcripts.formats.model import CanonicalTurn

REMARK: Final = gettext_noop(
    "Lines of a saved chat about who came and went are not turns and were left out."
)


@dataclass(frozen=True, slots=True)
class SavedChat:
    """The turns of a saved chat, when it began, and what stands above its first message."""

    turns: tuple[CanonicalTurn, ...]
    started_at: datetime | None
    heading: str


def read_saved_chat(text: str) -> SavedChat | None:
    """The chat that a text or its HTML is; None unless nothing else looks like that."""
    (shown,) = plain([text])
    found = read_chat_log(shown)
    if found is None or not found.sure or found.above:
        return None
    moments, offsets = found.moments(), found.offsets()
    roles = _roles(found)
    turns = tuple(
        CanonicalTurn(
            role=roles[said.label],
            text=said.text,
            speaker=said.label,
            started_s=None if moment else offset,
            sent_at=moment,
        )
        for said, moment, offset in zip(found.messages, moments, offsets, strict=True)
    )
    started = min((moment for moment in moments if moment), default=None)
    return SavedChat(turns, started, found.heading)


def _roles(chat: ChatText) -> Mapping[str, str]:
    """The roles that labels state, or lines above the chat: `Agent Dana R`.

    Where the chat's own heading says who the agent is, the one other speaker is the customer.
    """
    told = {
        name_in(line).casefold(): role
        for line in chat.heading.split("\n")
        if (role := role_of(line.replace(":", " "))) and name_in(line.replace(":", " "))
    }
    roles = {
        said.label: role_of(said.label) or told.get(said.label.casefold()) or "unknown"
        for said in chat.messages
    }
    strangers = [label for label, role in roles.items() if role == "unknown"]
    if len(strangers) == 1 and set(roles.values()) == {"agent", "unknown"}:
        roles[strangers[0]] = "customer"
    return roles
