"""How far many readers agree: pairs that say the same, and Krippendorff's alpha. Pure.

A unit is one thing that several people have judged: a customer's turn, a feeling, a question of
one conversation. Judgements of one conversation are alike, so alpha's interval comes from a
bootstrap that draws whole conversations; below `CONVERSATIONS` of them there is none.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from qa.agreement.alpha import Floats, Level, alphas, coincidences
from qa.agreement.measures import FEW, Figure, figure, samples

CONVERSATIONS: Final = 5

Value = str | float


@dataclass(frozen=True, slots=True)
class Unit:
    """What each reader said of one thing, by reader; those who did not judge it are left out."""

    conversation: int
    said: Mapping[Any, Value]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far readers agree; `alpha` is None where it can't be said."""

    units: int = 0  # judged by two or more
    judgements: int = 0
    pairs: int = 0
    same: int = 0
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    uniform: bool = False  # everybody said one and the same of everything

    @property
    def share(self) -> float | None:
        """Of all pairs of readers on the same unit, those that said the same."""
        return self.same / self.pairs if self.pairs else None

    @property
    def few(self) -> bool:
        return self.judgements < FEW


def agreement(units: Sequence[Unit], *, level: Level = "nominal") -> Agreement:
    """Over all units; `level` is nominal, or ordinal or interval where the values are numbers."""
    judged = [unit for unit in units if len(unit.said) > 1]
    values = sorted({value for unit in judged for value in unit.said.values()})
    judgements = sum(len(unit.said) for unit in judged)
    pairs = sum(_pairs(len(unit.said)) for unit in judged)
    same = sum(sum(map(_pairs, Counter(unit.said.values()).values())) for unit in judged)
    counted = Agreement(len(judged), judgements, pairs, same, uniform=len(values) == 1)
    if judgements < FEW or len(values) < 2:
        return counted
    found = _alpha(judged, values, level)
    return replace(counted, alpha=found.value, low=found.low, high=found.high)


def majority(said: Sequence[Value]) -> Value | None:
    """What more than half of the readers say; None where no answer has that many."""
    if not said:
        return None
    value, count = Counter(said).most_common(1)[0]
    return value if 2 * count > len(said) and len(said) > 1 else None


def _pairs(number: int) -> int:
    return number * (number - 1) // 2


def _count(unit: Unit, value: Value) -> int:
    return sum(said == value for said in unit.said.values())


def _alpha(units: Sequence[Unit], values: Sequence[Value], level: Level) -> Figure:
    each = coincidences([[_count(unit, value) for value in values] for unit in units])
    numbers = [float(value) for value in values] if level == "interval" else []
    value = alphas(each.sum(axis=0, keepdims=True), level, numbers)[0]
    conversations = _by_conversation(each, [unit.conversation for unit in units])
    if len(conversations) < CONVERSATIONS:
        return figure(value, np.array([]))
    return figure(value, alphas(samples(conversations), level, numbers))


def _by_conversation(each: Floats, conversations: Sequence[int]) -> Floats:
    """One matrix for each conversation: the sum of those of its units."""
    distinct, place = np.unique(np.array(conversations), return_inverse=True)
    found = np.zeros((len(distinct), *each.shape[1:]))
    np.add.at(found, place, each)
    return found
