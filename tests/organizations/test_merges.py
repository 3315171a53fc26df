"""A merge of two agents is undone, survives intake at the same moment, and is bulk work at need."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from qa import handovers, pipeline, tasks
from qa.disputes import actions as disputes
from qa.inbox import reading
from qa.inbox.reading import Line
from qa.notices.models import Notice
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.organizations.moves import Handover, Merge
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.organizations.steps import at
from tests.several import BO, make_bo, make_handed_over
from tests.transcripts.test_naming_agents import rebuilt
from tests.world import (
    confirm_review,
    interaction_json,
    make_interaction,
    make_member,
    make_organization,
    make_review,
)
from transcripts import receiving
from transcripts.formats import validate
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def agent(organization: Organization, external_id: str) -> Agent:
    with tenant(organization.id):
        rows = Agent.objects.visible_to(System(organization.id), merged=True)
        return rows.get(external_id=external_id)


def named(organization: Organization, external_id: str) -> int:
    """How many interactions are this agent's."""
    with tenant(organization.id):
        rows = Interaction.objects.visible_to(System(organization.id))
        return rows.filter(agent__external_id=external_id).count()


def call_of(organization: Organization, whose: str, **changes: Any) -> Interaction:
    who = {"external_id": whose, "name": f"Agent {whose}"}
    return make_interaction(organization, agent=who, **changes)


def merged(ada: Membership, twin: str, into: str) -> Merge:
    organization = ada.organization
    with tenant(organization.id):
        pipeline.merge_agents(agent(organization, twin), into=agent(organization, into), by=ada)
        return Merge.objects.visible_to(ada).filter(undone_at=None).latest("at")


def test_undoing_a_merge_gives_each_what_was_theirs(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership, alex: Membership
) -> None:
    call_of(larkfield, "a-1", external_id="one")
    reviewed = call_of(larkfield, "b-1", external_id="two")
    bo = make_member(larkfield, "Bo", Role.AGENT, agent(larkfield, "b-1"))
    review = confirm_review(make_review(dana, reviewed), dana)
    with tenant(larkfield.id):
        twin, into = agent(larkfield, "b-1"), agent(larkfield, "a-1")
        pipeline.merge_agents(twin, into=into, by=ada, login=into)
        merge = Merge.objects.visible_to(ada).get()
    call_of(larkfield, "b-1", external_id="since")
    assert (named(larkfield, "a-1"), named(larkfield, "b-1")) == (3, 0)
    client, url = signed_in(ada), at(larkfield, "settings-merge-undo", merge.pk)
    assert "Undo the merge of" in client.get(url).content.decode()
    page = client.get(at(larkfield, "settings-agent", agent(larkfield, "a-1").pk))
    assert str(merge.pk) in page.content.decode()
    done = client.post(url, follow=True)
    assert "on the list again, with 1 conversation" in done.content.decode()
    assert (named(larkfield, "a-1"), named(larkfield, "b-1")) == (2, 1), "what came since stays"
    with tenant(larkfield.id):
        assert agent(larkfield, "b-1").merged_into_id is None
        signs_in = dict(Membership.objects.visible_to(ada).values_list("pk", "agent"))
        assert signs_in[bo.pk] == agent(larkfield, "b-1").pk
        assert signs_in[alex.pk] == agent(larkfield, "a-1").pk
        bo.agent = agent(larkfield, "b-1")
        assert type(review).objects.visible_to(bo).filter(pk=review.pk).exists()
        assert not type(review).objects.visible_to(alex).filter(pk=review.pk).exists()
    assert rebuilt(larkfield)
    assert call_of(larkfield, "b-1", external_id="after").agent_id == agent(larkfield, "b-1").pk
    assert client.post(url).status_code == 404, "once"


def test_a_part_of_a_call_goes_back_too(larkfield: Organization, ada: Membership) -> None:
    call = make_handed_over(larkfield)
    make_bo(larkfield)
    bo = agent(larkfield, BO["external_id"])
    with tenant(larkfield.id):
        before = sorted(str(part.agent_id) for part in call.participations.all())
    merge = merged(ada, bo.external_id, "a-1")
    with tenant(larkfield.id):
        pipeline.undo_merge(merge, by=ada)
        assert sorted(str(part.agent_id) for part in call.participations.all()) == before
    assert rebuilt(larkfield)


