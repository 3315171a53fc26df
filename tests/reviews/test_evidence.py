"""Marks in a transcript: whole clauses, of what people decided, and never of a doubt as a fact."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from qa.coaching.policy import set_feedback_policy
from qa.organizations.models import Membership
from qa.reviews import actions as reviews
from qa.tenancy.context import tenant
from tests.scored import engine, scored  # noqa: F401 (a fixture)
from tests.world import confirm_review, make_interaction, make_review

pytestmark = pytest.mark.django_db

SignIn = Callable[[Membership | None], Client]
MARK = re.compile(r'<mark class="ev ([^"]*)"[^>]*>([^<]*)</mark>')
TURNS = [
    {"role": "customer", "text": "I'm furious, nobody told me anything about it."},
    {"role": "agent", "text": "Dear Jo, I'm so sorry that you had to wait three weeks for it."},
    {"role": "customer", "text": "Thank you."},
    {"role": "agent", "text": "You're welcome."},
]


def marks(browser: Client, page: str) -> list[tuple[str, str]]:
    answer = browser.get(page)
    assert answer.status_code == 200
    lists = re.findall(
        r'<ol class="(?:transcript|moment-cards)">(.*?)</ol>', answer.content.decode(), re.DOTALL
    )
    assert lists, "apologies have a list of their own beside these"
    return [mark for one in lists for mark in MARK.findall(one)]


def test_marks_are_whole_clauses(signed_in: SignIn, dana: Membership) -> None:
    call = make_interaction(dana.organization, turns=TURNS)
    shown = marks(signed_in(dana), f"/o/larkfield/interactions/{call.pk}/")
    assert shown
    for _, words in shown:
        assert len(words.split()) > 1, "a word by itself is no evidence"
        assert "Dear" not in words
        assert words == words.strip()


def test_a_moment_changed_to_missed_has_no_empathy_mark_any_more(
    signed_in: SignIn, dana: Membership, alex: Membership
) -> None:
    call = make_interaction(dana.organization, turns=TURNS)
    browser, page = signed_in(dana), f"/o/larkfield/interactions/{call.pk}/"
    before = {kind for kind, _ in marks(browser, page)}
    assert before - {"ev--cue"}, "the reply has marks of the pre-score"
    review = make_review(dana, call)
    with tenant(dana.organization_id):
        for moment in review.moments.all():
            reviews.change(
                moment, by=dana, emotion="anger", outcome="missed", strength=0, reason="tone"
            )
    confirm_review(review, dana)
    for reader, address in (
        (dana, page),
        (dana, f"/o/larkfield/reviews/{review.pk}/"),
        (dana, "/o/larkfield/moments/"),
        (alex, f"/o/larkfield/feedback/{review.pk}/"),
    ):
        kinds = {kind for kind, _ in marks(signed_in(reader), address)}
        assert kinds == {"ev--cue"}, address


@pytest.mark.usefixtures("engine")
def test_a_dismissal_that_no_person_confirmed_is_not_shown_to_the_agent(
    signed_in: SignIn, dana: Membership, alex: Membership, mona: Membership
) -> None:
    with tenant(mona.organization_id):
        set_feedback_policy(by=mona, share_from=0.5, dispute_days=14, remind_days=3)
    scored(dana.organization, ("anger", "dismissed", 0), ("fear", "empathy", 2))
    browser = signed_in(alex)
    listed = browser.get("/o/larkfield/feedback/automatic/").content.decode()
    page = re.search(r'href="(/o/larkfield/feedback/automatic/[^"]+/)"', listed)
    assert page
    shown = browser.get(page[1]).content.decode()
    assert 'data-outcome="empathy_2"' in shown
    assert 'data-outcome="dismissed"' not in shown
    assert "ev--dismissal" not in shown


@pytest.mark.usefixtures("engine")
def test_what_the_pre_score_is_unsure_of_says_so_and_is_held_up_to_nobody(
    signed_in: SignIn, dana: Membership, alex: Membership, mona: Membership
) -> None:
    doubted = scored(dana.organization, ("fear", "empathy", 2, 33), ("anger", "dismissed", 0, 21))
    browser = signed_in(mona)
    page = browser.get(f"/o/larkfield/agents/{doubted.agent_id}/")
    assert page.context["examples"] == {"best": [], "missed": []}
    assert signed_in(alex).get("/o/larkfield/feedback/").context["home"].best is None
    browser = signed_in(mona)
    dashboard = browser.get("/o/larkfield/dashboard/").content.decode()
    link = re.search(r'href="(/o/larkfield/moments/[^"]*sure=no)"[^>]*>2 unsure</a>', dashboard)
    assert link, "how many of the counted moments are unsure, and which"
    listed = browser.get(link[1].replace("&amp;", "&"))
    assert len(listed.context["moments"]) == 2
    assert listed.content.decode().count("<strong>Unsure</strong>") == 2
    scored(dana.organization, ("relief", "empathy", 2, 90))
    assert len(browser.get(page.request["PATH_INFO"]).context["examples"]["best"]) == 1
    assert len(browser.get("/o/larkfield/moments/?sure=yes").context["moments"]) == 1
    assert browser.get("/o/larkfield/moments/?sure=perhaps").status_code == 422
