"""The trend says how sure it is: nothing from a few feelings, and no difference that is chance."""

from datetime import date, timedelta

import pytest
from django.test import Client

from qa.dashboards.figures import Mix, Overview, Stretch, Work
from qa.dashboards.scope import Bin, Scope
from qa.organizations.models import Membership, Organization
from tests.dashboards.reading import Browser
from tests.scored import scored

TODAY = date(2026, 11, 2)


def told(now: tuple[int, int], before: tuple[int, int], *weeks: tuple[int, int]) -> Overview:
    """An overview of so many met with empathy, and missed."""

    def mix(pair: tuple[int, int]) -> Mix:
        return Mix({"empathy_2": pair[0], "missed": pair[1]})

    days = [Bin(TODAY + timedelta(7 * n), TODAY + timedelta(7 * n + 6)) for n in range(len(weeks))]
    stretches = [Stretch(day, mix(week)) for day, week in zip(days, weeks, strict=True)]
    return Overview(Scope.of_period("12w", TODAY), mix(now), mix(before), Work(), stretches)


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        ((2, 1), (1, 2), "too few"),
        ((12, 8), (10, 10), "About the same"),
        ((38, 2), (10, 30), "More than"),
        ((4, 36), (30, 10), "Less than"),
    ],
)
def test_the_words_claim_only_what_chance_does_not_do(
    now: tuple[int, int], before: tuple[int, int], says: str
) -> None:
    assert says in told(now, before).trend_words


def test_a_week_with_three_feelings_has_no_point() -> None:
    found = told((8, 5), (1, 1), (2, 1), (4, 0), (2, 4))
    assert found.trend_points == 2
    assert [value is None for value in found.trend_data["series"][0]["values"]] == [
        True,
        False,
        False,
    ]


def test_the_agents_start_page_shows_their_own(
    engine: None, larkfield: Organization, alex: Membership, signed_in: Browser, client: Client
) -> None:
    for days in (1, 2, 9, 10):
        moments = [("fear", "empathy", 2), ("anger", "missed", 0), ("fear", "empathy", 1)]
        scored(larkfield, *moments, days_ago=days)
    scored(larkfield, ("fear", "missed", 0), agent="a-2", name="Bo Reed")
    page = signed_in(alex).get("/o/larkfield/feedback/")
    assert page.context["trend"].now.n == 12
    text = " ".join(page.content.decode().split())
    assert "You met 8 of 12 feelings with empathy." in text
    assert "too few feelings to say" in text
