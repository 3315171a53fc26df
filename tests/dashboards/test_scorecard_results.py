"""Scorecard results: averages with intervals, and every number opens the reviews it counts."""

import io
import re
import zipfile
from datetime import UTC
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa import pipeline
from qa.dashboards.scope import preset_days
from qa.dashboards.scorecard_results import Part, parts_of
from qa.dashboards.statistics import means
from qa.organizations.calendar import Calendar
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews import queue
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.tenancy.context import tenant
from scorecards import card as cards
from tests.dashboards.reading import Browser
from tests.scored import scored
from tests.world import answer_card

PAGE = "/o/larkfield/scores/?period=12w"
LIST = "/o/larkfield/scores/reviews/"


def reviewed(
    dana: Membership,
    value: str = "yes",
    *,
    outcome: tuple[str, str, int] = ("fear", "empathy", 2),
    **call: object,
) -> Review:
    """A review in which every question has this answer."""
    interaction = scored(dana.organization, outcome, **call)  # type: ignore[arg-type]
    with tenant(dana.organization_id):
        review = queue.claim(interaction.pk, by=dana)
        pending = ReviewMoment.objects.visible_to(dana).filter(
            review=review, decision=Decision.PENDING
        )
        reviews.accept(review, list(pending), by=dana)
        answer_card(review, dana, value)
        return pipeline.confirm(review, by=dana)


@pytest.fixture
def results(engine: None, larkfield: Organization, dana: Membership) -> Organization:
    """Five reviews: four of Alex, two of which went badly, and one of Bo."""
    for days, value in ((1, "yes"), (2, "yes"), (3, "no"), (4, "no")):
        reviewed(dana, value, days_ago=days)
    reviewed(dana, days_ago=3, agent="a-2", name="Bo Reed", team="Sales")
    return larkfield


def rows_behind(browser: Client, address: str) -> int:
    """How many reviews a list shows on all of its pages; its own count says the same."""
    shown, counted = 0, None
    while address:
        page = browser.get(address)
        assert page.status_code == 200, address
        counted = page.context["counted"]
        shown += len(page.context["page"].rows)
        older = page.context["page"].older_url
        address = urlsplit(address).path + older if older else ""
    assert shown == counted
    return shown


@pytest.mark.usefixtures("results")
def test_every_number_opens_the_reviews_that_it_counts(
    mona: Membership, signed_in: Browser
) -> None:
    browser = signed_in(mona)
    page = browser.get(PAGE)
    names = [sheet.name for sheet in page.context["sheets"]]
    assert names[:4] == ["scores-agents", "scores-teams", "scores-cards", "scores-sections"]
    opened = 0
    for sheet in page.context["sheets"]:
        for row in sheet.rows:
            for column, cell in zip(sheet.columns, row, strict=True):
                if column.kind == "number" and cell.href:
                    assert rows_behind(browser, cell.href) == cell.value, (sheet.name, cell)
                    opened += 1
    assert opened > 12
    assert rows_behind(browser, page.context["all_reviews"]) == 5


@pytest.mark.usefixtures("results")
def test_agents_and_their_averages(mona: Membership, signed_in: Browser) -> None:
    browser = signed_in(mona)
    sheets = {sheet.name: sheet for sheet in browser.get(PAGE).context["sheets"]}
    alex, bo = sheets["scores-agents"].rows
    assert (alex[0].value, alex[1].value, bo[0].value, bo[1].value) == (
        "Alex Finch",
        4,
        "Bo Reed",
        1,
    )
    assert alex[2].low < alex[2].value < alex[2].high
    assert bo[2].low is None, "nothing is claimed from one review"


@pytest.mark.usefixtures("results")
def test_filters_narrow_and_are_kept_in_the_address(mona: Membership, signed_in: Browser) -> None:
    browser = signed_in(mona)
    with tenant(mona.organization_id):
        sales = Review.objects.get(interaction__team__name="Sales").interaction
    narrowed = browser.get(f"{PAGE}&team={sales.team_id}").context
    assert len(narrowed["found"].reviews) == 1
    assert len(browser.get(f"{PAGE}&agent={sales.agent_id}").context["found"].reviews) == 1
    assert f"team={sales.team_id}" in narrowed["all_reviews"]
    wrong = browser.get("/o/larkfield/scores/?from=2026-02-01&to=2026-01-01&team=nobody")
    assert wrong.status_code == 422


