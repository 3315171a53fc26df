"""A call of two agents as people and integrations see it: each with what is theirs."""

import re
from typing import Any

import pytest
from django.test import Client

from qa.organizations.models import Agent, Membership, Organization
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser
from tests.several import (
    FRUSTRATED,
    IMAGINE,
    SORRY,
    SORRY_AGAIN,
    WORRIED,
    make_bo,
    make_handed_over,
)
from tests.world import confirm_review, make_key, make_review
from transcripts.models import Interaction


@pytest.fixture
def bo(larkfield: Organization) -> Membership:
    return make_bo(larkfield)


@pytest.fixture
def call(alex: Membership, bo: Membership, larkfield: Organization) -> Interaction:
    return make_handed_over(larkfield)


def words(answer: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rest(admin: Membership, path: str) -> Any:
    key = make_key(admin)
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})


def settle(call: Interaction, specialist: Membership) -> str:
    """The feedback page of the confirmed review."""
    review = confirm_review(make_review(specialist, call), specialist)
    return f"/o/larkfield/feedback/{review.pk}/"


def test_rest_says_what_is_whose(call: Interaction, ada: Membership) -> None:
    agents = rest(ada, f"interactions/{call.pk}/").json()["agents"]
    assert [(one["name"], one["moments"]) for one in agents] == [
        ("Alex Finch", [FRUSTRATED]),
        ("Bo Lind", [WORRIED]),
    ]
    assert [one["turns"] for one in agents] == [[0, SORRY, 4], [5, IMAGINE, SORRY_AGAIN]]
    assert [one["apologies"] for one in agents] == [{"completed": 0, "bare": 1, "repeated": 0}] * 2


def test_rest_says_the_same_of_a_confirmed_review(
    call: Interaction, ada: Membership, dana: Membership
) -> None:
    settle(call, dana)
    found = rest(ada, f"interactions/{call.pk}/").json()
    ids = {one["name"]: one["id"] for one in found["agents"]}
    whose = {one["cue_turn"]: one["agent"] for one in found["review"]["moments"]}
    assert whose == {FRUSTRATED: ids["Alex Finch"], WORRIED: ids["Bo Lind"]}
    assert [one["moments"] for one in found["agents"]] == [[FRUSTRATED], [WORRIED]]


def test_another_organization_reads_none_of_it(
    call: Interaction, mallory: Membership, signed_in: Browser
) -> None:
    assert rest(mallory, f"interactions/{call.pk}/").status_code == 404
    browser = signed_in(mallory)
    assert browser.get(f"/o/larkfield/interactions/{call.pk}/").status_code == 404
    assert browser.get(f"/o/elsewhere/interactions/{call.pk}/").status_code == 404


@pytest.mark.parametrize("settled", [False, True])
def test_dashboards_count_each_ones_own(
    call: Interaction, mona: Membership, dana: Membership, signed_in: Browser, settled: bool
) -> None:
    if settled:
        settle(call, dana)
    browser = signed_in(mona)
    with tenant(mona.organization_id):
        agents = list(Agent.objects.visible_to(mona).order_by("name"))
    for agent, cue, sorry in zip(agents, (FRUSTRATED, WORRIED), (SORRY, SORRY_AGAIN), strict=True):
        moments = browser.get(f"/o/larkfield/moments/?agent={agent.pk}").context["moments"]
        assert [(one.cue_turn, one.agent) for one in moments] == [(cue, agent)]
        said = browser.get(f"/o/larkfield/gestures/?agent={agent.pk}").context["gestures"]
        assert [(one.said.turn, one.said.kind, one.agent) for one in said] == [
            (sorry, "bare", agent)
        ]
        page = browser.get(f"/o/larkfield/agents/{agent.pk}/?from=2026-11-01&to=2026-11-30")
        assert page.context["gestures"].counts == {"bare": 1}


def test_each_reads_feedback_on_what_is_theirs(
    call: Interaction, dana: Membership, alex: Membership, bo: Membership, signed_in: Browser
) -> None:
    address = settle(call, dana)
    for member, cue, sorry in ((alex, FRUSTRATED, SORRY), (bo, WORRIED, SORRY_AGAIN)):
        feedback = signed_in(member).get(address).context["feedback"]
        assert [one.cue_turn for one in feedback.moments] == [cue]
        assert [(one.turn, one.kind) for one in feedback.gestures] == [(sorry, "bare")]
    page = signed_in(bo).get(address)
    assert "Also in this conversation: Alex Finch." in words(page)
    assert "Mark as read" not in words(page)


def test_the_first_agent_alone_acknowledges(
    call: Interaction, dana: Membership, alex: Membership, bo: Membership, signed_in: Browser
) -> None:
    address = settle(call, dana)
    assert signed_in(bo).post(f"{address}acknowledge/").status_code == 409
    assert signed_in(alex).post(f"{address}acknowledge/").status_code == 302


def test_pages_say_whose_a_moment_is(
    call: Interaction, mona: Membership, dana: Membership, signed_in: Browser
) -> None:
    shown = words(signed_in(mona).get(f"/o/larkfield/interactions/{call.pk}/"))
    assert "Who spoke" in shown
    assert "for Bo Lind" in shown
    review = make_review(dana, call)
    page = words(signed_in(dana).get(f"/o/larkfield/reviews/{review.pk}/"))
    assert "Moment 1 of 2, for Alex Finch" in page
