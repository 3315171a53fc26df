"""Figures of accuracy, each with its 95 % interval and the number of cases it rests on. Pure.

Shares (precision, recall) have Wilson intervals. F1, kappa and calibration error have percentile
intervals of a bootstrap that draws whole conversations; its seed is fixed, so that the same cases
always give the same figures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from qa.core.rates import FEW, rate
from scorecards.empathy.calibrate import BINS

DRAWS = 1000
SEED = 20_260_101
LEVEL = 0.95
FEWEST_DRAWN = 10  # conversations; with fewer, drawing them anew tells little of what else may come
MOST_DRAWN = 4000  # of more conversations, several are drawn together: memory stays flat

Floats = NDArray[np.float64]
Claim = tuple[float, bool]  # how sure the engine said it was, and whether it was right


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval and the number of cases it rests on; None if there is none.

    `few`: too few cases, or from too few conversations, to lean on.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    few: bool = True


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well one yes-or-no label is found.

    Precision rests on the cases in which it was found, recall and F1 on those that have it.
    """

    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts: a row for each labelled value, a column for each found one."""

    values: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said with a confidence from `low` on: how sure on average, and how often right."""

    low: float
    n: int
    said: float
    right: float


@dataclass(frozen=True)
class Sample:
    """What was looked at, by the conversation each is from, and the draws of conversations."""

    conversations: Sequence[str]

    @cached_property
    def number(self) -> int:
        """How many conversations there are."""
        return len(set(self.conversations))

    @cached_property
    def _group(self) -> NDArray[np.intp]:
        """What each case is drawn together with."""
        names = np.array(self.conversations, dtype=object)
        return np.unique(names, return_inverse=True)[1] % MOST_DRAWN

    @cached_property
    def _weights(self) -> Floats:
        """How often each group is in each bootstrap sample: a row for each sample."""
        groups = min(self.number, MOST_DRAWN)
        generator = np.random.default_rng(SEED)
        drawn = generator.multinomial(groups, np.full(groups, 1 / groups), size=DRAWS)
        return drawn.astype(np.float64)

    def sums(self, columns: Floats, at: Sequence[int] | None = None) -> Floats:
        """The sums of the cases' values in every bootstrap sample: a row for each sample.

        `at` says of each case where in the list its conversation stands; by default they are
        in the same order.
        """
        if not self.conversations:
            return np.zeros((DRAWS, *columns.shape[1:]))
        held = np.zeros((self._weights.shape[1], *columns.shape[1:]))
        np.add.at(held, self._group if at is None else self._group[list(at)], columns)
        return self._weights @ held

    def figure(self, value: float | None, drawn: Floats, n: int) -> Figure:
        """A value with the interval of what the bootstrap samples gave."""
        known = drawn[~np.isnan(drawn)]
        few = n < FEW or self.number < FEWEST_DRAWN
        if value is None or not len(known):
            return Figure(None if value is None else float(value), None, None, n, few)
        low, high = np.percentile(known, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
        return Figure(float(value), float(low), float(high), n, few)


def share(part: int, whole: int) -> Figure:
    """A share with its Wilson interval."""
    found = rate(part, whole)
    return Figure(found.value, found.low, found.high, found.n, found.few)


def label_figures(
    truth: Sequence[bool], said: Sequence[bool], sample: Sample, at: Sequence[int] | None = None
) -> LabelFigures:
    """How well a label is found."""
    labelled, found = np.array(truth, dtype=np.float64), np.array(said, dtype=np.float64)
    both, either = labelled * found, labelled + found
    value = 2 * both.sum() / either.sum() if either.sum() else None
    drawn = sample.sums(np.column_stack([both, either]), at)
    return LabelFigures(
        precision=share(int(both.sum()), int(found.sum())),
        recall=share(int(both.sum()), int(labelled.sum())),
        f1=sample.figure(value, ratio(2 * drawn[:, 0], drawn[:, 1]), int(labelled.sum())),
    )


def kappa(
    gold: Sequence[str],
    found: Sequence[str],
    values: Sequence[str],
    sample: Sample,
    at: Sequence[int] | None = None,
) -> Figure:
    """Cohen's kappa; no value where only one value was ever used."""
    if not gold:
        return Figure(None, None, None, 0)
    value = None if len({*gold, *found}) == 1 else float(cohen_kappa_score(gold, found))
    return sample.figure(value, drawn_kappas(gold, found, values, sample, at), len(gold))


def drawn_kappas(
    gold: Sequence[str],
    found: Sequence[str],
    values: Sequence[str],
    sample: Sample,
    at: Sequence[int] | None = None,
) -> Floats:
    """Cohen's kappa in every bootstrap sample at once."""
    place = {value: number for number, value in enumerate(values)}
    rows, columns = (
        np.eye(len(values))[[place[g] for g in gold]],
        np.eye(len(values))[[place[f] for f in found]],
    )
    same = (rows * columns).sum(axis=1)
    n, agreed = sample.sums(np.column_stack([np.ones(len(gold)), same]), at).T
    chance = (sample.sums(rows, at) * sample.sums(columns, at)).sum(axis=1)
    chance = ratio(chance, n**2)
    return ratio(ratio(agreed, n) - chance, 1 - chance)


def confusion(gold: Iterable[str], found: Iterable[str], values: Sequence[str]) -> Confusion:
    """How often each value was found where each was labelled."""
    place = {value: at for at, value in enumerate(values)}
    counts = np.zeros((len(values), len(values)), dtype=int)
    for g, f in zip(gold, found, strict=True):
        counts[place[g], place[f]] += 1
    return Confusion(tuple(values), tuple(tuple(int(n) for n in row) for row in counts))


def reliability(claims: Iterable[Claim]) -> tuple[Bin, ...]:
    """The claims by how sure they were."""
    held: dict[int, list[Claim]] = {}
    for said, right in claims:
        held.setdefault(_bin(said), []).append((said, right))
    return tuple(
        Bin(
            at / BINS,
            len(inside),
            sum(said for said, _ in inside) / len(inside),
            sum(right for _, right in inside) / len(inside),
        )
        for at, inside in sorted(held.items())
    )


def calibration_error(claims: Sequence[Claim], sample: Sample, at: Sequence[int]) -> Figure:
    """Expected calibration error: mean distance of confidence and share right, in ten bins."""
    if not claims:
        return Figure(None, None, None, 0)
    gaps = np.array([said - right for said, right in claims])
    in_bin = np.eye(BINS)[[_bin(said) for said, _ in claims]]
    value = float(np.abs(gaps @ in_bin).sum() / len(claims))
    drawn = sample.sums(np.column_stack([gaps[:, None] * in_bin, np.ones(len(claims))]), at)
    errors = ratio(np.abs(drawn[:, :BINS]).sum(axis=1), drawn[:, BINS])
    return sample.figure(value, errors, len(claims))


def ratio(above: Floats, below: Floats) -> Floats:
    """One by the other; not a number where there is nothing to divide by."""
    shares: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=shares, where=below > 0)
    return shares


def _bin(said: float) -> int:
    return min(int(said * BINS), BINS - 1)
