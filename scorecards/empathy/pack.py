"""Definition packs: the codebook as data, as the engines use it. pack_file.py reads the files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scorecards.empathy.phrases import Phrase

MARKS = ("sympathy", "empathy", "dismissal")


class PackError(ValueError):
    """A definition pack that cannot be used; the message lists every fault with its place."""


@dataclass(frozen=True, slots=True)
class Emotion:
    """One value of the cue: what it is called, what customers show, and an example."""

    value: str
    label: str
    shows: str
    example: str
    positive: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that say the same. `about` is an emotion (cues) or a mark (responses)."""

    name: str
    about: str
    reason: str
    points: float
    level: int
    negation: bool
    apology: bool
    when_customer: str
    unless_customer: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Groups, and for each word key the (group, phrase) pairs worth trying."""

    groups: tuple[Group, ...]
    by_key: Mapping[str, tuple[tuple[int, Phrase], ...]]
    always: tuple[tuple[int, Phrase], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Something a customer may have said or shown that an agent's words depend on."""

    name: str
    emotions: frozenset[str]
    index: Index


@dataclass(frozen=True, slots=True)
class Calibration:
    """Share of right judgements by value and rule, and by value for rules that were never seen.

    Values are "cue:1" (there is a feeling), "emotion:anger" and so on, "sympathy:0",
    "sympathy:1" and so on for each mark, and "outcome:missed" and so on. Made by calibrate.py.
    """

    rules: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)

    def confidence(self, value: str, rule: str) -> float:
        """Calibrated probability that `value`, stated because of `rule`, is right."""
        known = self.rules.get(f"{value}|{rule}", self.values.get(value, 0.5))
        return round(known, 3)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a pack, and that of its calibration table (empty: there is none)."""

    text: str
    calibration: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a pack's figures are read by: the points of each outcome, and its feelings."""

    weights: Mapping[str, float]
    positive: frozenset[str]
    negative: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pack:
    """A definition pack, checked and compiled. Immutable, shared by all threads."""

    id: str
    title: str
    language: str
    emotions: tuple[Emotion, ...]
    marks: Mapping[str, Mapping[str, Any]]
    weights: Mapping[str, float]
    response_turns: int
    same_turn: str
    thresholds: Mapping[str, float]
    decision: Mapping[str, float]
    reasons: Mapping[str, str]
    signals: Mapping[str, float]
    common_words: frozenset[str]
    language_words: frozenset[str]
    emoji: Mapping[str, int]
    cues: Index
    responses: Index
    neutral_cues: Index
    neutral_responses: Index
    agent_phrases: Index
    contexts: Mapping[str, Context]
    calibration: Calibration
    source: Source | None = field(default=None, repr=False)  # None: not made from text

    @property
    def positive(self) -> frozenset[str]:
        return self.scale.positive

    @property
    def scale(self) -> Scale:
        return scale_of(self.weights, self.emotions)


def scale_of(weights: Mapping[str, float], emotions: Sequence[Emotion]) -> Scale:
    """The scale of a pack with these points and feelings."""
    positive = frozenset(emotion.value for emotion in emotions if emotion.positive)
    return Scale(weights, positive, frozenset(emotion.value for emotion in emotions) - positive)
