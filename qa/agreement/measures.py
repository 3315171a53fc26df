"""How far two readers agree beyond chance: three coefficients with intervals. Pure.

A table counts judgements: a row for each value of the machine, a column for each of the person.
Judgements of one interaction are alike, so intervals come from a bootstrap that draws whole
interactions (percentiles of `DRAWS` samples; the seed is fixed, so that the same data always give
the same figures).

- Cohen's kappa (Cohen 1960), by scikit-learn.
- Krippendorff's alpha, nominal (Krippendorff 2011), by qa/agreement/alpha.py.
- Gwet's AC1 (Gwet 2008, "Computing inter-rater reliability and its variance in the presence of
  high agreement", equations 5 and 6). The one library that has it, irrCAC, pins another scipy.

In the samples all three are computed at once from the tables; tests hold kappa against the
library and the others against published examples.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.metrics import cohen_kappa_score

from qa.agreement.alpha import Floats, alphas

DRAWS: Final = 400
SEED: Final = 20_261_101
LEVEL: Final = 0.95
FEW: Final = 10  # judgements below which there is no figure


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient with its 95 % interval; no value where it cannot be said."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readers agree on one label, over `n` judgements."""

    n: int
    same: int
    kappa: Figure = Figure()
    ac1: Figure = Figure()
    alpha: Figure = Figure()


def agreement(tables: Floats) -> Agreement:
    """The agreement over interactions; `tables` has the shape (interactions, values, values)."""
    whole = tables.sum(axis=0)
    n, same = int(whole.sum()), int(np.trace(whole))
    if n < FEW:
        return Agreement(n, same)
    drawn = samples(tables)
    return Agreement(
        n,
        same,
        kappa=figure(_kappa(whole), kappas(drawn)),
        ac1=figure(ac1s(whole[None])[0], ac1s(drawn)),
        alpha=figure(alphas(in_pairs(whole[None]))[0], alphas(in_pairs(drawn))),
    )


def gap(shown: Floats, blind: Floats) -> Figure:
    """By how much kappa is higher where the machine's answers are shown than where they are not."""
    if shown.sum() < FEW or blind.sum() < FEW:
        return Figure()
    value = _kappa(shown.sum(axis=0)) - _kappa(blind.sum(axis=0))
    return figure(value, kappas(samples(shown)) - kappas(samples(blind, 1)))


def samples(tables: Floats, stream: int = 0) -> Floats:
    """Tables of bootstrap samples that draw whole interactions: (draws, values, values)."""
    count, values = len(tables), tables.shape[1]
    chance = np.random.default_rng([SEED, stream])
    weights = chance.multinomial(count, np.full(count, 1 / count), size=DRAWS)
    drawn: Floats = (weights @ tables.reshape(count, -1)).reshape(DRAWS, values, values)
    return drawn


def kappas(tables: Floats) -> Floats:
    """Cohen's kappa of each table; NaN where both only ever say one value."""
    shares = _shares(tables)
    by_chance = (shares.sum(axis=2) * shares.sum(axis=1)).sum(axis=1)
    return _beyond(shares, by_chance)


def ac1s(tables: Floats) -> Floats:
    """Gwet's AC1 of each table."""
    shares = _shares(tables)
    usual = (shares.sum(axis=2) + shares.sum(axis=1)) / 2
    by_chance = (usual * (1 - usual)).sum(axis=1) / (tables.shape[1] - 1)
    return _beyond(shares, by_chance)


def in_pairs(tables: Floats) -> Floats:
    """Alpha's matrices of coincidences: every judgement is a pair of readers, in both orders."""
    return tables + tables.transpose(0, 2, 1)


def figure(value: float, drawn: Floats) -> Figure:
    """A value with the interval of its samples; none where half of them have no value."""
    if np.isnan(value):
        return Figure()
    known = drawn[~np.isnan(drawn)]
    if len(known) < DRAWS / 2:
        return Figure(float(value))
    edge = (1 - LEVEL) / 2
    low, high = np.quantile(known, (edge, 1 - edge))
    return Figure(float(value), float(low), float(high))


def _shares(tables: Floats) -> Floats:
    total = tables.sum(axis=(1, 2), keepdims=True)
    shares: Floats = tables / np.where(total > 0, total, 1)
    return shares


def _beyond(shares: Floats, by_chance: Floats) -> Floats:
    same = np.trace(shares, axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(by_chance < 1, (same - by_chance) / (1 - by_chance), np.nan)
    return found


def _kappa(table: Floats) -> Any:
    """Cohen's kappa by the library; NaN where both only ever say one value."""
    machine, person = np.indices(table.shape).reshape(2, -1)
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        return np.nan
    return cohen_kappa_score(machine, person, sample_weight=table.ravel())
