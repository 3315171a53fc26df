"""What the ledger of apologies proposes on the review page, on the demo's own conversations."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from scorecards.empathy.model import Response
from scorecards.models import PreScore
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


def ledger_of(desk: Desk) -> dict[str, int]:
    """What the engine counted in this conversation: the test does not hang on the number."""
    with tenant(desk.member.organization_id):
        result = PreScore.objects.get(pk=desk.review.prescore_id).result
    return {kind: number for kind, number in result["apologies"].items() if number}


@pytest.mark.parametrize("name", ["call-2004", "chat-4002", "call-2014"])
def test_the_proposal_and_the_ledger_tell_the_same(
    name: str, dana: Membership, signed_in: SignIn
) -> None:
    desk = desk_on(name, dana, signed_in)
    page, ledger = desk.page, ledger_of(desk)
    assert ledger.keys() == {"bare", "repeated"}
    number = sum(ledger.values())
    assert f"Apologies: {ledger['bare']} bare, {ledger['repeated']} repeated." in page
    assert f"{number} of {number} apologies came without empathy" in page
    assert "Nobody apologised" not in page
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
    assert f"Apologies: {ledger_of(desk)['bare']} bare, " in desk.page
    assert "Nobody apologised" not in desk.page
    assert proposed(desk) == ""
