"""What a person says of conversations beforehand: who the agent is, their team, when, and more.

It fills in only what a file does not say itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

from transcripts.formats import Agent as NamedAgent
from transcripts.formats import CanonicalInteraction, Pushed

AGENT, TEAM, START, METADATA = "agent", "team", "start", "metadata"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of all conversations of some files. Empty where nothing is."""

    agent: NamedAgent | None = None
    team: str = ""
    started_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.agent or self.team or self.started_at or self.metadata)

    def over(self, before: "Facts") -> "Facts":
        """Return these, and what was said before where these say nothing."""
        return Facts(
            self.agent or before.agent,
            self.team or before.team,
            self.started_at or before.started_at,
            {**before.metadata, **self.metadata},
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "agent": self.agent.external_id if self.agent else None,
            "team": self.team,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        agent, start = kept.get("agent"), kept.get("started_at")
        return cls(
            NamedAgent(agent) if agent else None,
            kept.get("team") or "",
            datetime.fromisoformat(start) if start else None,
            kept.get("metadata") or {},
        )

    def fill(self, pushed: Iterable[Pushed]) -> list[Pushed]:
        """Say it of each conversation that does not say it itself."""
        if not self:
            return list(pushed)
        return [replace(each, as_settled=self._filled(each.as_settled)) for each in pushed]

    def _filled(self, one: CanonicalInteraction) -> CanonicalInteraction:
        if self.agent and one.main_agent is None and _may_have_an_agent(one):
            one = replace(one, agent=self.agent)
        if self.team and one.agent and not one.agent.team:
            one = replace(one, agent=replace(one.agent, team=self.team))
        if self.started_at and one.started_at is None:
            one = replace(one, started_at=self.started_at)
        if self.metadata:
            one = replace(one, metadata={**self.metadata, **one.metadata})
        return one


NO_FACTS: Final = Facts()


def filled_in(before: Sequence[Pushed], after: Sequence[Pushed]) -> list[str]:
    """Name what was filled in, in any of the conversations."""
    pairs = [(one.as_settled, other.as_settled) for one, other in zip(before, after, strict=True)]
    told = {
        AGENT: any(one.agent is None and other.agent for one, other in pairs),
        TEAM: any(_team(one) != _team(other) for one, other in pairs),
        START: any(one.started_at != other.started_at for one, other in pairs),
        METADATA: any(one.metadata != other.metadata for one, other in pairs),
    }
    return [name for name, is_so in told.items() if is_so]


def _team(one: CanonicalInteraction) -> str | None:
    return one.agent.team if one.agent else None


def _may_have_an_agent(one: CanonicalInteraction) -> bool:
    return any(turn.role in {"agent", "unknown"} for turn in one.turns)
