"""A share with its 95 % interval: the one place where Wilson's is asked for. Pure."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from scipy import stats

CONFIDENCE: Final = 0.95
FEW: Final = 20


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `n` with the 95 % interval (Wilson); no value where nothing was counted."""

    count: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def few(self) -> bool:
        """True if there are too few cases to lean on."""
        return self.n < FEW


@lru_cache(maxsize=8192)
def rate(count: int, n: int) -> Rate:
    """Give the share with its interval, by scipy."""
    if n <= 0:
        return Rate(count, 0)
    interval = stats.binomtest(count, n).proportion_ci(CONFIDENCE, method="wilson")
    return Rate(count, n, count / n, float(interval.low), float(interval.high))
