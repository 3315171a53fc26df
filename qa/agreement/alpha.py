"""Krippendorff's alpha: how far any number of readers agree beyond chance. Pure.

After Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability". A unit is one thing that
was read. Where `m` readers gave it a value, each ordered pair of their values counts 1 / (m - 1)
in the matrix of coincidences `o`; a unit with one value counts nowhere. With `n_c` the sum of row
`c`, `n` the sum of all, and `d` the distance of two values,

    alpha = 1 - (n - 1) * sum(o_ck * d_ck^2) / sum(n_c * n_k * d_ck^2)

The distance is 1 between any two names, and the difference of two numbers. On a scale of which
only the order is known, Krippendorff counts the values between: sum(n_c … n_k) - (n_c + n_k) / 2.
That is the difference of the two values' mean ranks.

Our own, because the library krippendorff is under the GPL, scikit-learn and scipy have no alpha,
and nltk's knows neither ranks nor a bootstrap at once. Tests hold it against published examples.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval"]


def coincidences(counts: ArrayLike) -> Floats:
    """The matrix of each unit, from how many readers gave it each value.

    (units, values) -> (units, values, values); their sum is that of all units.
    """
    given = np.asarray(counts, dtype=np.float64)
    others = given.sum(axis=1) - 1
    pairs = given[:, :, None] * given[:, None, :]
    own = given[:, :, None] * np.eye(given.shape[1])
    found: Floats = (pairs - own) / np.where(others > 0, others, 1)[:, None, None]
    return found


def alphas(matrices: Floats, level: Level = "nominal", values: Sequence[float] = ()) -> Floats:
    """Alpha of each matrix; NaN where only one value is ever said.

    (matrices, values, values) -> (matrices); `values` are the numbers of an interval scale, and
    stand in their order on an ordinal one.
    """
    said = matrices.sum(axis=2)
    squares = _squared_distances(said, level, values)
    differ = (matrices * squares).sum(axis=(1, 2))
    by_chance = (said[:, :, None] * said[:, None, :] * squares).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 1 - (said.sum(axis=1) - 1) * differ / by_chance
    return found


def _squared_distances(said: Floats, level: Level, values: Sequence[float]) -> Floats:
    """How far apart each two values are, for each matrix."""
    if level == "nominal":
        return 1 - np.eye(said.shape[1])[None]
    places = np.asarray(values)[None] if level == "interval" else said.cumsum(axis=1) - said / 2
    squares: Floats = (places[:, :, None] - places[:, None, :]) ** 2
    return squares
