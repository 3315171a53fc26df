"""What the ledger of apologies proposes on the review page, on the demo's own conversations."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from qa.organizations.models import Membership
from scorecards.empathy.model import Response
from tests.reviews.steps import Desk, take
from tests.world import make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
DEMO = settings.BASE_DIR / "qa" / "demo" / "interactions.jsonl"
QUESTION = "no_bare_apology"


def desk_on(name: str, dana: Membership, signed_in: SignIn) -> Desk:
    """The review page of one of the demo's conversations."""
    lines = map(json.loads, DEMO.read_text(encoding="utf-8").splitlines())
    (spoken,) = (line for line in lines if line["external_id"] == name)
    make_interaction(dana.organization, **{**spoken, "agent": None})
    return take(signed_in(dana), dana)


def proposed(desk: Desk) -> str:
    desk.send("proposals")
    return str(desk.review.answers.get(QUESTION, {}).get("value", ""))


@pytest.mark.parametrize(
    ("name", "ledger", "why"),
    [
        ("call-2004", "1 bare, 9 repeated", "10 of 10 apologies without empathy"),
        ("chat-4002", "1 bare, 7 repeated", "8 of 8 apologies without empathy"),
        ("call-2014", "1 bare, 4 repeated", "5 of 5 apologies without empathy"),
    ],
)
def test_the_proposal_and_the_ledger_tell_the_same(
    name: str, ledger: str, why: str, dana: Membership, signed_in: SignIn
) -> None:
    desk = desk_on(name, dana, signed_in)
    page = desk.page
    assert f"Apologies: {ledger}." in page
    assert why in page
    assert "Nobody apologized" not in page
    assert proposed(desk) == "no"


def test_a_pre_score_that_does_not_say_which_turns_apologize_proposes_nothing(
    dana: Membership, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Response.to_dict

    def as_before(self: Response, **how: bool) -> dict[str, Any]:
        return {
            key: value for key, value in said(self, **how).items() if not key.startswith("apolog")
        }

    monkeypatch.setattr(Response, "to_dict", as_before)
    desk = desk_on("call-2004", dana, signed_in)
    assert "Apologies: 1 bare, 9 repeated." in desk.page
    assert "Nobody apologized" not in desk.page
    assert proposed(desk) == ""
