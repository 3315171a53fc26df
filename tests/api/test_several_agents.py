"""Over REST: all agents of an interaction, and what of it is whose."""

from typing import Any

import pytest

from qa.organizations.models import Membership, Organization
from tests.several import (
    ALEX,
    FRUSTRATED,
    IMAGINE,
    SORRY,
    SORRY_AGAIN,
    WORRIED,
    handed_over,
    make_handed_over,
)
from tests.world import confirm_review, make_interaction, make_review


@pytest.fixture
def parts(rest: Any, larkfield: Organization) -> dict[str, Any]:
    one = make_handed_over(larkfield)
    answer = rest.get(f"/interactions/{one.pk}/").json()
    assert answer["agent"]["name"] == answer["agents"][0]["name"]
    return {part["external_id"]: part for part in answer["agents"]}


def test_an_interaction_says_what_is_whose(parts: dict[str, Any]) -> None:
    assert list(parts) == ["a-1", "a-2"]
    assert parts["a-1"]["turns"] == [0, SORRY, 4]
    assert parts["a-1"]["moments"] == [FRUSTRATED]
    assert parts["a-2"]["turns"] == [5, IMAGINE, SORRY_AGAIN]
    assert parts["a-2"]["moments"] == [WORRIED]


def test_each_agent_has_a_ledger_of_their_own(parts: dict[str, Any]) -> None:
    """Bo's first apology that stays by itself is bare, though Alex has said sorry before."""
    assert parts["a-1"]["apologies"] == {"completed": 0, "bare": 1, "repeated": 0}
    assert parts["a-2"]["apologies"] == {"completed": 0, "bare": 1, "repeated": 0}


def test_lists_and_filters_know_everybody(rest: Any, larkfield: Organization) -> None:
    one = make_handed_over(larkfield, external_id="c-1")
    make_interaction(larkfield, external_id="c-2")
    (found,) = rest.get("/interactions/", agent="a-2").json()["results"]
    assert found["id"] == str(one.pk)
    assert [agent["external_id"] for agent in found["agents"]] == ["a-1", "a-2"]
    assert len(rest.get("/interactions/", agent="a-1").json()["results"]) == 2
    bo = found["agents"][1]["id"]
    assert [row["id"] for row in rest.get("/interactions/", agent=bo).json()["results"]] == [
        str(one.pk)
    ]


def test_reviews_say_whose_each_moment_is(
    rest: Any, dana: Membership, larkfield: Organization
) -> None:
    one = make_handed_over(larkfield)
    confirm_review(make_review(dana, one), dana)
    agents = rest.get(f"/interactions/{one.pk}/").json()["agents"]
    alex, bo = (agent["id"] for agent in agents)
    assert [agent["moments"] for agent in agents] == [[FRUSTRATED], [WORRIED]]
    (review,) = rest.get("/reviews/", agent=bo).json()["results"]
    assert [agent["id"] for agent in review["agents"]] == [alex, bo]
    whose = {moment["cue_turn"]: moment["agent"] for moment in review["moments"]}
    assert whose == {FRUSTRATED: alex, WORRIED: bo}


def test_a_push_is_known_again_and_a_fault_is_named(rest: Any, larkfield: Organization) -> None:
    pushed = handed_over(external_id="c-1", source="pbx")
    first = rest.post("/interactions/", pushed)
    assert (first.status_code, rest.post("/interactions/", pushed).status_code) == (201, 200)
    other = pushed | {"agents": [{**ALEX, "speakers": ["Alex", "Bo Lind"]}]}
    assert rest.post("/interactions/", other).status_code == 409
    faulty = pushed | {"agents": [ALEX, {"team": "Sales"}]}
    refused = rest.post("/interactions/", faulty)
    assert refused.status_code == 400
    assert "agents[1]" in refused.content.decode()


def test_one_agent_has_it_all(rest: Any, larkfield: Organization) -> None:
    one = make_interaction(larkfield)
    (agent,) = rest.get(f"/interactions/{one.pk}/").json()["agents"]
    assert (agent["turns"], agent["moments"]) == ([0, 2, 4], [1, 3])


def test_strangers_see_none_of_it(stranger: Any, larkfield: Organization) -> None:
    one = make_handed_over(larkfield)
    assert stranger.get(f"/interactions/{one.pk}/").status_code == 404
    assert stranger.get("/interactions/", agent="a-2").json()["results"] == []
