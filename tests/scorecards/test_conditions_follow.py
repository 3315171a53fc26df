"""A condition follows the words of the answers it hangs on when options change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qa.organizations.models import Membership
from tests.reviews.steps import address
from tests.scorecards.steps import fields, send, the_card

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
SOLVED = ["Solved", "Partly", "Not solved"]


def body(kind: str = "choice") -> dict[str, Any]:
    options = [{"label": word, "points": 100 - 50 * n} for n, word in enumerate(SOLVED)]
    shape = {"options": options} if kind == "choice" else {"anchors": SOLVED[::-1]}
    asked = {"id": "solved", "text": "Solved?", "kind": kind, "weight": 10, **shape}
    last = "3" if kind == "choice" else "1"
    why = {"id": "why", "text": "Why not?", "kind": "yes_no", "weight": 10}
    why["when"] = {"question": "solved", "answers": [last]}
    section = {"title": "Conduct", "weight": 100, "questions": [asked, why]}
    return {"name": "Empathy", "moments_weight": 0, "sections": [section]}


def drawn(words: list[str]) -> dict[str, Any]:
    """What the form says of the answers as it was drawn."""
    known = [f"{n}={word}" for n, word in enumerate(words, 1)]
    return {"s0-q1-known-of": "solved", "s0-q1-known": [*known, "na=N/A"]}


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        ("Solved at once = 100\nSolved = 80\nPartly = 50\nNot solved = 0", ["4"]),
        ("Not solved = 0\nPartly = 50\nSolved = 100", ["1"]),
        ("Solved = 100\nNot solved = 0", ["2"]),
        ("Solved = 100\nPartly = 50\nNot yet solved = 0", ["3"]),  # other words, same place
        ("Solved = 100\nPartly = 50", []),
    ],
)
def test_options_that_move_take_the_condition_along(
    signed_in: SignIn, mona: Membership, lines: str, answers: list[str]
) -> None:
    scorecard = the_card(mona)
    sent = fields(body(), scorecard.revision) | drawn(SOLVED) | {"s0-q0-options": lines}
    answer = send(signed_in(mona), mona, "save", scorecard, **sent)
    assert answer.status_code == 302
    draft = the_card(mona).draft
    assert draft
    assert draft["sections"][0]["questions"][1]["when"]["answers"] == answers
    page = signed_in(mona).get(address("scorecard-edit", mona, pk=scorecard.pk)).content.decode()
    assert ("can never be met: choose which answer" in page) is (not answers)


def test_the_steps_of_a_scale_do_so_too(signed_in: SignIn, mona: Membership) -> None:
    scorecard = the_card(mona)
    sent = fields(body("scale"), scorecard.revision) | drawn(SOLVED[::-1])
    sent["s0-q0-anchors"] = "Made worse\nNot solved\nPartly\nSolved"
    send(signed_in(mona), mona, "save", scorecard, **sent)
    draft = the_card(mona).draft
    assert draft
    assert draft["sections"][0]["questions"][1]["when"]["answers"] == ["2"]


def test_the_builder_says_what_the_answers_were_and_publishing_what_changes(
    signed_in: SignIn, mona: Membership
) -> None:
    browser, scorecard = signed_in(mona), the_card(mona)
    send(browser, mona, "save", scorecard, **fields(body(), scorecard.revision))
    page = browser.get(address("scorecard-edit", mona, pk=scorecard.pk)).content.decode()
    assert 'name="s0-q1-known" value="3=Not solved"' in page
    assert 'name="s0-q1-known-of" value="solved"' in page
    send(browser, mona, "publish", scorecard, revision=the_card(mona).revision)
    changed = body()
    changed["sections"][0]["questions"][1]["when"]["answers"] = ["2", "3"]
    send(browser, mona, "save", scorecard, **fields(changed, the_card(mona).revision))
    page = browser.get(address("scorecard-publish", mona, pk=scorecard.pk)).content.decode()
    assert "→ asked when “Solved?” is Partly or Not solved." in page
