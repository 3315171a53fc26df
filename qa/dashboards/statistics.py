"""The limits of a funnel plot, by scipy. Pure."""

import numpy as np
from scipy import stats

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