def test_what_stands_in_the_way_is_said(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership, alex: Membership
) -> None:
    for pk in ("b-1", "c-1"):
        call_of(larkfield, pk, external_id=pk)
    first = merged(ada, "b-1", "c-1")
    merged(ada, "c-1", "a-1")
    client = signed_in(ada)
    refused = client.post(at(larkfield, "settings-merge-undo", first.pk))
    assert refused.status_code == 409
    assert "undo that merge first" in refused.content.decode()
    with tenant(larkfield.id):
        last = Merge.objects.visible_to(ada).filter(undone_at=None).get(into__external_id="a-1")
        call = Interaction.objects.visible_to(ada).get(external_id="c-1")
    review = confirm_review(make_review(dana, call), dana)
    with tenant(larkfield.id):
        disputes.open_dispute(review, by=alex, target="answer:own_words", words="No.")
    refused = client.post(at(larkfield, "settings-merge-undo", last.pk))
    assert refused.status_code == 409
    assert agent(larkfield, "c-1").merged_into_id, "nothing is half undone"


def test_many_go_back_in_a_worker_however_often_it_is_asked(
    larkfield: Organization, ada: Membership, alex: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "GIVEN_AT_ONCE", 1)
    monkeypatch.setattr(handovers, "AT_ONCE", 2)
    for number in range(5):
        call_of(larkfield, "b-1", external_id=f"c-{number}", prescored=False)
    merge = merged(ada, "b-1", "a-1")
    with tenant(larkfield.id):
        job = pipeline.undo_merge(merge, by=ada)
    assert job.finished_at is None
    with tenant(larkfield.id):
        assert handovers.go_on(job.pk, by=System(larkfield.id))
    for _each in range(2):
        tasks.hand_over(str(larkfield.id), str(job.pk))
    with tenant(larkfield.id):
        job = Handover.objects.visible_to(ada).get(pk=job.pk)
    assert (job.done, job.changed, job.left) == (5, 5, 0)
    assert named(larkfield, "b-1") == 5


@pytest.mark.django_db(transaction=True)
def test_what_comes_in_just_as_its_agent_is_merged_is_not_left_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    larkfield = make_organization("Larkfield")
    ada = make_member(larkfield, "Ada", Role.ADMIN)
    for pk in ("a-1", "b-1"):
        call_of(larkfield, pk, external_id=pk, prescored=False)
    real = receiving.keep_agents

    def merge_first(*args: Any, **kwargs: Any) -> None:
        if threading.current_thread() is threading.main_thread():
            other = threading.Thread(target=merge)
            other.start()
            other.join(timeout=30)
        real(*args, **kwargs)

    def merge() -> None:
        try:
            merged(ada, "b-1", "a-1")
        finally:
            connection.close()

    monkeypatch.setattr(receiving, "keep_agents", merge_first)
    who = {"external_id": "b-1", "name": "Agent b-1"}
    with tenant(larkfield.id):
        stated = validate(interaction_json(agent=who, external_id="late"))
        pipeline.submit([stated], by=System(larkfield.id))
    assert (named(larkfield, "a-1"), named(larkfield, "b-1")) == (3, 0)


# All that match


def test_all_that_match_are_given_to_an_agent_after_one_question(
    signed_in: SignIn, larkfield: Organization, dana: Membership, alex: Membership
) -> None:
    for number in range(3):
        call_of(larkfield, "b-1", external_id=f"chat-{number}", channel="chat")
    call_of(larkfield, "b-1", external_id="call")
    client, url = signed_in(dana), at(larkfield, "interactions-agent-all")
    page = client.get(f"{url}?channel=chat").content.decode()
    assert "these 3 conversations" in page
    sent = {"query": "channel=chat", "count": "3", "who": "Alex Finch (a-1)", "save": "1"}
    changed = client.post(url, sent | {"count": "2"})
    assert changed.status_code == 409
    assert "The list has changed" in changed.content.decode()
    assert named(larkfield, "a-1") == 0
    assert client.post(url, sent | {"who": ""}).status_code == 422
    done = client.post(url, sent, follow=True)
    assert "3 conversations updated" in done.content.decode()
    assert (named(larkfield, "a-1"), named(larkfield, "b-1")) == (3, 1)
    assert rebuilt(larkfield)
    nobody = client.post(url, {"query": "channel=chat", "count": "3", "nobody": "1"})
    assert nobody.status_code == 302
    assert named(larkfield, "a-1") == 0


def test_what_came_in_since_the_count_is_left_out(
    signed_in: SignIn, larkfield: Organization, dana: Membership, alex: Membership
) -> None:
    call_of(larkfield, "b-1", external_id="one")
    client, url = signed_in(dana), at(larkfield, "interactions-agent-all")
    page = client.get(url)
    call_of(larkfield, "b-1", external_id="two")
    sent = {"query": "", "count": "1", "until": page.context["found"].until, "who": "a-1"}
    assert client.post(url, sent).status_code == 302
    assert (named(larkfield, "a-1"), named(larkfield, "b-1")) == (1, 1)
    for odd in ({"until": "x"}, {"query": "channel=%00&from=x"}):
        assert client.post(url, sent | odd).status_code in {302, 409}


