"""What the engine answers with: frozen values, and the JSON shape the outer contract promises.

Words follow the codebook: a cue is a customer's turn that shows a feeling, a response is an
agent's turn marked for sympathy, empathy and dismissal, a moment is a cue with its responses.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

CUSTOMER = "customer"
AGENT = "agent"
NO_CUE = "none"

EMPATHY = "empathy"
SYMPATHY_ONLY = "sympathy_only"
MISSED = "missed"
DISMISSED = "dismissed"
OUTCOMES = (EMPATHY, SYMPATHY_ONLY, MISSED, DISMISSED)

BARE = "bare"
COMPLETED = "completed"
REPEATED = "repeated"


class TurnLike(Protocol):
    """Anything with a role and a text can be pre-scored."""

    @property
    def role(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that carry one judgement: a half-open character range of the turn's own text."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A feeling found in a customer's turn.

    `confidence` is that of the emotion, `presence` that there is a feeling at all; `rule` names
    the pack's group that weighed most. With `kind_unsure` the emotion is only the best guess.
    """

    emotion: str
    confidence: float
    evidence: tuple[Evidence, ...]
    rule: str = ""
    presence: float = 1.0
    kind_unsure: bool = False

    def to_dict(self, *, reasons: bool = False) -> dict[str, Any]:
        return {
            "emotion": self.emotion,
            "confidence": self.confidence,
            "presence": round(self.presence, 3),
            "kind_unsure": self.kind_unsure,
            **_evidence(self.evidence, reasons),
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the three marks on an agent's turn; `confidence` is that of the stated level.

    `presence` is the probability that the level is above 0, where the engine gives one.
    """

    level: int
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    rule: str = ""
    presence: float = 0.0

    def to_dict(self, *, reasons: bool = False) -> dict[str, Any]:
        return {
            "level": self.level,
            "confidence": self.confidence,
            **_evidence(self.evidence, reasons),
        }


@dataclass(frozen=True, slots=True)
class Apology:
    """One apology in an agent's turn, and what became of it: "bare", "completed", "repeated"."""

    kind: str
    evidence: tuple[Evidence, ...] = ()

    def to_dict(self, *, reasons: bool = False) -> dict[str, Any]:
        return {"kind": self.kind, **_evidence(self.evidence, reasons)}


@dataclass(frozen=True, slots=True)
class Response:
    """The marks of one agent's turn.

    `apology` tells whether the sympathy is an apology; `apologies` are all that the turn says.
    """

    sympathy: Mark
    empathy: Mark
    dismissal: Mark
    apology: bool = False
    apologies: tuple[Apology, ...] = ()

    def to_dict(self, *, reasons: bool = False) -> dict[str, Any]:
        return {
            "sympathy": self.sympathy.to_dict(reasons=reasons),
            "empathy": self.empathy.to_dict(reasons=reasons),
            "dismissal": self.dismissal.to_dict(reasons=reasons),
            "apology": self.apologies[0].kind if self.apologies else None,
            "apologies": [one.to_dict(reasons=reasons) for one in self.apologies],
        }


@dataclass(frozen=True, slots=True)
class ScoredTurn:
    """One turn: customers' turns may carry a cue, agents' turns always carry a response."""

    index: int
    role: str
    cue: Cue | None = None
    response: Response | None = None

    def to_dict(self, *, reasons: bool = False) -> dict[str, Any]:
        shown: dict[str, Any] = {"index": self.index, "role": self.role}
        if self.role == CUSTOMER:
            shown["cue"] = self.cue.to_dict(reasons=reasons) if self.cue else None
        if self.response is not None:
            shown["response"] = self.response.to_dict(reasons=reasons)
        return shown


@dataclass(frozen=True, slots=True)
class Moment:
    """A cue, the agent's turns that could answer it, and what became of it.

    `confidence` is that of the outcome, `presence` that there is a feeling; with `kind_unsure` the
    emotion is only the best guess.
    """

    cue_turn: int
    emotion: str
    response_turns: tuple[int, ...]
    outcome: str
    strength: int
    apology_then_empathy: bool
    confidence: float
    presence: float = 1.0
    kind_unsure: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "cue_turn": self.cue_turn,
            "emotion": self.emotion,
            "response_turns": list(self.response_turns),
            "outcome": self.outcome,
            "strength": self.strength,
            "apology_then_empathy": self.apology_then_empathy,
            "confidence": self.confidence,
            "presence": round(self.presence, 3),
            "kind_unsure": self.kind_unsure,
        }


@dataclass(frozen=True, slots=True)
class Volunteered:
    """Empathy in an agent's turn that belongs to no moment."""

    response_turn: int
    strength: int

    def to_dict(self) -> dict[str, Any]:
        return {"response_turn": self.response_turn, "strength": self.strength}


@dataclass(frozen=True, slots=True)
class Apologies:
    """The sorry ledger: every apology is counted once, in one of the three."""

    bare: int = 0
    completed: int = 0
    repeated: int = 0

    def to_dict(self) -> dict[str, int]:
        return {"bare": self.bare, "completed": self.completed, "repeated": self.repeated}


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether the interaction can be scored at all, and if not, why."""

    scorable: bool
    reasons: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {"scorable": self.scorable, "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Score:
    """Mean weight of the moments, 0 to 100; None (never 0) where there was nothing to score."""

    value: float | None
    moments: int

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "moments": self.moments}


@dataclass(frozen=True, slots=True)
class EngineId:
    """Which engine and which definition pack made a pre-score."""

    name: str
    version: str
    definitions: str

    def to_dict(self) -> dict[str, str]:
        return {"name": self.name, "version": self.version, "definitions": self.definitions}


@dataclass(frozen=True, slots=True)
class PreScore:
    """Everything the engine found in one interaction."""

    engine: EngineId
    fitness: Fitness
    turns: tuple[ScoredTurn, ...] = ()
    moments: tuple[Moment, ...] = ()
    volunteered: tuple[Volunteered, ...] = ()
    apologies: Apologies = field(default_factory=Apologies)
    score: Score = field(default_factory=lambda: Score(None, 0))

    def to_dict(self, *, reasons: bool = False) -> dict[str, Any]:
        """The contract's pre-score without external_id and channel.

        With `reasons=True` every "evidence" has a list "reasons" beside it, one for each range.
        """
        return {
            "engine": self.engine.to_dict(),
            "fitness": self.fitness.to_dict(),
            "turns": [turn.to_dict(reasons=reasons) for turn in self.turns],
            "moments": [moment.to_dict() for moment in self.moments],
            "volunteered": [found.to_dict() for found in self.volunteered],
            "apologies": self.apologies.to_dict(),
            "score": self.score.to_dict(),
        }


def _evidence(spans: tuple[Evidence, ...], reasons: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"evidence": [[span.start, span.end] for span in spans]}
    if reasons:
        shown["reasons"] = [span.reason for span in spans]
    return shown
