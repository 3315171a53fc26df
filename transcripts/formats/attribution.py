"""Which of several agents speaks in which turn, by the labels of the speakers.

    parts_of(interaction)    # () where one agent has it all

A label is an agent's where the agent is listed with it, or where it is their name, their id, or a
first name that only one of them has. An agent's turn under any other label is the main agent's;
but where the main agent speaks under a label of their own, a turn under somebody else's name is
nobody's that is known; and so is every such turn where no main agent is stated among several. Bots
and the system have no part in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from transcripts.formats.labels import name_in
from transcripts.formats.model import Agent, CanonicalInteraction, SpeakingAgent

_NO_PERSON: Final = ("bot", "system")


@dataclass(frozen=True, slots=True)
class AgentPart:
    """One agent's turns, by index. None is somebody who is not known, beside those who are."""

    agent: Agent | None
    turns: tuple[int, ...]


def parts_of(interaction: CanonicalInteraction) -> tuple[AgentPart, ...]:
    """Everybody's part, the main agent's first; nothing where one agent has it all."""
    there = together(interaction.agent, interaction.agents)
    if not there:
        return ()
    labels = AgentLabels(there)
    turns: dict[int, list[int]] = {place: [] for place in range(len(there))}
    strangers: list[int] = []
    stated = interaction.agent is not None or len(there) == 1
    by_name = False  # the main agent speaks under a label of their own
    for index, turn in enumerate(interaction.turns):
        place = None if turn.role in _NO_PERSON else labels.place_of(turn.speaker or "")
        if place is not None:
            turns[place].append(index)
            by_name = by_name or (place == 0 and turn.role == "agent")
        elif turn.role == "agent":
            named = bool(name_in(turn.speaker or ""))
            (strangers if named or not stated else turns[0]).append(index)
    if stated and not by_name:
        turns[0], strangers = turns[0] + strangers, []
    parts = [AgentPart(each.agent, tuple(sorted(turns[at]))) for at, each in enumerate(there)]
    parts += [AgentPart(None, tuple(strangers))] if strangers else []
    return tuple(parts) if len(parts) > 1 else ()


def with_agents(
    interaction: CanonicalInteraction, ids: Iterable[tuple[str, str]] = ()
) -> CanonicalInteraction:
    """Name everybody who speaks as agent, for a source whose labels are people's.

    Where that is the interaction's agent alone it stays as it is. `ids` are pairs of an agent's id
    in the source and their label; a label that is two people's is nobody's.
    """
    known: dict[str, set[str]] = {}
    for identity, label in ids:
        if identity and label:
            known.setdefault(label, set()).add(identity)
    spoken = (turn.speaker for turn in interaction.turns if turn.role == "agent")
    found = []
    for label in dict.fromkeys(label for label in spoken if label):
        own = known.get(label, set())
        if len(own) == 1 or (not own and name_in(label)):
            own_id = next(iter(own), None)
            named = Agent(own_id, None if label == own_id else label)
            found.append(SpeakingAgent(named, (label,)))
    there = together(interaction.agent, found)
    return replace(interaction, agents=there) if len(there) > 1 else interaction


def together(agent: Agent | None, agents: Iterable[SpeakingAgent]) -> tuple[SpeakingAgent, ...]:
    """The main agent first, then the others; each once, with all their labels."""
    kept: list[SpeakingAgent] = [SpeakingAgent(agent)] if agent and _identity(agent) else []
    for each in agents:
        at = next((n for n, one in enumerate(kept) if same(one.agent, each.agent)), None)
        if at is None:
            kept.append(each)
        else:
            speakers = dict.fromkeys((*kept[at].speakers, *each.speakers))
            kept[at] = SpeakingAgent(kept[at].agent, tuple(speakers))
    return tuple(kept)


def same(one: Agent, other: Agent) -> bool:
    """True if both are one person, by id; by name where one of them has no id."""
    if one.external_id and other.external_id:
        return one.external_id == other.external_id
    return bool(one.name) and _fold(one.name or "") == _fold(other.name or "")


class AgentLabels:
    """Whose a speaker's label is, among the agents of one interaction."""

    def __init__(self, there: Iterable[SpeakingAgent]) -> None:
        self._listed: dict[str, set[int]] = {}
        self._names: dict[str, set[int]] = {}
        self._firsts: dict[str, set[int]] = {}
        for place, each in enumerate(there):
            for label in each.speakers:
                self._listed.setdefault(_fold(label), set()).add(place)
            for word in filter(None, (each.agent.external_id, each.agent.name)):
                self._names.setdefault(_fold(word), set()).add(place)
            first = _fold(each.agent.name or "").partition(" ")[0]
            self._firsts.setdefault(first, set()).add(place)

    def place_of(self, label: str) -> int | None:
        """The agent's place among them; None where the label is nobody's, or two people's."""
        said, name = _fold(label), _fold(name_in(label))
        looked_up: tuple[tuple[Mapping[str, set[int]], str], ...] = (
            (self._listed, said),
            (self._names, said),
            (self._names, name),
            (self._firsts, name),
        )
        for owners, word in looked_up:
            if word and word in owners:
                found = owners[word]
                return next(iter(found)) if len(found) == 1 else None
        return None


def _identity(agent: Agent) -> str:
    return agent.external_id or agent.name or ""


def _fold(label: str) -> str:
    return " ".join(label.casefold().split())
