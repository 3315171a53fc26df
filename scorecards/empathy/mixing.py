"""From what the phrases found and what the network read to calibrated probabilities.

Each yes-or-no question (is there a cue, sympathy, empathy, is it specific, dismissal) is a logistic
regression on two numbers: the network's log-odds and whether the phrases say so. Fitted in training
on predictions for conversations that the network had not seen, so that the result is a probability
and not a boast. The coefficients lie in reader.json beside the weights.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from scorecards.empathy.model import Cue, Response
from scorecards.empathy.network import Floats, Reading

# The order of the network's outputs; "none" is the last.
EMOTIONS: Final = (
    "frustration", "anger", "disappointment", "fear", "sadness", "suspicion", "confusion",
    "happiness", "surprise", "excitement", "relief",
)  # fmt: skip
QUESTIONS: Final = ("cue", "sympathy", "empathy", "specific", "dismissal")


@dataclass(frozen=True, slots=True)
class Weighing:
    """One question's coefficients: of the network's log-odds, of the phrases, and the rest."""

    network: float
    phrases: float
    bias: float

    def probability(self, log_odds: float, phrases: float) -> float:
        total = self.network * log_odds + self.phrases * phrases + self.bias
        return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))


@dataclass(frozen=True, slots=True)
class Mixing:
    """The coefficients of reader.json.

    `emotion` weighs the network's and the phrases' feelings against each other; `rules` is how
    often each group of phrases was right about the feeling, in log-odds; `routine` is how
    seldom a turn that the gate held back carries a cue or a mark; `outcomes` maps the computed
    probability of an outcome to the share that proved right, as (computed, right) points.
    """

    questions: Mapping[str, Weighing]
    emotion: Weighing
    rules: Mapping[str, float]
    routine: Mapping[str, float]
    outcomes: Sequence[tuple[float, float]]

    def outcome(self, computed: float) -> float:
        """The calibrated probability of an outcome."""
        at, right = zip(*self.outcomes, strict=True)
        return float(np.interp(computed, at, right))


def read_mixing(folder: Path) -> Mixing:
    """The coefficients of a folder of weights."""
    stored = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    return Mixing(
        questions={name: Weighing(**stored["questions"][name]) for name in QUESTIONS},
        emotion=Weighing(**stored["emotion"]),
        rules=stored["rules"],
        routine=stored["routine"],
        outcomes=[(float(a), float(b)) for a, b in stored["outcomes"]],
    )


def log_odds(reading: Reading, question: str) -> float:
    """The network's log-odds that the answer to a question is yes."""
    scores = reading.scores
    if question == "cue":
        return float(_log_sum(scores["emotion"][:-1]) - scores["emotion"][-1])
    if question == "empathy":
        return float(_log_sum(scores["empathy"][1:]) - scores["empathy"][0])
    if question == "specific":
        return float(scores["empathy"][2] - scores["empathy"][1])
    return float(scores[question])


def said_by_phrases(question: str, found: Cue | Response | None) -> float:
    """1 where the phrases answer yes."""
    if question == "cue":
        return float(found is not None)
    if not isinstance(found, Response):
        return 0.0
    if question == "specific":
        return float(found.empathy.level > 1)
    return float(getattr(found, question).level > 0)


def clearest(readings: Sequence[Reading], question: str) -> Reading:
    """Of a long turn's windows the one that answers yes most clearly."""
    return max(readings, key=lambda reading: log_odds(reading, question))


def emotions(
    reading: Reading, found: Cue | None, weighing: Weighing, rules: Mapping[str, float]
) -> Floats:
    """A probability for each feeling, given that there is one.

    What the phrases say counts by how often their group was right.
    """
    scores = weighing.network * reading.scores["emotion"][:-1]
    if found is not None and found.emotion in EMOTIONS:
        scores = scores.copy()
        right = rules.get(group_of(found), 0.0)
        scores[EMOTIONS.index(found.emotion)] += weighing.phrases * right + weighing.bias
    shares: Floats = np.exp(scores - _log_sum(scores))
    return shares


def group_of(found: Cue) -> str:
    """The group of phrases that a cue rests on most."""
    return found.rule.partition("|")[0]


def _log_sum(values: Floats) -> float:
    top = values.max()
    return float(top + np.log(np.exp(values - top).sum()))
