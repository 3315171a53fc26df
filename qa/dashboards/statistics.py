"""The limits of a funnel plot and the intervals of means, by scipy. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from qa.core.rates import CONFIDENCE, FEW

LEAST = 3  # values: of fewer no interval is claimed
LIMITS = (0.001, 0.025, 0.975, 0.999)  # 99.8 % and 95 %


def funnel_limits(share: float, sizes: list[int]) -> list[list[float]]:
    """Between which shares chance alone keeps a group of each size whose true share is `share`.

    Four values a size: lower 99.8 %, lower 95 %, upper 95 %, upper 99.8 %. Exact binomial
    quantiles, smoothed between the two neighbouring counts (Spiegelhalter 2005, appendix A.1).
    """
    n = np.asarray(sizes, dtype=float)[:, None]
    p = np.asarray(LIMITS)[None, :]
    upper = stats.binom.ppf(p, n, share)
    above, below = stats.binom.cdf(upper, n, share), stats.binom.cdf(upper - 1, n, share)
    step = (above - p) / np.where(above > below, above - below, 1)
    limits: list[list[float]] = np.clip((upper - step) / n, 0, 1).tolist()
    return limits


def differ(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """True if two shares (count, n) differ by more than chance does (Fisher's exact test)."""
    table = np.array([[count, n - count] for count, n in (one, other)])
    return bool(stats.fisher_exact(table).pvalue < 1 - CONFIDENCE)


@dataclass(frozen=True, slots=True)
class Mean:
    """The average of `n` scores with its 95 % interval; no ends where too few, or all the same."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def few(self) -> bool:
        """True if there are too few to lean on."""
        return self.n < FEW


def means(groups: Sequence[Sequence[float]]) -> list[Mean]:
    """Average each group of scores (0…100), with Student's interval, all of them at once."""
    sizes = np.array([len(group) for group in groups], dtype=float)
    middle = np.array([np.mean(group) if group else 0.0 for group in groups])
    error = np.array([stats.sem(group) if len(group) >= LEAST else 0.0 for group in groups])
    told = error > 0
    freedom = np.where(told, sizes - 1, 1)
    margin = np.asarray(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    low, high = middle - margin, middle + margin
    return [
        Mean(
            len(group),
            float(middle[i]) if group else None,
            max(0.0, float(low[i])) if told[i] else None,
            min(100.0, float(high[i])) if told[i] else None,
        )
        for i, group in enumerate(groups)
    ]
