"""The list that every number opens."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser, walk
from tests.scored import scored
from tests.world import confirm_review, make_review

pytestmark = pytest.mark.usefixtures("engine")


def test_words_outcome_and_confidence_are_shown(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    kept = scored(larkfield, ("fear", "sympathy_only", 0), words="the <b>lights</b> went out")
    html = signed_in(mona).get("/o/larkfield/moments/").content.decode()
    assert "the &lt;b&gt;lights&lt;/b&gt; went out" in html
    assert '<mark class="ev ev--cue" data-emotion="fear" title="Feeling: a test">' in html
    assert "Sympathy only" in html
    assert "80\xa0% sure" in html
    assert f"/o/larkfield/interactions/{kept.pk}/#turn-1" in html


def test_the_persons_decision_stands_beside_the_machines(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    review = make_review(dana, scored(larkfield, ("fear", "missed", 0), ("anger", "missed", 0)))
    with tenant(larkfield.id):
        first, second = review.moments.order_by("cue_turn")
        reviews.change(first, by=dana, emotion="fear", outcome="empathy", strength=1, reason="tone")
        reviews.reject(second, by=dana)
        reviews.add_moment(
            review, by=dana, cue_turn=5, emotion="relief", outcome="missed", strength=0
        )
    confirm_review(review, dana)
    browser = signed_in(mona)
    answer = browser.get("/o/larkfield/moments/")
    shown = [
        (moment.emotion, moment.counted.outcome, moment.machine)
        for moment in answer.context["moments"]
    ]
    assert [(emotion, outcome) for emotion, outcome, _ in shown] == [
        ("relief", "missed"),
        ("fear", "empathy"),
    ]
    html = answer.content.decode()
    assert "changed to:" in html
    assert "added by the reviewer" in html
    assert "There was no reply." in html
    assert walk(browser, "/o/larkfield/moments/?settled=machine") == 0
    assert walk(browser, "/o/larkfield/moments/?settled=people&outcome=empathy_1") == 1


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("outcome=empathy", 2),
        ("outcome=empathy_2", 1),
        ("outcome=empathy_1", 1),
        ("outcome=not_met", 2),
        ("emotion=anger", 2),
        ("emotion=anger&outcome=missed", 1),
        ("channel=email", 0),
        ("agent=none", 0),
        ("team=none", 0),
    ],
)
def test_filters(
    larkfield: Organization, mona: Membership, signed_in: Browser, query: str, n: int
) -> None:
    scored(larkfield, ("anger", "empathy", 2), ("anger", "missed", 0), ("fear", "empathy", 1))
    scored(larkfield, ("relief", "dismissed", 0), ("relief", "sympathy_only", 0))
    browser = signed_in(mona)
    answer = browser.get(f"/o/larkfield/moments/?{query}")
    assert answer.status_code == 200
    assert answer.context["counted"] == n
    assert walk(browser, f"/o/larkfield/moments/?{query}") == n


@pytest.mark.parametrize(
    "query", ["agent=nobody", "outcome=bliss", "from=2026-02-30", "older=x~y~z", "older=1~2"]
)
def test_bad_filters_and_places_never_fail(
    larkfield: Organization, mona: Membership, signed_in: Browser, query: str
) -> None:
    scored(larkfield, ("anger", "missed", 0))
    answer = signed_in(mona).get(f"/o/larkfield/moments/?{query}")
    assert answer.status_code == (200 if "older" in query else 422)
    assert len(answer.context["moments"]) == 1


def test_pages_older_and_newer_show_every_moment_once(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    feelings = [("anger", "missed", 0), ("fear", "empathy", 2), ("relief", "sympathy_only", 0)]
    for number in range(16):
        kept = scored(larkfield, *feelings, days_ago=number % 5 + 1)
        if number % 3 == 0:
            make_review(dana, kept, confirmed=True)
    browser = signed_in(mona)
    address, pages = "/o/larkfield/moments/", []
    while address:
        answer = browser.get(address)
        pages.append([moment.key for moment in answer.context["moments"]])
        older = answer.context["page"].older_url
        address = f"/o/larkfield/moments/{older}" if older else ""
    keys = [key for page in pages for key in page]
    assert keys == sorted(set(keys), reverse=True)
    assert len(keys) == 48
    for before, page in zip(reversed(pages[:-1]), reversed(pages[1:]), strict=True):
        back = browser.get(f"/o/larkfield/moments/{answer.context['page'].newer_url}")
        assert [moment.key for moment in back.context["moments"]] == before, page[0]
        answer = back
    assert answer.context["page"].newer_url == ""


def test_as_many_queries_for_two_moments_as_for_twenty(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    browser = signed_in(mona)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/o/larkfield/moments/").status_code == 200
        return len(queries)

    make_review(dana, scored(larkfield, ("anger", "missed", 0)), confirmed=True)
    scored(larkfield, ("anger", "missed", 0))
    few = asked()
    for number in range(18):
        kept = scored(larkfield, ("anger", "missed", 0), agent=f"a-{number}")
        if number % 2:
            make_review(dana, kept, confirmed=True)
    assert asked() == few


def test_the_agents_page_shows_trend_examples_and_reviews(
    by_hand: Organization, dana: Membership, signed_in: Browser
) -> None:
    kept = scored(by_hand, ("fear", "empathy", 2), words="a kind word", days_ago=2)
    make_review(dana, kept, confirmed=True)
    browser: Client = signed_in(dana)
    answer = browser.get(f"/o/larkfield/agents/{kept.agent_id}/?period=4w")
    overview = answer.context["overview"]
    assert (overview.now.n, overview.now.empathy.count) == (5, 3)
    assert (overview.before.n, overview.before.empathy.count) == (2, 1)
    examples = answer.context["examples"]
    assert [example.counted.strength for example in examples["best"]] == [2, 2]
    assert [example.counted.outcome for example in examples["missed"]] == ["missed"]
    assert [review.interaction_id for review in answer.context["reviews"]] == [kept.pk]
    assert "a kind word" in answer.content.decode()
