"""Shares and their intervals; the expected ones are those of R."""

import pytest

from qa.core.rates import rate


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    # R: prop.test(count, n, correct = FALSE)$conf.int
    [
        (3, 4, 0.3006, 0.9544),
        (5, 10, 0.2366, 0.7634),
        (8, 10, 0.4902, 0.9433),
        (10, 20, 0.2993, 0.7007),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (61, 100, 0.5121, 0.6998),
    ],
)
def test_a_rate_has_its_wilson_interval(count: int, n: int, low: float, high: float) -> None:
    found = rate(count, n)
    assert (found.count, found.n, found.value) == (count, n, count / n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
    assert found.few == (n < 20)


def test_nothing_counted_has_no_rate() -> None:
    found = rate(0, 0)
    assert (found.value, found.low, found.high, found.few) == (None, None, None, True)
