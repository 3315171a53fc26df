"""Shares with their intervals and the limits of a funnel plot, by scipy. Pure."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
LIMITS = (0.001, 0.025, 0.975, 0.999)  # 99.8 % and 95 %
FEW = 20


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `n` with the 95 % interval (Wilson); no value where nothing was counted."""

    count: int
    n: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def few(self) -> bool:
        """Too few cases to lean on."""
        return self.n < FEW


@lru_cache(maxsize=8192)
def rate(count: int, n: int) -> Rate:
    """A share with its Wilson interval."""
    if n <= 0:
        return Rate(count, 0, None, None, None)
    interval = stats.binomtest(count, n).proportion_ci(CONFIDENCE, method="wilson")
    return Rate(count, n, count / n, float(interval.low), float(interval.high))


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
