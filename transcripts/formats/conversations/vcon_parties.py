"""Who takes part in a vCon, and who of them speaks in a dialog."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transcripts.formats.chats.messages import name_of
from transcripts.formats.json_values import mapping, text
from transcripts.formats.labels import stated_role


@dataclass(frozen=True, slots=True)
class Party:
    """One participant; the role is the one that the file states."""

    name: str
    role: str
    identity: str = ""


NOBODY = Party("", "unknown")


def read_parties(value: Any) -> list[Party]:
    """The parties, in their places; one that can't be read keeps its place."""
    return [_party(mapping(party)) for party in value] if isinstance(value, list) else []


def speaker_of(dialog: dict[str, Any], parties: Sequence[Party]) -> Party:
    """Whose words a dialog holds: its originator, else the first of its parties."""
    for value in (dialog.get("originator"), dialog.get("parties")):
        index = value
        while isinstance(index, list) and index:
            index = index[0]
        if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(parties):
            return parties[index]
    return NOBODY


def _party(party: dict[str, Any]) -> Party:
    address = (text(party.get("mailto")) or text(party.get("email"))).removeprefix("mailto:")
    name = name_of(party.get("name"), address, party.get("tel"), party.get("sip"))
    stated = text(party.get("role")) or text(mapping(party.get("meta")).get("role"))
    return Party(name, stated_role(stated), name_of(party.get("uuid"), party.get("id")))
