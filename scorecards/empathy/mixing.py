"""From what the phrases found and what the network read to calibrated probabilities.

Each yes-or-no question (is there a cue, sympathy, empathy, is it specific, dismissal) is a logistic
regression on two numbers: the network's log-odds and whether the phrases say so. Fitted in training
on predictions for conversations that the network had not seen, so that the result is a probability
and not a boast. The coefficients lie in reader.json beside the weights.

Implementations of exp and log differ in their last bit. So `chance` rounds each probability, and
`log_odds` its result, at once: what decides and what is stored is the rounded number. From there on
there are only single products and sums, which have one result.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from scorecards.empathy.model import Cue, Response
from scorecards.empathy.network import Prediction

# The order of the network's outputs; "none" is the last.
EMOTIONS: Final = (
    "frustration", "anger", "disappointment", "fear", "sadness", "suspicion", "confusion",
    "happiness", "surprise", "excitement", "relief",
)  # fmt: skip
QUESTIONS: Final = ("cue", "sympathy", "empathy", "specific", "dismissal")
DECIMALS: Final = 3  # of a probability
FINE_DECIMALS: Final = 9  # of log-odds, far above what exp and log leave open
MOST_TOTAL: Final = 30.0


@dataclass(frozen=True, slots=True)
class Weighing:
    """One question's coefficients: of the network's log-odds, of the phrases, and the rest."""

    network: float
    phrases: float
    bias: float

    def probability(self, log_odds: float, phrases: float) -> float:
        return chance(self.network * log_odds + self.phrases * phrases + self.bias)


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
        """The calibrated probability of an outcome: between two points, on their straight line."""
        for (left, low), (right, high) in pairwise(self.outcomes):
            if computed <= right:
                return low + (high - low) * ((computed - left) / (right - left))
        return self.outcomes[-1][1]


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


def log_odds(reading: Prediction, question: str) -> float:
    """The network's log-odds that the answer to a question is yes."""
    scores = reading.scores
    if question == "cue":
        return _log_sum(scores["emotion"][:-1]) - scores["emotion"][-1]
    if question == "empathy":
        return _log_sum(scores["empathy"][1:]) - scores["empathy"][0]
    if question == "specific":
        return scores["empathy"][2] - scores["empathy"][1]
    return scores[question][0]


def said_by_phrases(question: str, found: Cue | Response | None) -> float:
    """1 where the phrases answer yes; of specific empathy -1 where they found generic words."""
    if question == "cue":
        return float(found is not None)
    if not isinstance(found, Response):
        return 0.0
    if question == "specific":
        return float(found.empathy.level > 1) - float(found.empathy.level == 1)
    return float(getattr(found, question).level > 0)


def clearest(readings: Sequence[Prediction], question: str) -> Prediction:
    """Of a long turn's windows the one that answers yes most clearly."""
    return max(readings, key=lambda reading: log_odds(reading, question))


def emotions(
    reading: Prediction, found: Cue | None, weighing: Weighing, rules: Mapping[str, float]
) -> list[float]:
    """A probability for each feeling, given that there is one."""
    shares = emotion_log_shares(reading, found, weighing, rules)
    return [round(math.exp(share), DECIMALS) for share in shares]


def emotion_log_shares(
    reading: Prediction, found: Cue | None, weighing: Weighing, rules: Mapping[str, float]
) -> list[float]:
    """The logarithms of these probabilities.

    What the phrases say counts by how often their group was right.
    """
    scores = [weighing.network * score for score in reading.scores["emotion"][:-1]]
    if found is not None and found.emotion in EMOTIONS:
        right = rules.get(group_of(found), 0.0)
        scores[EMOTIONS.index(found.emotion)] += weighing.phrases * right + weighing.bias
    total = _log_sum(scores)
    return [score - total for score in scores]


def chance(log_odds: float) -> float:
    """The probability of these log-odds, rounded: it decides, and it is what is stored."""
    held = max(-MOST_TOTAL, min(MOST_TOTAL, log_odds))
    return round(1 / (1 + math.exp(-held)), DECIMALS)


def group_of(found: Cue) -> str:
    """The group of phrases that a cue rests on most."""
    return found.rule.partition("|")[0]


def _log_sum(values: Sequence[float]) -> float:
    """The logarithm of the sum of the numbers with these logarithms, rounded."""
    top = max(values)
    return round(top + math.log(math.fsum(math.exp(v - top) for v in values)), FINE_DECIMALS)
