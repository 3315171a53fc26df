"""How far many readers agree: pairs that say the same, and Krippendorff's alpha. Pure.

A unit is one thing that several people have judged: a customer's turn, a feeling, a question of
one conversation. Alpha (Krippendorff 2011) is computed by the library krippendorff. Judgements of
one conversation are alike, so its interval comes from a bootstrap that draws whole conversations;
below `CONVERSATIONS` of them there is none.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import krippendorff
import numpy as np
from scipy import stats

FEW: Final = 10  # judgements below which there is no alpha
CONVERSATIONS: Final = 5
DRAWS: Final = 200
SEED: Final = 20_261_101
EDGES: Final = (0.025, 0.975)

Value = str | float
Level = Literal["nominal", "ordinal", "interval"]


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


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval (Wilson)."""

    count: int
    n: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


def agreement(units: Sequence[Unit], *, level: Level = "nominal") -> Agreement:
    """Over all units; `level` is nominal, or ordinal or interval where the values are numbers."""
    judged = [one for one in units if len(one.said) > 1]
    values = sorted({value for one in judged for value in one.said.values()})
    judgements = sum(len(one.said) for one in judged)
    pairs = sum(_pairs(len(one.said)) for one in judged)
    same = sum(sum(map(_pairs, Counter(one.said.values()).values())) for one in judged)
    counted = Agreement(len(judged), judgements, pairs, same, uniform=len(values) == 1)
    if judgements < FEW or len(values) < 2:
        return counted
    table = np.array([[_count(one, value) for value in values] for one in judged])
    alpha = _alpha(table, values, level)
    low, high = _interval(table, [one.conversation for one in judged], values, level)
    return replace(counted, alpha=alpha, low=low, high=high)


def rate(count: int, n: int) -> Rate:
    """A share of n, with its interval."""
    if not n:
        return Rate(count, n)
    found = stats.binomtest(count, n).proportion_ci(0.95, method="wilson")
    return Rate(count, n, count / n, float(found.low), float(found.high))


def majority(said: Sequence[Value]) -> Value | None:
    """What more than half of the readers say; None where no answer has that many."""
    if not said:
        return None
    value, count = Counter(said).most_common(1)[0]
    return value if 2 * count > len(said) and len(said) > 1 else None


def _pairs(number: int) -> int:
    return number * (number - 1) // 2


def _count(unit: Unit, value: Value) -> int:
    return sum(one == value for one in unit.said.values())


def _alpha(table: Any, values: Sequence[Value], level: Level) -> float | None:
    if (table.sum(axis=0) > 0).sum() < 2:
        return None
    found = krippendorff.alpha(
        value_counts=table,
        value_domain=list(values) if level != "nominal" else list(range(len(values))),
        level_of_measurement=level,
    )
    return None if np.isnan(found) else float(found)


def _interval(
    table: Any, conversations: Sequence[int], values: Sequence[Value], level: Level
) -> tuple[float | None, float | None]:
    places = np.array(conversations)
    distinct = np.unique(places)
    if len(distinct) < CONVERSATIONS:
        return None, None
    rows = {one: np.flatnonzero(places == one) for one in distinct}
    chance = np.random.default_rng(SEED)
    found = []
    for _ in range(DRAWS):
        drawn = np.concatenate([rows[one] for one in chance.choice(distinct, len(distinct))])
        alpha = _alpha(table[drawn], values, level)
        if alpha is not None:
            found.append(alpha)
    if len(found) < DRAWS / 2:
        return None, None
    low, high = np.quantile(found, EDGES)
    return float(low), float(high)