def test_nothing_reviewed_says_so(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    assert "No reviews of conversations from" in signed_in(mona).get(PAGE).content.decode()


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_table_comes_as_a_file(kind: str, mona: Membership, signed_in: Browser) -> None:
    browser = signed_in(mona)
    with tenant(mona.organization_id):
        agent = Review.objects.filter(interaction__team__name="Sales").get().interaction.agent
        assert agent
        agent.name = '=HYPERLINK("http://x.example")'
        agent.save()
    for name in (
        "scores-agents",
        "scores-questions",
        "scores-causes",
        "dashboard-agents",
        "dashboard-time",
        "dashboard-feelings",
        "ledger-agents",
        "ledger-teams",
        "reviewers",
        "backlog",
        "coverage",
        "agents",
    ):
        answer = browser.get(f"/o/larkfield/tables/{name}.{kind}?period=12w")
        assert answer.status_code == 200, name
        assert f"{name}-" in answer["Content-Disposition"]
        if kind == "xlsx":
            with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        else:
            assert not re.search(r"(^|,|\")=HYPERLINK", answer.content.decode(), re.M), name
    assert browser.get(f"/o/larkfield/tables/nothing.{kind}").status_code == 404
    assert browser.get("/o/larkfield/tables/agents.pdf").status_code == 404


def test_a_wrong_role_gets_403_and_a_stranger_404(
    larkfield: Organization, dana: Membership, mallory: Membership, signed_in: Browser
) -> None:
    for page in (PAGE, LIST, "/o/larkfield/tables/agents.csv", "/o/larkfield/reviewers/"):
        assert signed_in(dana).get(page).status_code == 403, page
        assert signed_in(mallory).get(page).status_code == 404, page


@pytest.mark.parametrize(
    "page", [PAGE, LIST, "/o/larkfield/reviewers/", "/o/larkfield/agents/", "/o/larkfield/ledger/"]
)
def test_as_many_queries_for_two_reviews_as_for_eight(
    page: str, engine: None, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert signed_in(mona).get(page).status_code == 200
        return len(found)

    said = ["Volunteers 1: a kind word", "Sorry bare: sorry"]
    for number in range(2):
        reviewed(
            dana, "no", agent=f"a-{number}", name=f"Agent {number}", team=f"T{number}", said=said
        )
    queries()
    few = queries()
    for number in range(2, 8):
        reviewed(
            dana, "no", agent=f"a-{number}", name=f"Agent {number}", team=f"T{number}", said=said
        )
    assert queries() <= few


def test_means_claim_nothing_from_two_and_stay_on_the_scale() -> None:
    none, two, same, spread = means([[], [10.0, 90.0], [100.0] * 5, [90.0, 100.0, 100.0, 60.0]])
    assert (none.n, none.value) == (0, None)
    assert (two.value, two.low) == (50.0, None)
    assert (same.value, same.low) == (100.0, None)
    assert spread.low is not None
    assert spread.high == 100.0


def test_presets_go_by_the_organizations_week() -> None:
    calendar = Calendar(UTC, 6)
    start, end = preset_days("week", calendar)
    assert start.weekday() == 6
    assert (end - start).days < 7
    first, last = preset_days("month", calendar)
    assert first.day == 1
    assert (last.toordinal() + 1) == end.replace(day=1).toordinal()
    assert preset_days("quarter", calendar)[0].month in {1, 4, 7, 10}


CARD = {
    "name": "Conduct",
    "moments_weight": 0,
    "sections": [
        {
            "title": "Opening",
            "weight": 100,
            "questions": [
                {"id": "name", "text": "Gave a name", "weight": 1, "causes": ["Forgot"]},
                {"id": "safe", "text": "Checked who calls", "weight": 1, "critical": "card"},
                {"id": "asked", "text": "Asked", "weight": 1,
                 "when": {"question": "name", "answers": ["yes"]}},
            ],
        }
    ],
}  # fmt: skip


def test_a_review_speaks_of_its_sections_questions_causes_and_failures() -> None:
    answers = {
        "name": {"value": "no", "cause": "Forgot"},
        "safe": {"value": "no"},
        "asked": {"value": "yes"},
    }
    parts = parts_of("c", cards.read(CARD), answers)
    assert parts == {
        Part("section", "c", "Opening"): 0.0,
        Part("question", "c", "name"): 0.0,
        Part("low", "c", "name"): None,
        Part("cause", "c", "name", "Forgot"): None,
        Part("question", "c", "safe"): 0.0,
        Part("low", "c", "safe"): None,
        Part("failed", "c", "safe"): None,
        Part("failed"): None,
    }, "what was not asked is left out"
