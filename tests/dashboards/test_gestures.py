"""Volunteered empathy and apologies: on the dashboard, on an agent's page, and in their list."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.dashboards.models import Gesture
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews.models import Exposure
from qa.reviews.policy import set_policy
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser, parsed
from tests.scored import scored
from tests.world import confirm_review, make_interaction, make_review
from transcripts.models import Interaction

LIST = "/o/larkfield/gestures/"
DASHBOARD = "/o/larkfield/dashboard/?period=4w"
KIND, WARM = "Volunteers 1: a kind word", "Volunteers 2: a warm word"
MAIL = "Sorry bare repeated repeated repeated: so very sorry"
AGAIN = "This is the third time I've called and nobody helps me!"
IMAGINES = "I can imagine how tiring it must be to call three times."
SORRY = "I'm sorry about that."


@pytest.fixture
def told(engine: None, larkfield: Organization, elsewhere: Organization) -> Interaction:
    """Three volunteered (two of one conversation) and six apologies of Alex; one of each of Bo."""
    scored(larkfield, ("fear", "missed", 0), said=[KIND, WARM, MAIL], days_ago=2)
    scored(larkfield, said=["Sorry completed completed: sorry, it is hard"], channel="chat")
    scored(larkfield, said=[KIND, "Sorry bare: sorry"], agent="a-2", name="Bo Reed", team="Sales")
    scored(larkfield, said=[WARM], days_ago=40)
    scored(elsewhere, said=[WARM, MAIL])
    return scored(larkfield, said=[WARM], days_ago=3)


def listed(browser: Client, address: str) -> Counter[str]:
    """The kinds of what a list shows on all of its pages."""
    kinds: Counter[str] = Counter()
    while address:
        page = browser.get(address)
        assert page.status_code == 200
        kinds.update(one.said.kind for one in page.context["gestures"])
        older = page.context["page"].older_url
        address = urlsplit(address).path + older if older else ""
    return kinds


def opened(browser: Client, page: str) -> int:
    """Open every number of a page that leads to the list, and count what is shown there."""
    links = parsed(browser.get(page).content.decode()).links
    of_gestures = [(href, text) for href, text in links if "/gestures/" in href]
    for href, text in of_gestures:
        counted = browser.get(href).context["counted"]
        if "%" not in text:
            assert re.findall(r"\d+", text) == [str(counted)], href
        assert sum(listed(browser, href).values()) == counted, href
    return len(of_gestures)


@pytest.mark.usefixtures("told")
def test_the_dashboard_counts_them_and_every_number_opens_what_it_counts(
    mona: Membership, signed_in: Browser
) -> None:
    browser = signed_in(mona)
    found = browser.get(DASHBOARD).context["gestures"]
    assert found.counts == {
        "volunteered_2": 2,
        "volunteered_1": 2,
        "completed": 2,
        "bare": 2,
        "repeated": 3,
    }
    assert (found.volunteered, found.conversations, found.apologies) == (4, 3, 7)
    assert (found.completed.count, found.completed.n) == (2, 7)
    assert 0.05 < found.completed.low < 2 / 7 < found.completed.high < 0.65
    assert opened(browser, DASHBOARD) == 8
    narrowed = browser.get(f"{DASHBOARD}&channel=chat").context["gestures"]
    assert narrowed.counts == {"completed": 2}
    assert opened(browser, f"{DASHBOARD}&channel=chat") == 5


def test_the_agents_page_counts_the_agents_own(
    told: Interaction, dana: Membership, signed_in: Browser
) -> None:
    page = f"/o/larkfield/agents/{told.agent_id}/?period=4w"
    browser = signed_in(dana)
    found = browser.get(page).context["gestures"]
    assert (found.volunteered, found.conversations, found.apologies) == (3, 2, 6)
    html = " ".join(browser.get(page).content.decode().split())
    assert "in 2 conversations" in html
    assert "6 apologies</a> came with empathy" in html
    assert opened(browser, page) == 8


def test_a_page_without_any_says_so(
    engine: None,
    larkfield: Organization,
    mona: Membership,
    signed_in: Browser,
) -> None:
    scored(larkfield, ("fear", "missed", 0))
    assert signed_in(mona).get(DASHBOARD).content.decode().count("None in the last 4 weeks.") == 2
    assert "Nothing here yet" in signed_in(mona).get(LIST).content.decode()


def test_the_list_shows_the_words_and_leads_to_the_turn(
    told: Interaction, dana: Membership, signed_in: Browser
) -> None:
    browser = signed_in(dana)
    html = browser.get(f"{LIST}?kind=volunteered_2&agent={told.agent_id}").content.decode()
    assert "Volunteered · specific</h1>" not in html
    assert "Volunteered · specific: Alex Finch" in html
    assert f"/interactions/{told.pk}/#turn-1" in html
    assert '<mark class="ev ev--empathy" title="Empathy">a warm word</mark>' in html
    mail = browser.get(f"{LIST}?kind=repeated").content.decode()
    assert mail.count("so very sorry</mark>") == 3


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 12),
        ("kind=volunteered", 5),
        ("kind=apologies", 7),
        ("kind=bare&team=none", 0),
        ("kind=bare&channel=chat", 0),
        ("agent=none", 0),
    ],
)
def test_filters(mona: Membership, signed_in: Browser, query: str, n: int) -> None:
    browser = signed_in(mona)
    assert browser.get(f"{LIST}?{query}").context["counted"] == n
    assert sum(listed(browser, f"{LIST}?{query}").values()) == n


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("query", ["agent=nobody", "kind=bliss", "from=2026-02-30"])
def test_bad_filters_are_named_and_left_out(
    mona: Membership, signed_in: Browser, query: str
) -> None:
    answer = signed_in(mona).get(f"{LIST}?{query}")
    assert answer.status_code == 422
    assert answer.context["counted"] == 12


@pytest.mark.usefixtures("told")
def test_only_reviewers_and_managers_of_the_organization_read_it(
    dana: Membership, alex: Membership, mallory: Membership, signed_in: Browser
) -> None:
    for caller, status in ((None, 302), (mallory, 404), (alex, 403), (dana, 200)):
        assert signed_in(caller).get(LIST).status_code == status, caller
    with tenant(alex.organization_id):
        own = Gesture.objects.visible_to(alex)
        assert {one.interaction.agent_id for one in own.select_related("interaction")} == {
            alex.agent_id
        }


@pytest.mark.usefixtures("told")
def test_what_waits_for_a_blind_review_is_not_listed_nor_its_number_told(
    dana: Membership, mona: Membership, larkfield: Organization, signed_in: Browser
) -> None:
    with tenant(larkfield.id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    browser = signed_in(dana)
    assert browser.get(LIST).context["counted"] is None
    assert not listed(browser, LIST)
    with tenant(larkfield.id):
        assert not Exposure.objects.visible_to(mona).exists()
    browser = signed_in(mona)
    assert browser.get(LIST).context["counted"] == 12
    with tenant(larkfield.id):
        seen = Exposure.objects.visible_to(mona).filter(member=mona)
        assert seen.count() == 5, "a manager whom the list shows it reviews none of it blind"


def test_as_many_queries_for_two_as_for_twenty(
    engine: None,
    larkfield: Organization,
    mona: Membership,
    signed_in: Browser,
) -> None:
    browser = signed_in(mona)

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        return len(queries)

    scored(larkfield, ("fear", "missed", 0), said=[KIND, "Sorry bare: sorry"])
    few = [asked(LIST), asked(DASHBOARD)]
    for _ in range(9):
        scored(larkfield, ("fear", "missed", 0), said=[KIND, "Sorry bare: sorry"])
    assert [asked(LIST), asked(DASHBOARD)] == few


def talk(organization: Organization, *texts: str) -> Interaction:
    """A conversation that the real engine reads, the customer first."""
    roles = ("customer", "agent")
    turns = [{"role": roles[n % 2], "text": text} for n, text in enumerate(texts)]
    return make_interaction(organization, turns=turns)


def kinds(organization: Organization) -> list[tuple[int, str]]:
    with tenant(organization.id):
        rows = Gesture.objects.visible_to(System(organization.id)).order_by("turn", "id")
        return list(rows.values_list("turn", "kind"))


def test_a_review_settles_what_was_volunteered_and_what_became_of_apologies(
    larkfield: Organization, dana: Membership
) -> None:
    kept = talk(larkfield, AGAIN, SORRY, AGAIN, IMAGINES)
    assert kinds(larkfield) == [(1, "bare")]
    review = make_review(dana, kept)
    with tenant(larkfield.id):
        first, second = review.moments.order_by("cue_turn")
        reviews.change(
            first, by=dana, emotion="frustration", outcome="empathy", strength=1, reason="tone"
        )
        reviews.reject(second, by=dana)
    assert kinds(larkfield) == [(1, "bare")], "nothing is settled before the review is submitted"
    confirm_review(review, dana)
    assert kinds(larkfield) == [(1, "completed"), (3, "volunteered_2")]


def test_a_moment_that_a_person_adds_takes_volunteered_empathy_in(
    larkfield: Organization, dana: Membership
) -> None:
    kept = talk(larkfield, "How do I reset it?", "I can imagine how confusing those menus must be.")
    assert kinds(larkfield) == [(1, "volunteered_1")]
    review = make_review(dana, kept)
    with tenant(larkfield.id):
        reviews.add_moment(
            review, by=dana, cue_turn=0, emotion="confusion", outcome="empathy", strength=1
        )
    confirm_review(review, dana)
    assert kinds(larkfield) == []


def test_the_pages_of_a_conversation_show_them_in_their_words(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    offers = "I can imagine how confusing those menus must be."
    mail = "We are very sorry for the delay. We apologize for the inconvenience."
    kept = talk(larkfield, "How do I reset it?", offers, AGAIN, mail)
    review = make_review(dana, kept)
    pages = [f"/o/larkfield/reviews/{review.pk}/", f"/o/larkfield/interactions/{kept.pk}/"]
    browser = signed_in(dana)
    for page in pages:
        html = " ".join(browser.get(page).content.decode().split())
        assert "Volunteered empathy</h3>" in html
        assert html.count('<li> <a href="#turn-1">Turn 2</a>') == 1
        assert "Agent, generic" in html
        assert html.count('<li> <a href="#turn-3">Turn 4</a>') == 2
        assert "Agent, bare" in html
        assert "Agent, repeated" in html
        assert ">We apologize for the inconvenience</mark>" in html
    with tenant(larkfield.id):
        (moment,) = review.moments.all()
        reviews.change(
            moment, by=dana, emotion="frustration", outcome="empathy", strength=1, reason="tone"
        )
    confirm_review(review, dana)
    for page in pages:
        html = signed_in(mona).get(page).content.decode()
        assert "Agent, generic" in html
        assert html.count("Agent, completed") == 2


def test_agents_read_their_own_once_a_person_has_confirmed_the_review(
    larkfield: Organization, dana: Membership, alex: Membership, signed_in: Browser
) -> None:
    offers = "I can imagine how confusing those menus must be."
    kept = talk(larkfield, "How do I reset it?", offers, AGAIN, SORRY)
    review = make_review(dana, kept)
    page = f"/o/larkfield/feedback/{review.pk}/"
    assert signed_in(alex).get(page).status_code == 404
    confirm_review(review, dana)
    html = " ".join(signed_in(alex).get(page).content.decode().split())
    assert "Empathy you volunteered</h2>" in html
    assert "Agent, generic" in html
    assert '<p class="quiet">1 bare</p>' in html
    assert html.count('<li> <a href="#turn-3">Turn 4</a>') == 1


def test_a_blind_reviewer_sees_none_of_them(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    with tenant(larkfield.id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    kept = talk(larkfield, "How do I reset it?", IMAGINES, AGAIN, SORRY)
    review = make_review(dana, kept)
    assert review.blind
    pages = [f"/o/larkfield/reviews/{review.pk}/", f"/o/larkfield/interactions/{kept.pk}/"]
    for page in pages:
        html = signed_in(dana).get(page).content.decode()
        assert "Volunteered empathy" not in html
        assert "said-list" not in html
        assert "Apologies:" not in html
