"""Who of an interaction's agents speaks in which turn.

    cast = cast_of(interaction)
    cast.of(3).agent

Where one agent has it all, every turn is that agent's, and there are no rows of it.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy

from qa.organizations.models import Agent
from transcripts.models import Interaction, Participation

ROLE_WORDS: Final = {
    "agent": gettext_lazy("agent"),
    "customer": gettext_lazy("customer"),
    "bot": gettext_lazy("bot"),
    "system": gettext_lazy("system"),
    "unknown": gettext_lazy("unknown"),
}

UNKNOWN = gettext_lazy("an unknown agent")
WITH_AGENTS = "participations__agent"  # what to prefetch for the casts of many interactions


class Part:
    """What is one agent's of an interaction; `row` is None where one agent has it all."""

    def __init__(self, holder: Interaction | Participation) -> None:
        self._holder = holder
        self.agent_id, self.team_id = holder.agent_id, holder.team_id
        self.row = holder if isinstance(holder, Participation) else None

    @property
    def agent(self) -> Agent | None:
        return self._holder.agent

    @property
    def turns(self) -> list[int]:
        return list(self.row.turns) if self.row else []

    @property
    def name(self) -> str:
        return self.agent.name if self.agent else str(UNKNOWN) if self.row else ""


class Cast:
    """The agents of one interaction; `main` is the one whose it is first of all."""

    def __init__(self, main: Part, parts: Iterable[Part] = ()) -> None:
        self.parts = tuple(parts)
        self.main = self.parts[0] if self.parts else main
        self._of_turn = {turn: part for part in self.parts for turn in part.turns}

    @property
    def several(self) -> bool:
        """True if more than one has a part in it.

        Two parts are one agent's where agents that are one and the same were merged.
        """
        return len({part.agent_id for part in self.parts}) > 1

    @property
    def known(self) -> list[Part]:
        """The first part of each agent who is known."""
        first: dict[UUID, Part] = {}
        for part in self.parts or (self.main,):
            if part.agent_id:
                first.setdefault(part.agent_id, part)
        return list(first.values())

    @property
    def agent_ids(self) -> list[UUID]:
        return [part.agent_id for part in self.known if part.agent_id]

    def of(self, turn: int | None) -> Part:
        """Whose an agent's turn is; the main agent's where nothing else is known."""
        return self.main if turn is None else self._of_turn.get(turn, self.main)

    def whose(self, turn: int | None) -> str:
        """The same in words; nothing where one agent has it all."""
        return self.of(turn).name if self.several else ""

    def part_of(self, agent_id: UUID | None) -> Part | None:
        """The part that an agent has in it."""
        return next((part for part in self.known if part.agent_id == agent_id), None)


def cast_of(interaction: Interaction) -> Cast:
    """The agents of an interaction; one query, none where WITH_AGENTS is prefetched."""
    prefetch_related_objects([interaction], WITH_AGENTS)
    return Cast(Part(interaction), map(Part, interaction.participations.all()))