def test_many_are_given_away_in_a_worker(
    signed_in: SignIn,
    larkfield: Organization,
    dana: Membership,
    alex: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qa.interactions.all_agents_views.NOW", 1)
    for number in range(3):
        call_of(larkfield, "b-1", external_id=f"c-{number}", prescored=False)
    sent = {"query": "", "count": "3", "who": "a-1"}
    done = signed_in(dana).post(at(larkfield, "interactions-agent-all"), sent, follow=True)
    assert "3 conversations are being updated" in done.content.decode()
    assert named(larkfield, "a-1") == 0
    tasks.sweep()
    with tenant(larkfield.id):
        (job,) = handovers.unfinished(by=System(larkfield.id))
    tasks.hand_over(str(larkfield.id), str(job))
    assert named(larkfield, "a-1") == 3


def notices_of(member: Membership) -> list[Line]:
    with tenant(member.organization_id):
        rows = Notice.objects.visible_to(member).filter(kind=Notice.Kind.HANDED_OVER)
        return reading.read(list(rows), by=member)


def test_who_asked_is_told_once_when_a_worker_is_done(
    signed_in: SignIn,
    larkfield: Organization,
    dana: Membership,
    alex: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qa.interactions.all_agents_views.NOW", 2)
    monkeypatch.setattr(handovers, "AT_ONCE", 2)
    disputed = call_of(larkfield, "a-1", external_id="disputed")
    review = confirm_review(make_review(dana, disputed), dana)
    with tenant(larkfield.id):
        disputes.open_dispute(review, by=alex, target="answer:own_words", words="No.")
    for number in range(3):
        call_of(larkfield, "a-1", external_id=f"c-{number}", prescored=False)
    call_of(larkfield, "b-1", external_id="theirs", channel="chat", prescored=False)
    client, url = signed_in(dana), at(larkfield, "interactions-agent-all")
    done = client.post(url, {"query": "channel=call", "count": "4", "who": "b-1"}, follow=True)
    assert "4 conversations are being updated" in done.content.decode()
    assert notices_of(dana) == []
    with tenant(larkfield.id):
        (job,) = handovers.unfinished(by=System(larkfield.id))
    for _again in range(2):
        tasks.hand_over(str(larkfield.id), str(job))
    (line,) = notices_of(dana)
    assert line.words == "You changed the agent of many conversations: 3 are updated."
    assert line.detail.startswith("1 couldn’t be changed")
    assert client.get(line.address).content.decode().count("Agent b-1") >= 3
    client.post(url, {"query": "channel=chat", "count": "1", "who": "a-1"})
    assert named(larkfield, "a-1") == 2
    assert len(notices_of(dana)) == 1, "who sees it done at once is not told"


def test_what_waits_to_go_back_goes_to_whoever_counts_for_each_now(
    larkfield: Organization, ada: Membership, alex: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "GIVEN_AT_ONCE", 0)
    for whose in ("a-1", "b-1", "c-1", "d-1"):
        call_of(larkfield, whose, external_id=whose, prescored=False)
    merge = merged(ada, "b-1", "a-1")
    with tenant(larkfield.id):
        job = pipeline.undo_merge(merge, by=ada)
    merged(ada, "b-1", "c-1")  # the twin
    merged(ada, "a-1", "d-1")  # the one who stayed
    tasks.hand_over(str(larkfield.id), str(job.pk))
    assert {whose: named(larkfield, whose) for whose in "abcd" for whose in (f"{whose}-1",)} == {
        "a-1": 0,
        "b-1": 0,
        "c-1": 2,
        "d-1": 2,
    }
    assert rebuilt(larkfield)
    (line,) = notices_of(ada)
    assert line.words == "The merge is undone: 1 conversation went back."
    assert line.detail == ""


def test_what_was_to_go_back_stays_where_both_are_one_again(
    larkfield: Organization, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "GIVEN_AT_ONCE", 0)
    for whose in ("a-1", "b-1"):
        call_of(larkfield, whose, external_id=whose, prescored=False)
    merge = merged(ada, "b-1", "a-1")
    with tenant(larkfield.id):
        job = pipeline.undo_merge(merge, by=ada)
    merged(ada, "b-1", "a-1")
    tasks.hand_over(str(larkfield.id), str(job.pk))
    assert (named(larkfield, "a-1"), named(larkfield, "b-1")) == (2, 0)
