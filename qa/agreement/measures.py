"""How far two readers agree beyond chance: three coefficients with intervals. Pure.

A table counts judgements: a row for each value of the machine, a column for each of the person.
Judgements of one interaction are alike, so intervals come from a bootstrap that draws whole
interactions (percentiles of `DRAWS` samples; the seed is fixed, so that the same data always give
the same figures).

- Cohen's kappa (Cohen 1960), by scikit-learn.
- Krippendorff's alpha, nominal (Krippendorff 2011), by krippendorff.
- Gwet's AC1 (Gwet 2008, "Computing inter-rater reliability and its variance in the presence of
  high agreement", equations 5 and 6). The one library that has it, irrCAC, pins another scipy.

In the samples all three are computed at once from the tables; tests hold that against the
libraries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import krippendorff
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

DRAWS: Final = 400
SEED: Final = 20_261_101
LEVEL: Final = 0.95
FEW: Final = 10  # judgements below which there is no figure

Floats = NDArray[np.float64]
Coefficient = Callable[[Floats], Floats]


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
        kappa=_figure(_kappa(whole), kappas(drawn)),
        ac1=_figure(_value(ac1s(whole[None])[0]), ac1s(drawn)),
        alpha=_figure(_alpha(whole), alphas(drawn)),
    )


def gap(shown: Floats, blind: Floats) -> Figure:
    """By how much kappa is higher where the machine's answers are shown than where they are not."""
    if shown.sum() < FEW or blind.sum() < FEW:
        return Figure()
    values = _kappa(shown.sum(axis=0)), _kappa(blind.sum(axis=0))
    if values[0] is None or values[1] is None:
        return Figure()
    return _figure(values[0] - values[1], kappas(samples(shown)) - kappas(samples(blind, 1)))


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


def alphas(tables: Floats) -> Floats:
    """Krippendorff's alpha, nominal, of each table; NaN where only one value is ever said."""
    pairs = tables + tables.transpose(0, 2, 1)  # the matrix of coincidences
    said = pairs.sum(axis=2)
    total = said.sum(axis=1)
    differ = total - np.trace(pairs, axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = (total**2 - (said**2).sum(axis=1)) / (total - 1)
        found: Floats = np.where(expected > 0, 1 - differ / expected, np.nan)
    return found


def _shares(tables: Floats) -> Floats:
    total = tables.sum(axis=(1, 2), keepdims=True)
    shares: Floats = tables / np.where(total > 0, total, 1)
    return shares


def _beyond(shares: Floats, by_chance: Floats) -> Floats:
    same = np.trace(shares, axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(by_chance < 1, (same - by_chance) / (1 - by_chance), np.nan)
    return found


def _kappa(table: Floats) -> float | None:
    machine, person = np.indices(table.shape).reshape(2, -1)
    if len(set(_said(table))) < 2:
        return None
    return _value(cohen_kappa_score(machine, person, sample_weight=table.ravel()))


def _alpha(table: Floats) -> float | None:
    if len(set(_said(table))) < 2:
        return None
    units = np.zeros((table.size, len(table)))
    machine, person = np.indices(table.shape).reshape(2, -1)
    np.add.at(units, (np.arange(table.size), machine), 1)
    np.add.at(units, (np.arange(table.size), person), 1)
    repeated = np.repeat(units, table.ravel().astype(int), axis=0)
    return _value(krippendorff.alpha(value_counts=repeated, level_of_measurement="nominal"))


def _said(table: Floats) -> Sequence[int]:
    found: list[int] = np.flatnonzero(table.sum(axis=0) + table.sum(axis=1)).tolist()
    return found


def _value(number: Any) -> float | None:
    return None if np.isnan(number) else float(number)


def _figure(value: float | None, drawn: Floats) -> Figure:
    known = drawn[~np.isnan(drawn)]
    if value is None or len(known) < DRAWS / 2:
        return Figure(value)
    edge = (1 - LEVEL) / 2
    low, high = np.quantile(known, (edge, 1 - edge))
    return Figure(value, float(low), float(high))
