"""The manager's dashboard: the right numbers, in words, with filters, for the right people."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser
from tests.scored import scored
from tests.world import confirm_review, make_interaction, make_review

pytestmark = pytest.mark.usefixtures("engine")


STATUS_OF = {
    "dashboard/": {
        "nobody": 302,
        "mallory": 404,
        "alex": 403,
        "dana": 403,
        "mona": 200,
        "ada": 200,
    },
    "moments/": {"nobody": 302, "mallory": 404, "alex": 403, "dana": 200, "mona": 200, "ada": 200},
    "agents/": {"nobody": 302, "mallory": 404, "alex": 403, "dana": 200, "mona": 200, "ada": 200},
}


@pytest.mark.parametrize("path", STATUS_OF)
def test_who_may_see_the_numbers(
    by_hand: Organization, signed_in: Browser, request: pytest.FixtureRequest, path: str
) -> None:
    address = f"/o/larkfield/{path}"
    if path == "agents/":
        address += f"{scored(by_hand, agent='a-1').agent_id}/"
    for name, status in STATUS_OF[path].items():
        caller = None if name == "nobody" else request.getfixturevalue(name)
        assert signed_in(caller).get(address).status_code == status, name
        assert signed_in(caller).post(address).status_code in {302, 405}, name


def test_the_sentence_says_what_was_counted_by_hand(
    by_hand: Organization, mona: Membership, signed_in: Browser
) -> None:
    answer = signed_in(mona).get("/o/larkfield/dashboard/?period=4w")
    overview = answer.context["overview"]
    assert overview.now.counts == {
        "empathy_2": 2,
        "empathy_1": 1,
        "sympathy_only": 1,
        "missed": 2,
        "dismissed": 1,
    }
    assert (overview.now.empathy.count, overview.now.n) == (3, 7)
    # Wilson's formula for 3 of 7
    assert overview.now.empathy.low == pytest.approx(0.1582, abs=1e-4)
    assert overview.now.empathy.high == pytest.approx(0.7495, abs=1e-4)
    assert (overview.before.empathy.count, overview.before.n) == (1, 2)
    statement = re.search(r'class="statement">(.*?)</p>', answer.content.decode(), re.DOTALL)
    assert statement
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", statement[1])).replace("\xa0", " ")
    assert words.strip() == (
        "Customers showed 7 feelings in the last 4 weeks: 43 % (16\N{EN DASH}75) "
        "were met with empathy. The 4 weeks before: 50 %."
    )


def test_work_counts_interactions(
    by_hand: Organization, mona: Membership, dana: Membership, signed_in: Browser
) -> None:
    scored(by_hand, subject="unfit")
    make_review(dana, scored(by_hand, ("fear", "missed", 0)), confirmed=True)
    work = signed_in(mona).get("/o/larkfield/dashboard/?period=4w").context["overview"].work
    assert (work.interactions, work.scorable, work.reviewed) == (6, 5, 1)
    assert (work.prescored_only, work.not_scorable) == (5, 1)


def test_feelings_hard_and_good(
    by_hand: Organization, mona: Membership, signed_in: Browser
) -> None:
    overview = signed_in(mona).get("/o/larkfield/dashboard/?period=4w").context["overview"]
    assert [(f.emotion, f.mix.n, f.mix.empathy.count) for f in overview.negative] == [
        ("anger", 2, 1),
        ("fear", 2, 1),
        ("sadness", 1, 0),
    ]
    assert [(f.emotion, f.mix.n, f.mix.empathy.count) for f in overview.positive] == [
        ("happiness", 1, 1),
        ("relief", 1, 0),
    ]


def test_agents_with_the_period_before(
    by_hand: Organization, mona: Membership, signed_in: Browser
) -> None:
    answer = signed_in(mona).get("/o/larkfield/dashboard/?period=4w")
    rows = answer.context["agents"]
    assert "no change" in answer.content.decode()
    assert [
        (row.name, row.work.interactions, row.mix.n, row.mix.empathy.count, row.change)
        for row in rows
    ] == [
        ("Alex Finch", 2, 4, 2, 0),
        ("Bo Reed", 1, 2, 1, None),
        ("No agent", 1, 1, 0, None),
    ]
    sort = "/o/larkfield/dashboard/?period=4w&sort=missed"
    assert [row.name for row in signed_in(mona).get(sort).context["agents"]] == [
        "No agent",
        "Alex Finch",
        "Bo Reed",
    ]


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("period=4w", 7),
        ("period=12w", 9),
        ("period=year", 9),
        ("", 9),
        ("period=4w&channel=chat", 2),
        ("period=4w&team=none", 1),
        ("period=4w&by=day", 7),
    ],
)
def test_filters_narrow_the_numbers(
    by_hand: Organization, mona: Membership, signed_in: Browser, query: str, n: int
) -> None:
    overview = signed_in(mona).get(f"/o/larkfield/dashboard/?{query}").context["overview"]
    assert overview.now.n == n
    assert sum(stretch.mix.n for stretch in overview.stretches) == n


def test_days_and_a_team_narrow_the_numbers(
    by_hand: Organization, mona: Membership, signed_in: Browser
) -> None:
    today = timezone.now().date()
    browser = signed_in(mona)
    days = f"from={today - timedelta(days=3)}&to={today - timedelta(days=2)}"
    assert browser.get(f"/o/larkfield/dashboard/?{days}").context["overview"].now.n == 4
    rows = browser.get("/o/larkfield/dashboard/").context["form"].fields["team"].choices
    sales = next(pk for pk, name in rows if name == "Sales")
    found = browser.get(f"/o/larkfield/dashboard/?period=4w&team={sales}").context["overview"]
    assert found.now.n == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-05-02&to=2026-05-01", "The end date is before the start date."),
        ("from=2020-05-02&to=2026-05-01", "two years or less"),
        ("from=yesterday", "From: Enter a valid date."),
        ("from=0001-01-01", "From: Ensure this value is greater"),
        ("to=9999-12-31", "To: Ensure this value is less"),
        ("team=%00", "Team: Select a valid choice"),
        ("channel=fax&period=century&sort=%3Cscript%3E", "Channel: Select a valid choice"),
    ],
)
def test_what_cannot_be_used_is_named_and_left_out(
    by_hand: Organization, mona: Membership, signed_in: Browser, query: str, words: str
) -> None:
    answer = signed_in(mona).get(f"/o/larkfield/dashboard/?{query}")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["overview"].now.n == 9, "the last twelve weeks are shown instead"


def test_one_open_end_of_a_period_is_enough(
    by_hand: Organization, mona: Membership, signed_in: Browser
) -> None:
    today = timezone.now().date()
    browser = signed_in(mona)
    since = browser.get(f"/o/larkfield/dashboard/?from={today - timedelta(days=2)}")
    assert since.context["overview"].now.n == 4
    until = browser.get(f"/o/larkfield/dashboard/?to={today - timedelta(days=3)}")
    assert until.context["overview"].now.n == 3
    future = browser.get(f"/o/larkfield/dashboard/?from={today + timedelta(days=3)}")
    assert future.context["overview"].now.n == 0


def test_empty_pages_say_what_to_do(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    browser = signed_in(mona)
    for path, words in (
        ("dashboard/", "Nothing has been scored yet"),
        ("moments/", "No moments yet"),
        ("moments/?outcome=missed", "No matches"),
    ):
        html = browser.get(f"/o/larkfield/{path}").content.decode()
        assert words in html
    scored(larkfield, ("fear", "missed", 0), days_ago=200)
    html = browser.get("/o/larkfield/dashboard/?period=4w").content.decode()
    assert "Nothing was scored in the last 4 weeks." in html
    scored(larkfield, days_ago=2)
    html = browser.get("/o/larkfield/dashboard/?period=4w").content.decode()
    assert "Customers showed no feelings in 1 conversation" in html


def test_hostile_names_and_words_stay_text(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    kept = scored(
        larkfield, ("fear", "missed", 0), name=hostile, team=hostile, words=hostile, agent="a-9"
    )
    browser = signed_in(mona)
    for path in ("dashboard/", "moments/", f"agents/{kept.agent_id}/"):
        html = browser.get(f"/o/larkfield/{path}").content.decode()
        assert "<img" not in html, path
        assert "onerror" in html, path


@pytest.mark.parametrize("path", ["dashboard/", "dashboard/?period=4w&by=day&sort=missed"])
def test_the_dashboard_asks_as_often_for_two_agents_as_for_twenty(
    larkfield: Organization,
    mona: Membership,
    signed_in: Browser,
    path: str,
) -> None:
    browser = signed_in(mona)
    assert queries(browser, path, larkfield, 2) == queries(browser, path, larkfield, 20)


def queries(browser: Client, path: str, organization: Organization, agents: int) -> int:
    for number in range(agents):
        scored(
            organization,
            ("fear", "missed", 0),
            ("relief", "empathy", 2),
            agent=f"q-{agents}-{number}",
            name=f"Agent {number}",
            team=f"Team {number}",
            days_ago=number + 1,
        )
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(f"/o/{organization.slug}/{path}").status_code == 200
    return len(asked)


def test_the_time_of_a_review_is_the_median_of_those_confirmed(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    for number, seconds in enumerate((60, 130, 900)):
        interaction = make_interaction(
            larkfield, external_id=f"c-{number}", started_at=timezone.now().isoformat()
        )
        review = make_review(dana, interaction)
        with tenant(larkfield.id):
            Review.objects.visible_to(dana).filter(pk=review.pk).update(active_s=seconds)
        confirm_review(review, dana)
    page = signed_in(mona).get("/o/larkfield/dashboard/?period=4w").content.decode()
    assert "02:1" in page.partition("Median review time")[2][:40]
