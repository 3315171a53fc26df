"""Intervals and limits come from scipy; these values were worked out from the formula."""

import pytest

from qa.dashboards.statistics import funnel_limits, rate


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    # R: prop.test(count, n, correct = FALSE)$conf.int
    [
        (3, 4, 0.3006, 0.9544),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (61, 100, 0.5121, 0.6998),
    ],
)
def test_a_rate_has_its_wilson_interval(count: int, n: int, low: float, high: float) -> None:
    found = rate(count, n)
    assert (found.low, found.high) == (
        pytest.approx(low, abs=1e-3),
        pytest.approx(high, abs=1e-3),
    )
    assert found.value == count / n
    assert found.few == (n < 20)


def test_nothing_counted_has_no_rate() -> None:
    assert rate(0, 0).value is None
    assert rate(0, 0).low is None


def test_limits_narrow_with_the_number_of_cases_and_hold_the_share() -> None:
    limits = funnel_limits(0.6, [5, 20, 80, 320])
    for low_998, low_95, high_95, high_998 in limits:
        assert 0 <= low_998 <= low_95 < 0.6 < high_95 <= high_998 <= 1
    widths = [high - low for _, low, high, _ in limits]
    assert widths == sorted(widths, reverse=True)
    # The normal approximation is good at 320 cases.
    assert limits[-1][1] == pytest.approx(0.6 - 1.96 * (0.24 / 320) ** 0.5, abs=0.005)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_limits_at_the_ends_stay_between_nothing_and_all(share: float) -> None:
    assert all(0 <= one <= 1 for row in funnel_limits(share, [1, 7, 50]) for one in row)
