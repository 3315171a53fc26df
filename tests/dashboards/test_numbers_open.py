"""Every number of the dashboard opens the moments it counts; charts and tables agree."""

import re
from urllib.parse import parse_qs

import pytest

from qa import pipeline
from qa.core.errors import Conflict
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews.models import Review, ReviewMoment
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser, page_json, parsed, walk
from tests.scored import scored
from tests.world import answer_card, make_review

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("query", ["period=4w", "period=4w&by=day", "period=year"])
def test_the_charts_have_the_numbers_of_the_tables(
    by_hand: Organization, mona: Membership, signed_in: Browser, query: str
) -> None:
    html = signed_in(mona).get(f"/o/larkfield/dashboard/?{query}").content.decode()
    tables = parsed(html).tables
    chart = page_json(html, "mix-data")
    rows = [
        [label, *(str(series["values"][at]) for series in chart["series"])]
        for at, label in enumerate(chart["labels"])
    ]
    assert [row[:-1] for row in tables["mix-table"][1:]] == rows
    assert [row[-1] for row in tables["mix-table"][1:]] == [
        str(sum(series["values"][at] for series in chart["series"])) for at in range(len(rows))
    ]
    funnel = page_json(html, "funnel-data")
    assert [row[:3] for row in tables["funnel-table"][1:]] == [
        [point["name"], str(point["n"]), str(point["count"])] for point in funnel["points"]
    ]


def test_what_nobody_is_named_for_stays_out_of_the_funnel(
    by_hand: Organization, mona: Membership, signed_in: Browser
) -> None:
    browser, address = signed_in(mona), "/o/larkfield/dashboard/?period=4w"
    before = page_json(browser.get(address).content.decode(), "funnel-data")
    scored(by_hand, *[("fear", "missed", 0)] * 9, days_ago=5, agent="")
    after = page_json(browser.get(address).content.decode(), "funnel-data")
    assert after == before


def test_every_number_opens_what_it_counts(
    by_hand: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    make_review(dana, scored(by_hand, ("fear", "missed", 0), days_ago=5), confirmed=True)
    browser = signed_in(mona)
    links = parsed(browser.get("/o/larkfield/dashboard/?period=4w").content.decode()).links
    opened = 0
    for href, text in links:
        number = re.search(r"\d+", text)
        if number is None or "%" in text:
            continue
        page = browser.get(href)
        if "/moments/?" in href:
            assert page.context["counted"] == int(number[0]), (href, text)
            assert walk(browser, href) == int(number[0]), (href, text)
            opened += 1
        elif "/interactions/?" in href:
            assert len(page.context["rows"]) == int(number[0]), (href, text)
            opened += 1
    assert opened >= 28


def test_shares_open_the_moments_they_are_made_of(
    by_hand: Organization, mona: Membership, signed_in: Browser
) -> None:
    browser = signed_in(mona)
    overview = browser.get("/o/larkfield/dashboard/?period=4w").context["overview"]
    for feeling in [*overview.negative, *overview.positive]:
        address = f"/o/larkfield/moments/?{feeling.mix.query}&outcome=empathy"
        assert walk(browser, address) == feeling.mix.empathy.count
        assert parse_qs(feeling.mix.query)["emotion"] == [feeling.emotion]


def test_a_review_moves_the_numbers_once(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    kept = scored(larkfield, ("fear", "missed", 0))
    browser = signed_in(mona)

    def counts() -> tuple[dict[str, int], int]:
        overview = browser.get("/o/larkfield/dashboard/").context["overview"]
        return overview.now.counts, overview.work.reviewed

    assert counts() == ({"missed": 1}, 0)
    review = make_review(dana, kept)
    assert counts() == ({"missed": 1}, 0), "a draft counts for nothing"
    signed_in(dana)
    settle(review, dana)
    browser = signed_in(mona)
    assert counts() == ({"empathy_2": 1}, 1)
    with pytest.raises(Conflict, match="already been submitted"):
        settle(review, dana)
    assert counts() == ({"empathy_2": 1}, 1)


def settle(review: Review, by: Membership) -> None:
    """Change the one moment to specific empathy and submit."""
    with tenant(by.organization_id):
        moment = ReviewMoment.objects.visible_to(by).get(review=review)
        reviews.change(
            moment, by=by, emotion="fear", outcome="empathy", strength=2, reason="other_words"
        )
        answer_card(review, by)
        pipeline.confirm(review, by=by)


def test_other_organizations_are_not_counted(
    by_hand: Organization,
    elsewhere: Organization,
    mallory: Membership,
    mona: Membership,
    signed_in: Browser,
) -> None:
    foreign = scored(elsewhere, ("fear", "missed", 0))
    browser = signed_in(mona)
    assert browser.get("/o/larkfield/dashboard/").context["overview"].now.n == 9
    assert walk(browser, "/o/larkfield/moments/") == 9
    assert browser.get(f"/o/larkfield/agents/{foreign.agent_id}/").status_code == 404
    assert walk(browser, f"/o/larkfield/moments/?agent={foreign.agent_id}") == 0
    assert signed_in(mallory).get("/o/elsewhere/dashboard/").context["overview"].now.n == 1
