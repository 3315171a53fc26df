"""The limits of the funnel: they narrow, hold the share, and stay within nothing and all."""

import pytest

from qa.dashboards.statistics import funnel_limits


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
    assert all(0 <= limit <= 1 for row in funnel_limits(share, [1, 7, 50]) for limit in row)
