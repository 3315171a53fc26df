"""Who takes part in a vCon, and who of them speaks in a dialog."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from transcripts.formats.chats.messages import name_of
from transcripts.formats.json_values import mapping, text
from transcripts.formats.labels import is_outsider, name_in, stated_role
from transcripts.formats.model import CanonicalTurn

_SPACES: Final = re.compile(r"[\s_]+")


@dataclass(frozen=True, slots=True)
class Party:
    """One participant; the role is the one that the file states."""

    name: str
    role: str
    identity: str = ""
    stated: str = ""  # the role in the file's own words
    known_as: frozenset[str] = field(default_factory=frozenset)  # folded


NOBODY = Party("", "unknown")


def read_parties(value: Any) -> list[Party]:
    """The parties, in their places; one that can't be read keeps its place.

    Who is only said to be outside the company is the customer where an agent is there.
    """
    found = [_party(mapping(party)) for party in value] if isinstance(value, list) else []
    if not any(party.role == "agent" for party in found):
        return found
    return [
        replace(party, role="customer")
        if party.role == "unknown" and is_outsider(party.stated)
        else party
        for party in found
    ]


def speaker_of(dialog: dict[str, Any], parties: Sequence[Party]) -> Party:
    """Whose words a dialog holds: its originator, else the first of its parties."""
    for value in (dialog.get("originator"), dialog.get("parties")):
        index = value
        while isinstance(index, list) and index:
            index = index[0]
        if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(parties):
            return parties[index]
    return NOBODY


def with_party_roles(
    turns: Sequence[CanonicalTurn], parties: Sequence[Party]
) -> tuple[CanonicalTurn, ...]:
    """A transcript's turns with the roles that the file states for people of their speakers' names.

    A role that the transcript itself gives stays, and a name that two parties bear tells nothing.
    """
    roles: dict[str, set[str]] = {}
    for party in parties:
        for name in party.known_as:
            roles.setdefault(name, set()).add(party.role)

    def told(turn: CanonicalTurn) -> str:
        label = turn.speaker or ""
        names = (_fold(label), _fold(name_in(label)))
        found = next((roles[name] for name in names if name in roles), {"unknown"})
        return next(iter(found)) if len(found) == 1 else "unknown"

    return tuple(
        replace(turn, role=told(turn)) if turn.role == "unknown" else turn for turn in turns
    )


def _party(party: dict[str, Any]) -> Party:
    address = (text(party.get("mailto")) or text(party.get("email"))).removeprefix("mailto:")
    name = name_of(party.get("name"), address, party.get("tel"), party.get("sip"))
    stated = text(party.get("role")) or text(mapping(party.get("meta")).get("role"))
    return Party(
        name,
        stated_role(stated),
        name_of(party.get("uuid"), party.get("id")),
        stated,
        frozenset(filter(None, map(_fold, _names(party, address)))),
    )


def _names(party: dict[str, Any], address: str) -> Iterator[str]:
    """What a transcript may call a participant by; their first name too."""
    name = name_of(party.get("name"))
    yield from (name, name_in(name), name.partition(" ")[0], address)
    yield from (text(party.get(key)) for key in ("tel", "sip", "uuid", "id"))


def _fold(label: str) -> str:
    return _SPACES.sub(" ", label.casefold()).strip()
