"""Say whose conversations these are: dashboards and feedback follow, the second one is told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.audit.models import AuditEvent
from qa.coaching import actions as coaching
from qa.coaching.models import SharedPreScore
from qa.coaching.policy import set_feedback_policy
from qa.dashboards import actions as dashboards
from qa.disputes import actions as disputes
from qa.notices.models import Notice
from qa.organizations import directory
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.sampling import actions as sampling
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment
from tests.dashboards.test_rebuild import tables
from tests.scored import engine, scored
from tests.several import make_handed_over
from tests.world import make_interaction, make_member, make_review
from transcripts.models import Interaction, Participation

__all__ = ["engine"]
SignIn = Callable[[Membership | None], Client]
PAGE = "/o/larkfield/interactions/agent/"
NOBODY: dict[str, Any] = {"agent": None}
FEELINGS = (("anger", "empathy", 2), ("fear", "missed", 0))


def stored(interaction: Interaction) -> Interaction:
    with tenant(interaction.organization_id):
        rows = Interaction.objects.visible_to(System(interaction.organization_id))
        return rows.select_related("agent", "team").get(pk=interaction.pk)


def give(client: Client, *chosen: Interaction, was: object = None, **fields: object) -> Any:
    """Save the page as it was shown: by `was`, or by what is stored."""
    sent: dict[str, Any] = {"interaction": [str(one.pk) for one in chosen], "save": "1", **fields}
    for one in chosen:
        now = stored(one).agent_id or ""
        sent[f"was-{one.pk}"] = now if was is None else was
    return client.post(PAGE, sent)


def add(organization: Organization, name: str, external_id: str = "") -> Agent:
    with tenant(organization.id):
        return directory.add_agent(by=System(organization.id), name=name, external_id=external_id)


def events(organization: Organization, action: str) -> int:
    with tenant(organization.id):
        rows = AuditEvent.objects.visible_to(System(organization.id))
        return rows.filter(action=action).count()


def told(member: Membership) -> int:
    with tenant(member.organization_id):
        return Notice.objects.visible_to(member).unread().count()


def rebuilt(organization: Organization) -> bool:
    """True if the tables of the dashboards are what a rebuild computes from nothing."""
    there = tables(organization)
    with tenant(organization.id):
        dashboards.rebuild(by=System(organization.id))
    return there == tables(organization)


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    cache.clear()
    return signed_in(dana)


@pytest.mark.usefixtures("engine")
def test_a_nameless_conversation_is_given_to_an_agent(
    dana_s: Client, larkfield: Organization, alex: Membership
) -> None:
    nameless, other = (scored(larkfield, *FEELINGS, agent="") for _ in range(2))
    page = dana_s.get(f"/o/larkfield/interactions/{nameless.pk}/").content.decode()
    assert f"{PAGE}?interaction={nameless.pk}" in page
    answer = give(dana_s, nameless, who="alex finch")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/o/larkfield/interactions/{nameless.pk}/",
    )
    named = stored(nameless)
    assert named.agent is not None
    assert named.team is not None
    assert (named.agent.name, named.team.name) == ("Alex Finch", "Billing")
    with tenant(larkfield.id):
        mine = Moment.objects.visible_to(alex)
        assert set(mine.values_list("interaction", flat=True)) == {nameless.pk}
        assert mine.filter(team=named.team).count() == 2
    assert stored(other).agent is None
    assert rebuilt(larkfield)
    assert events(larkfield, "interaction.agent_set") == 1


@pytest.mark.usefixtures("engine")
def test_many_at_once_to_somebody_new(
    dana_s: Client, larkfield: Organization, alex: Membership
) -> None:
    several = [scored(larkfield, *FEELINGS, agent=who, days_ago=n) for n, who in enumerate("ab ")]
    shown = dana_s.post(
        PAGE, {"interaction": [str(one.pk) for one in several], "query": "channel=call"}
    )
    assert shown.content.decode().count("nobody named") == 0
    fields = {
        "new_name": "Rui  Costa",
        "new_id": "r-7",
        "new_team": "Night",
        "query": "channel=call",
    }
    answer = give(dana_s, *several, **fields)
    assert answer["Location"] == "/o/larkfield/interactions/?channel=call"
    agents = {one.agent for one in map(stored, several)}
    (rui,) = agents
    assert rui is not None
    assert (rui.name, rui.external_id) == ("Rui Costa", "r-7")
    assert {str(one.team and one.team.name) for one in map(stored, several)} == {"Night"}
    assert events(larkfield, "interaction.agent_set") == 3
    assert events(larkfield, "agent.added") == events(larkfield, "team.added") == 1
    assert rebuilt(larkfield)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({}, 422, "Choose an agent, or add a new one."),
        ({"who": "Alex Finch", "new_name": "Rui"}, 422, "not both"),
        ({"who": "Kim"}, 422, "Several agents are called"),
        ({"who": "Zoe Nobody"}, 422, 'value="Zoe Nobody"'),
        ({"new_id": "9"}, 422, "Give the agent a name."),
        ({"new_name": "Alex Finch"}, 409, "There is an agent called Alex Finch already"),
        ({"new_name": "Rui", "new_id": "a-1"}, 409, "belongs to Alex Finch"),
    ],
)
@pytest.mark.usefixtures("alex")
def test_what_is_refused(
    dana_s: Client, larkfield: Organization, fields: dict[str, str], status: int, words: str
) -> None:
    add(larkfield, "Kim", "k-1")
    add(larkfield, "Kim", "k-2")
    nameless = make_interaction(larkfield, prescored=False, **NOBODY)
    answer = give(dana_s, nameless, **fields)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert stored(nameless).agent is None
    assert events(larkfield, "interaction.agent_set") == events(larkfield, "team.added") == 0


@pytest.mark.parametrize(
    "typed",
    ["Kim (k-2)", "k-2", "kim  (k-2)", "K-2"],
    ids=["label", "id", "case", "id in capitals"],
)
def test_an_agent_is_found_by_what_is_typed(
    dana_s: Client, larkfield: Organization, typed: str
) -> None:
    add(larkfield, "Kim", "k-1")
    add(larkfield, "Kim", "k-2")
    nameless = make_interaction(larkfield, prescored=False, **NOBODY)
    give(dana_s, nameless, who=typed)
    agent = stored(nameless).agent
    assert agent is not None
    assert agent.external_id == "k-2"


def test_whoever_is_second_is_told_and_nothing_is_half_done(
    dana_s: Client, larkfield: Organization, alex: Membership
) -> None:
    first, second = (
        make_interaction(larkfield, prescored=False, external_id=name, **NOBODY) for name in "ab"
    )
    kim = add(larkfield, "Kim")
    give(dana_s, second, who="Kim")
    answer = give(dana_s, first, second, was="", who="Alex Finch")
    assert answer.status_code == 409
    assert "has just assigned one of these conversations to Kim" in answer.content.decode()
    assert stored(first).agent is None
    assert stored(second).agent == kim


@pytest.mark.usefixtures("engine")
def test_feedback_goes_from_one_agent_to_the_other(
    dana_s: Client, dana: Membership, larkfield: Organization, alex: Membership, signed_in: SignIn
) -> None:
    kim = make_member(larkfield, "Kim", Role.AGENT, add(larkfield, "Kim"))
    call = scored(larkfield, *FEELINGS)
    review = make_review(dana, call, confirmed=True)
    assert (told(alex), told(kim)) == (1, 0)
    page = dana_s.get(f"{PAGE}?interaction={call.pk}").content.decode()
    assert "Alex Finch can no longer see it" in page
    give(dana_s, call, who="Kim")
    assert (told(alex), told(kim)) == (0, 1)
    address = f"/o/larkfield/feedback/{review.pk}/"
    assert signed_in(kim).get(address).status_code == 200
    assert signed_in(alex).get(address).status_code == 404
    assert rebuilt(larkfield)


@pytest.mark.usefixtures("engine")
def test_what_one_agent_has_answered_is_not_shown_to_the_next(
    dana_s: Client, dana: Membership, larkfield: Organization, alex: Membership, signed_in: SignIn
) -> None:
    kim = make_member(larkfield, "Kim", Role.AGENT, add(larkfield, "Kim"))
    call = scored(larkfield, *FEELINGS)
    review = make_review(dana, call, confirmed=True)
    with tenant(larkfield.id):
        coaching.acknowledge(review, by=alex, answer="Not my best day")
    assert "version of their own" in dana_s.get(f"{PAGE}?interaction={call.pk}").content.decode()
    give(dana_s, call, who="Kim")
    home = signed_in(kim).get("/o/larkfield/feedback/").content.decode()
    old = signed_in(kim).get(f"/o/larkfield/feedback/{review.pk}/").content.decode()
    assert "feedback--new" in home
    assert "Not my best day" not in home + old
    assert rebuilt(larkfield)


@pytest.mark.usefixtures("engine")
def test_an_open_dispute_is_decided_first(
    dana_s: Client, dana: Membership, larkfield: Organization, alex: Membership
) -> None:
    add(larkfield, "Kim")
    call = scored(larkfield, *FEELINGS)
    review = make_review(dana, call, confirmed=True)
    with tenant(larkfield.id):
        disputes.open_dispute(review, by=alex, target="answer:own_words", words="No")
    answer = give(dana_s, call, who="Kim")
    assert answer.status_code == 422
    assert "Decide it first" in answer.content.decode()
    assert stored(call).agent == alex.agent


@pytest.mark.usefixtures("engine")
def test_a_shared_pre_score_goes_along(
    dana_s: Client, mona: Membership, larkfield: Organization, alex: Membership
) -> None:
    kim = make_member(larkfield, "Kim", Role.AGENT, add(larkfield, "Kim"))
    with tenant(larkfield.id):
        set_feedback_policy(by=mona, share_from=0.0, remind_days=7, dispute_days=14)
    call = scored(larkfield, *FEELINGS)
    give(dana_s, call, who="Kim")
    with tenant(larkfield.id):
        shared = SharedPreScore.objects.visible_to(System(larkfield.id))
        assert list(shared.values_list("agent", flat=True)) == [kim.agent_id]
    assert (told(alex), told(kim)) == (0, 1)


@pytest.mark.usefixtures("engine")
def test_it_is_taken_from_the_agent_again(
    dana_s: Client, larkfield: Organization, alex: Membership
) -> None:
    call = scored(larkfield, *FEELINGS)
    give(dana_s, call, nobody="1")
    assert stored(call).agent is None
    assert stored(call).team is None
    assert rebuilt(larkfield)


@pytest.mark.usefixtures("engine")
def test_what_waits_for_a_reviewer_goes_back_once_it_is_their_own(
    dana_s: Client, larkfield: Organization, mona: Membership
) -> None:
    sam = make_member(larkfield, "Sam", Role.SPECIALIST, add(larkfield, "Sam"))
    call = scored(larkfield, *FEELINGS, agent="")
    with tenant(larkfield.id):
        sampling.assign_by_hand([call], to=sam, days=7, by=mona)
    give(dana_s, call, who="Sam")
    with tenant(larkfield.id):
        rows = Interaction.objects.visible_to(mona)
        assert not rows.filter(place__assigned_to=sam).exists()


def test_of_several_agents_the_first_or_the_unknown_one_is_named(
    dana_s: Client, larkfield: Organization
) -> None:
    call = make_handed_over(larkfield)
    kim = add(larkfield, "Kim")
    with tenant(larkfield.id):
        Participation.objects.filter(interaction=call, position=1).update(agent=None, team=None)
    page = dana_s.get(f"/o/larkfield/interactions/{call.pk}/").content.decode()
    assert f"?interaction={call.pk}&amp;place=1" in page
    answer = give(dana_s, call, was="", who="Kim", place="1")
    assert answer.status_code == 302
    with tenant(larkfield.id):
        parts = Participation.objects.filter(interaction=call)
        assert [part.agent_id for part in parts] == [call.agent_id, kim.pk]
        owners = set(Moment.objects.filter(interaction=call).values_list("agent", flat=True))
    assert owners == {call.agent_id, kim.pk}
    assert rebuilt(larkfield)
    assert give(dana_s, call, who="Kim", place="1").status_code == 404


def test_strangers_and_agents_are_kept_out(
    signed_in: SignIn, alex: Membership, dana: Membership, mallory: Membership
) -> None:
    mine, theirs = (make_interaction(one.organization) for one in (dana, mallory))
    wants = [(alex, mine, 403), (mallory, mine, 404), (dana, theirs, 404)]
    for member, interaction, status in wants:
        answer: HttpResponse = give(signed_in(member), interaction, nobody="1")
        assert answer.status_code == status
    assert stored(mine).agent is not None
    assert stored(theirs).agent is not None
    for wrong in ({"interaction": "x"}, {"interaction": str(mine.pk), "place": "7"}):
        assert signed_in(dana).post(PAGE, wrong).status_code == 404
    assert signed_in(dana).post(PAGE, {}).status_code == 302


@pytest.mark.usefixtures("engine")
def test_the_page_takes_the_same_queries_for_2_and_20(
    dana_s: Client, larkfield: Organization
) -> None:
    calls = [scored(larkfield, *FEELINGS, agent=f"a-{n % 3}") for n in range(20)]

    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            dana_s.post(PAGE, {"interaction": [str(one.pk) for one in calls[:number]]})
        return len(captured)

    assert queries(2) == queries(20)
