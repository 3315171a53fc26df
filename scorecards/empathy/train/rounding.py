"""Which whole numbers stand for the weights and for the numbers between the layers.

Weights have seven bits: two products of an eight-bit number and a weight stay below 2^15 together,
so that no processor's instruction for eight-bit sums can overflow, and every sum is exact.
Where a function (exp, GELU) maps rounded numbers to rounded numbers, it has few inputs; the steps
are chosen so that none of its results lies near the edge of two roundings. Implementations of exp
and GELU that differ in their last bits then still give the same whole numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scorecards.empathy.train.parameters import Array, Dense
from scorecards.empathy.train.ranges import ATTENTION_HEADS, WIDTH, gelu

LEAST, MOST = -64, 63  # of a weight
EIGHT: Final = 127  # of a number between layers, either way
SHARES: Final = 255  # the likeliest word's share in attention
SHRUNK: Final = (1.0, 0.95, 0.9, 0.85, 0.8)
LOWEST: Final = 3.3  # below, GELU is taken as constant
HIGHEST: Final = 5.0  # a column that goes above is carried on by another
SAG: Final = 0.17  # the least value of GELU
SURE_EXP: Final = 2e-6  # of the result: ten times what implementations differ by
SURE_GELU: Final = 1e-3  # of a step


@dataclass(frozen=True, slots=True)
class Rounded:
    """Seven-bit weights, the step of each column, and the bias counted in such steps."""

    weight: Array
    step: Array
    bias: Array


def rounded(dense: Dense) -> Rounded:
    """The weights of each column in the steps that lose least."""
    largest = np.abs(dense.weight).max(axis=0)
    full = np.where(largest > 0, largest, 1) / -LEAST
    steps = [full * share for share in SHRUNK]
    losses = [((_whole(dense.weight, s) * s - dense.weight) ** 2).sum(axis=0) for s in steps]
    best = np.argmin(losses, axis=0)
    step = np.choose(best, steps).astype(np.float32)
    bias = np.round(dense.bias / step).astype(np.int32)
    return Rounded(_whole(dense.weight, step).astype(np.int8), step, bias)


def _whole(weight: Array, step: Array) -> Array:
    return np.clip(np.round(weight / step), LEAST, MOST)


def bytes_of(table: Array) -> tuple[Array, float, int]:
    """A table of embeddings as unsigned bytes, its step and its zero point."""
    low, high = min(float(table.min()), 0.0), max(float(table.max()), 0.0)
    step = (high - low) / 255
    zero = round(-low / step)
    whole = np.clip(np.round(table / step) + zero, 0, 255).astype(np.uint8)
    return whole, float(np.float32(step)), zero


def steps_of_attention(largest: Array) -> tuple[Array, Array]:
    """The step of each column of query, key and value; and of a score, one for each head.

    In a head the steps of a query's and its key's column multiply to the same for all columns, so
    that sums of whole products are scores.
    """
    columns = largest.reshape(3, ATTENTION_HEADS, WIDTH) / EIGHT
    columns = np.maximum(columns, 1e-6)
    products = (columns[0] * columns[1]).max(axis=1)
    scores = np.array([_sure_score(p / np.sqrt(WIDTH)) for p in products], np.float32)
    wanted = (scores.astype(np.float64) * np.sqrt(WIDTH))[:, None]
    grown = np.sqrt(wanted / (columns[0] * columns[1]))
    return np.stack([columns[0] * grown, columns[1] * grown, columns[2]]), scores


def _sure_score(least: float) -> float:
    """The first step from `least` on with which every share is clearly one whole number."""
    for tried in range(100_000):
        step = np.float32(least * (1 + tried * 1e-5))
        below = np.arange(int(np.log(4 * SHARES) / step) + 2).astype(np.float32) * -step
        shares = np.exp(below.astype(np.float64)) / np.float64(np.float32(1 / SHARES))
        if (_from_edge(shares) > shares * SURE_EXP).all():
            return float(step)
    raise ValueError("no step of a score keeps its shares away from the edges")


@dataclass(frozen=True, slots=True)
class Curve:
    """The steps and zero points of the numbers before and after GELU."""

    before: float
    before_zero: int
    after: float
    after_zero: int
    highest: float


def curve_of(largest: Array) -> Curve:
    """The steps that the numbers of a layer ask for, each result clearly one whole number."""
    highest = min(HIGHEST, float(largest.max()))
    for tried in range(10_000):
        top = highest * (1 + tried * 1e-4)
        before = np.float32((top + LOWEST) / 255)
        after = np.float32((top + SAG) / 255)
        zero, after_zero = round(LOWEST / float(before)), round(SAG / float(after))
        results = gelu((np.arange(256) - zero).astype(np.float32) * before) / np.float64(after)
        if (_from_edge(results) > SURE_GELU).all():
            return Curve(
                float(before), zero, float(after), after_zero, float((255 - zero) * before)
            )
    raise ValueError("no steps of GELU keep its results away from the edges")


def _from_edge(numbers: Array) -> Array:
    """How far each number is from being rounded to another."""
    distance: Array = np.abs(numbers - np.floor(numbers) - 0.5)
    return distance


def carried_on(dense: Dense, narrow: Dense, largest: Array, highest: float) -> tuple[Dense, Dense]:
    """The two dense steps with columns for what goes above `highest`.

    Of a number n · highest above the first, the further columns take what the ones before them
    could not hold: GELU of a large number is the number.
    """
    columns, biases = [np.arange(len(largest))], [dense.bias]
    further = 1
    while (above := np.flatnonzero(largest > further * highest)).size:
        columns.append(above)
        biases.append(dense.bias[above] - further * highest)
        further += 1
    every = np.concatenate(columns)
    wider = Dense(dense.weight[:, every], np.concatenate(biases))
    return wider, Dense(narrow.weight[every], narrow.bias)
