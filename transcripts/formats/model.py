"""The canonical interaction, and what an importer answers with.

Times are aware datetimes in UTC; durations and offsets are seconds from the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from qa.core.errors import Fault
from transcripts.formats.answers import Question
from transcripts.formats.errors import in_one_sentence

CHANNELS = ("call", "email", "chat", "video")
ROLES = ("customer", "agent", "bot", "system", "unknown")

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True)
class CanonicalTurn:
    """One stretch of text by one speaker, as the source gave it."""

    role: str
    text: str
    speaker: str | None = None
    started_s: float | None = None
    ended_s: float | None = None
    sent_at: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "speaker": self.speaker,
            "text": self.text,
            "started_s": self.started_s,
            "ended_s": self.ended_s,
            "sent_at": iso(self.sent_at),
        }


@dataclass(frozen=True, slots=True)
class Agent:
    """The employee who handled the interaction, as the source names them."""

    external_id: str | None = None
    name: str | None = None
    team: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"external_id": self.external_id, "name": self.name, "team": self.team}


@dataclass(frozen=True, slots=True)
class SpeakingAgent:
    """One of several agents of an interaction, and the labels that they speak under."""

    agent: Agent
    speakers: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {**self.agent.to_dict(), "speakers": list(self.speakers)}


@dataclass(frozen=True, slots=True)
class Customer:
    """The other side, as the source names them."""

    external_id: str | None = None
    name: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"external_id": self.external_id, "name": self.name}


@dataclass(frozen=True, slots=True)
class CanonicalInteraction:
    """One call, e-mail thread, chat or video meeting with all its turns in order."""

    channel: str
    turns: tuple[CanonicalTurn, ...]
    external_id: str | None = None
    source: str | None = None
    started_at: datetime | None = None
    duration_s: float | None = None
    language: str | None = None
    subject: str | None = None
    agent: Agent | None = None
    customer: Customer | None = None
    metadata: dict[str, Json] = field(default_factory=dict)
    agents: tuple[SpeakingAgent, ...] = ()  # where several took part

    @property
    def main_agent(self) -> Agent | None:
        """The agent whose interaction it is first of all: the one named so, else the first."""
        return self.agent or next((each.agent for each in self.agents), None)

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON, keys in the contract's order; `validate` reads it back unchanged.

        `agents` stands in it only where several are named.
        """
        several = {"agents": [each.to_dict() for each in self.agents]} if self.agents else {}
        return {
            "external_id": self.external_id,
            "source": self.source,
            "channel": self.channel,
            "started_at": iso(self.started_at),
            "duration_s": self.duration_s,
            "language": self.language,
            "subject": self.subject,
            "agent": self.agent.to_dict() if self.agent else None,
            **several,
            "customer": self.customer.to_dict() if self.customer else None,
            "metadata": self.metadata,
            "turns": [turn.to_dict() for turn in self.turns],
        }


@dataclass(frozen=True, slots=True)
class Pushed:
    """An interaction on its way in: as its source states it, and with what was settled since.

    What is kept is `as_settled`: people, or the list of an organization's own agents, may have
    given roles to its speakers. Which interaction it is, `as_stated` decides: the same source
    sends the same one again whoever its speakers were found to be. `redacted` counts what had been
    taken out of it before it came here, and `content_hash` is that of the content as stated where
    more was taken out than its source's statement alone would have.
    """

    as_stated: CanonicalInteraction
    as_settled: CanonicalInteraction
    redacted: Mapping[str, int] = field(default_factory=dict)
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class LineError:
    """One record of a file that could not be read, while others could.

    `line` counts the file's lines from 1 where the format has lines; in a JSON array there are
    none, and the path of each fault begins with the record's index: `[3].turns[0].role`.
    """

    line: int | None
    faults: tuple[Fault, ...]

    @property
    def field(self) -> str:
        """The path of the first field at fault; empty where no field is to blame."""
        return self.faults[0].path

    @property
    def message(self) -> str:
        return in_one_sentence(self.faults)

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds: interactions, records refused, remarks and questions for the uploader.

    `counter` is the column whose numbers stand in `external_id` and only count the interactions of
    this file (see counters.py).
    """

    format: str
    interactions: tuple[CanonicalInteraction, ...]
    errors: tuple[LineError, ...] = ()
    notes: tuple[str, ...] = ()
    open: tuple[Question, ...] = ()  # what only the uploader can say
    counter: str = ""


def iso(moment: datetime | None) -> str | None:
    """UTC in ISO 8601 with a Z, as the contract writes it."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
