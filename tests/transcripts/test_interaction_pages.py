"""The list of interactions and the page of one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa import tasks
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser
from tests.scored import found, scored
from tests.world import confirm_review, make_interaction, make_review
from transcripts import attempts
from transcripts.models import Interaction

REVIEWERS = {"nobody": 302, "mallory": 404, "alex": 403, "dana": 200, "mona": 200, "ada": 200}


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorecards.actions.run_engine", found)


def failed(organization: Organization, **more: Any) -> Interaction:
    """An interaction that the worker has given up on."""
    by = System(organization.id)
    kept = make_interaction(organization, prescored=False, **more)
    with tenant(organization.id):
        attempts.fail(kept.pk, by=by, reason="Pre-scoring failed 4 times.")
        kept.refresh_from_db()
    return kept


@pytest.mark.parametrize("path", ["", "{pk}/"])
def test_reviewers_see_interactions(
    larkfield: Organization, signed_in: Browser, request: pytest.FixtureRequest, path: str
) -> None:
    kept = scored(larkfield, ("fear", "missed", 0))
    for name, status in REVIEWERS.items():
        caller = None if name == "nobody" else request.getfixturevalue(name)
        address = f"/o/larkfield/interactions/{path.format(pk=kept.pk)}"
        assert signed_in(caller).get(address).status_code == status, name


def test_who_may_try_again(
    larkfield: Organization, signed_in: Browser, request: pytest.FixtureRequest
) -> None:
    for name, status in REVIEWERS.items():
        kept = failed(larkfield, external_id=name, source="test")
        caller = None if name == "nobody" else request.getfixturevalue(name)
        browser = signed_in(caller)
        address = f"/o/larkfield/interactions/{kept.pk}/retry/"
        assert browser.get(address).status_code in {302, 405}, name
        answer = browser.post(address)
        assert answer.status_code == (302 if status == 200 else status), name
        with tenant(larkfield.id):
            kept.refresh_from_db()
            assert kept.status == ("received" if status == 200 else "failed"), name


def test_another_organizations_interaction_is_not_there(
    elsewhere: Organization, mona: Membership, signed_in: Browser
) -> None:
    kept = failed(elsewhere)
    browser = signed_in(mona)
    assert browser.get(f"/o/larkfield/interactions/{kept.pk}/").status_code == 404
    assert browser.post(f"/o/larkfield/interactions/{kept.pk}/retry/").status_code == 404
    assert browser.get("/o/larkfield/interactions/").context["rows"] == []


def test_filters_and_words(larkfield: Organization, mona: Membership, signed_in: Browser) -> None:
    umbrella = scored(larkfield, ("fear", "missed", 0), words="lost an umbrella", days_ago=5)
    chat = scored(larkfield, channel="chat", agent="a-2", name="Bo Reed", team="Sales")
    unfit = scored(larkfield, subject="unfit", agent="", team=None, days_ago=3)
    waiting = make_interaction(larkfield, prescored=False, external_id="w", source="t")
    broken = failed(larkfield, external_id="f", source="t")
    browser = signed_in(mona)
    day = timezone.now().date()
    for query, expected in (
        ("", {umbrella, chat, unfit, waiting, broken}),
        ("q=umbrella", {umbrella}),
        ("q=umbrella+-lost", set()),
        ("channel=chat", {chat}),
        ("status=received", {waiting}),
        ("status=failed", {broken}),
        ("status=scored", {umbrella, chat, unfit}),
        ("status=not_scorable", {unfit}),
        (f"agent={chat.agent_id}", {chat}),
        ("agent=none", {unfit}),
        (f"team={chat.team_id}", {chat}),
        (f"from={day - timedelta(days=4)}&to={day - timedelta(days=2)}", {unfit}),
    ):
        answer = browser.get(f"/o/larkfield/interactions/?{query}")
        assert answer.status_code == 200, query
        assert {row.interaction for row in answer.context["rows"]} == expected, query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("channel=fax", "Channel: Select a valid choice"),
        ("from=2026-05-02&to=2026-05-01", "The end date is before the start date."),
        ("from=soon", "From: Enter a valid date."),
        ("q=a%00b", "Null characters are not allowed."),
        ("agent=somebody", "Agent: Select a valid choice"),
    ],
)
def test_what_cannot_be_used_is_named(
    larkfield: Organization, mona: Membership, signed_in: Browser, query: str, words: str
) -> None:
    scored(larkfield)
    answer = signed_in(mona).get(f"/o/larkfield/interactions/?{query}")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert len(answer.context["rows"]) == 1


@pytest.mark.parametrize("q", ["'", '"open', "&|!", "-", "\\", "%", "<b>", "or or", "x" * 200])
def test_any_words_can_be_searched_for(
    larkfield: Organization, mona: Membership, signed_in: Browser, q: str
) -> None:
    answer = signed_in(mona).get("/o/larkfield/interactions/", {"q": q})
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()


def test_pages_show_every_interaction_once(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    started = (timezone.now() - timedelta(days=1)).isoformat()
    for number in range(30):
        make_interaction(
            larkfield, prescored=False, external_id=str(number), source="t", started_at=started
        )
    browser = signed_in(mona)
    first = browser.get("/o/larkfield/interactions/").context["page"]
    second = browser.get(f"/o/larkfield/interactions/{first.older_url}").context["page"]
    back = browser.get(f"/o/larkfield/interactions/{second.newer_url}").context["page"]
    assert (len(first.rows), len(second.rows)) == (25, 5)
    assert len({interaction.pk for interaction in (*first.rows, *second.rows)}) == 30
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert (first.newer_url, second.older_url) == ("", "")


def test_what_waits_is_asked_for_again_until_it_is_there(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    kept = make_interaction(larkfield, prescored=False)
    browser = signed_in(mona)
    addresses = ["/o/larkfield/interactions/", f"/o/larkfield/interactions/{kept.pk}/"]
    for address in addresses:
        part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
        assert 'hx-trigger="every ' in part
        assert "Waiting for its pre-score" in part
        assert "<html" not in part
    tasks.process(str(larkfield.id), str(kept.pk))
    for address in addresses:
        part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
        assert 'hx-trigger="every ' not in part
        assert "Waiting for its pre-score" not in part


def test_a_failed_one_says_why_and_can_be_tried_again(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    kept = failed(larkfield)
    browser = signed_in(mona)
    html = browser.get("/o/larkfield/interactions/").content.decode()
    assert "Pre-scoring failed 4 times." in html
    assert "Try again" in html
    address = f"/o/larkfield/interactions/{kept.pk}/retry/"
    row = browser.post(address, headers={"HX-Request": "true"})
    assert row.status_code == 200
    assert row.content.decode().strip().startswith(("<tr", "{#"))
    assert "Waiting for its pre-score" in row.content.decode()
    assert row.headers["HX-Trigger"] == "interaction-retried"
    for htmx in ({"HX-Request": "true"}, {}):
        again = browser.post(address, headers=htmx)
        assert again.status_code == 409
        assert "Only a failed conversation can be tried again." in again.content.decode()


def test_the_page_shows_transcript_evidence_and_what_was_found(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    kept = scored(
        larkfield,
        ("fear", "missed", 0),
        words="card 4111 1111 1111 1111, write to kim@example.org <img src=x>",
    )
    browser = signed_in(mona)
    html = browser.get(f"/o/larkfield/interactions/{kept.pk}/").content.decode()
    assert '<mark class="ev ev--cue" data-emotion="fear"' in html
    assert "&lt;img src=x&gt;" in html
    assert "2 card numbers, 2 e-mail addresses" in html
    assert "4111" not in html
    assert "Start review" in html
    review = make_review(dana, kept)
    html = browser.get(f"/o/larkfield/interactions/{kept.pk}/").content.decode()
    assert "Dana is reviewing it now" in html
    assert "Start review" not in html
    with tenant(larkfield.id):
        moment = review.moments.get()
        reviews.change(
            moment, by=dana, emotion="relief", outcome="empathy", strength=2, reason="tone"
        )
    confirm_review(review, dana)
    html = browser.get(f"/o/larkfield/interactions/{kept.pk}/").content.decode()
    assert f"/o/larkfield/reviews/{review.pk}/" in html
    assert "changed to: " in html


def test_why_it_was_not_scored_is_said_in_words(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    kept = scored(larkfield, ("fear", "missed", 0), subject="unfit")
    browser = signed_in(mona)
    html = browser.get(f"/o/larkfield/interactions/{kept.pk}/").content.decode()
    assert "Not scored: too short to score" in html
    assert "too short to score" in browser.get("/o/larkfield/interactions/").content.decode()


@pytest.mark.parametrize("query", ["", "?q=plain&status=scored"])
def test_as_many_queries_for_two_interactions_as_for_twenty(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser, query: str
) -> None:
    browser = signed_in(mona)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/o/larkfield/interactions/{query}").status_code == 200
        return len(queries)

    make_review(dana, scored(larkfield, ("fear", "missed", 0)), confirmed=True)
    scored(larkfield, ("fear", "missed", 0))
    few = asked()
    for number in range(18):
        kept = scored(larkfield, ("fear", "missed", 0), agent=f"a-{number}", team=f"T{number}")
        if number % 2:
            make_review(dana, kept, confirmed=True)
    assert asked() == few


def test_a_long_transcript_asks_no_more_than_a_short_one(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    short = scored(larkfield, ("fear", "missed", 0))
    long = scored(larkfield, *[("fear", "missed", 0)] * 100)
    browser = signed_in(mona)
    counts = []
    for kept in (short, long):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/o/larkfield/interactions/{kept.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
