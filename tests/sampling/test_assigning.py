"""For whom a conversation waits: in turn, by load, by hand; never one's own or an excluded one."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa import tasks
from qa.notices.models import Notice
from qa.organizations.models import Agent, Membership, Organization, Role, Team
from qa.reviews.models import Review
from qa.sampling.models import Exclusion, Pick, QueueEntry
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import address, take
from tests.sampling.test_rules import call, made, switch
from tests.world import make_calibration, make_interaction, make_member, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def manager(signed_in: SignIn, mona: Membership) -> Client:
    return signed_in(mona)


def holders(organization: Organization) -> dict[UUID, UUID | None]:
    with tenant(organization.pk):
        rows = QueueEntry.objects.visible_to(System(organization.pk))
        return dict(rows.values_list("interaction_id", "assigned_to"))


def rule_for(client: Client, by: Membership, people: list[Membership], how: str = "turns") -> UUID:
    chosen = [str(person.pk) for person in people]
    rule = made(client, by, "share", percent="100", assignment=how, specialists=chosen)
    switch(client, by, rule, "back")
    return rule


def assign(client: Client, by: Membership, calls: Any, to: Membership | None) -> Any:
    sent = {
        "interaction": [str(interaction.pk) for interaction in calls],
        "back": "queue",
        "query": "",
    }
    return client.post(address("queue-assign", by), {**sent, "to": str(to.pk) if to else ""})


def test_in_turn_everybody_gets_as_many(
    manager: Client, mona: Membership, dana: Membership, sam: Membership, larkfield: Organization
) -> None:
    rule_for(manager, mona, [dana, sam])
    for n in range(6):
        call(larkfield, external_id=f"c-{n}")
    assert Counter(holders(larkfield).values()) == {dana.pk: 3, sam.pk: 3}


def test_by_load_whoever_has_the_fewest_waiting_gets_the_next(
    manager: Client, mona: Membership, dana: Membership, sam: Membership, larkfield: Organization
) -> None:
    first = [call(larkfield, external_id=f"b-{n}") for n in range(3)]
    assign(manager, mona, first, dana)
    rule_for(manager, mona, [dana, sam], "load")
    for n in range(3):
        call(larkfield, external_id=f"c-{n}")
    assert Counter(holders(larkfield).values()) == {dana.pk: 3, sam.pk: 3}


def test_what_is_assigned_is_taken_by_nobody_else(
    signed_in: SignIn, manager: Client, mona: Membership, dana: Membership, sam: Membership
) -> None:
    larkfield = mona.organization
    rule_for(manager, mona, [dana])
    interaction = call(larkfield, external_id="c-1")
    client = signed_in(sam)
    assert f"row-{interaction.pk}" not in client.get(address("queue", sam)).content.decode()
    assert client.post(address("queue-take", sam))["Location"] == address("queue", sam)
    by_hand = client.post(address("queue-take", sam), {"interaction": str(interaction.pk)})
    assert by_hand.status_code == 422
    assert "assigned to someone else" in by_hand.content.decode()
    client = signed_in(dana)
    assert "Yours" in client.get(address("queue", dana)).content.decode()
    assert take(client, dana).review.interaction_id == interaction.pk


def test_nobody_is_given_their_own_or_an_excluded_one(
    signed_in: SignIn, manager: Client, mona: Membership, dana: Membership, sam: Membership
) -> None:
    larkfield = mona.organization
    call(larkfield, "a-7", external_id="first", team="Care")
    with tenant(larkfield.pk):
        agent = Agent.objects.visible_to(mona).get(external_id="a-7")
        team = Team.objects.visible_to(mona).get(name="Care")
    both = make_member(larkfield, "Both", Role.SPECIALIST, agent)
    exclude = address("sampling-exclusions", mona)
    assert (
        manager.post(exclude, {"member": str(dana.pk), "agent": str(agent.pk)}).status_code == 302
    )
    assert manager.post(exclude, {"member": str(sam.pk), "team": str(team.pk)}).status_code == 302
    rule_for(manager, mona, [both, dana, sam])
    interaction = call(larkfield, "a-7", external_id="second", team="Care")
    assert holders(larkfield)[interaction.pk] is None, "nobody of the three may: it stays shared"
    for member in (both, dana, sam):
        client = signed_in(member)
        shown = client.get(address("queue", member)).content.decode()
        assert f"row-{interaction.pk}" not in shown
        answer = client.post(address("queue-take", member), {"interaction": str(interaction.pk)})
        assert answer.status_code == 422
        assert client.post(address("queue-take", member))["Location"] == address("queue", member)
    assert assign(signed_in(mona), mona, [interaction], dana).status_code == 422
    with tenant(larkfield.pk):
        assert not Review.objects.visible_to(mona).exists()


def test_excluding_gives_back_what_was_assigned_and_can_be_taken_back(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    rule_for(manager, mona, [dana])
    interaction = call(larkfield, external_id="c-1")
    assert holders(larkfield) == {interaction.pk: dana.pk}
    page = address("sampling-exclusions", mona)
    sent = {"member": str(dana.pk), "agent": str(interaction.agent_id)}
    assert manager.post(page, sent).status_code == 302
    assert holders(larkfield) == {interaction.pk: None}
    twice = manager.post(page, sent)
    assert twice.status_code == 422
    assert "This exclusion already exists" in twice.content.decode()
    neither = manager.post(page, {"member": str(dana.pk)})
    assert "Choose either an agent or a team" in neither.content.decode()
    with tenant(larkfield.pk):
        row = Exclusion.objects.visible_to(mona).get()
    assert manager.post(address("sampling-include", mona, pk=row.pk)).status_code == 302
    with tenant(larkfield.pk):
        assert not Exclusion.objects.visible_to(mona).exists()


def test_what_is_not_begun_in_time_goes_back_to_everyone(
    signed_in: SignIn, manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    rule_for(manager, mona, [dana])
    lazy, begun = (call(larkfield, external_id=f"c-{n}") for n in range(2))
    desk = take(signed_in(dana), dana, interaction=str(begun.pk))
    assert desk.review.interaction_id == begun.pk
    with tenant(larkfield.pk):
        places = QueueEntry.objects.visible_to(System(larkfield.pk))
        assert all(
            place.returns_at and place.returns_at > timezone.now() + timedelta(days=2)
            for place in places
        )
        places.update(returns_at=timezone.now())
    tasks.remind()
    assert holders(larkfield) == {lazy.pk: None, begun.pk: dana.pk}


def test_a_manager_assigns_many_at_once_and_the_specialist_is_told(
    signed_in: SignIn, manager: Client, mona: Membership, dana: Membership, sam: Membership
) -> None:
    larkfield = mona.organization
    calls = [call(larkfield, external_id=f"c-{n}") for n in range(4)]
    make_review(sam, calls[0])
    make_review(sam, calls[1], confirmed=True)
    listed = manager.get(address("queue", mona)).content.decode()
    assert "Assign to" in listed
    answer = assign(manager, mona, calls, dana)
    assert answer.status_code == 302
    told = manager.get(answer["Location"]).content.decode()
    assert "2 conversations assigned to Dana." in told
    assert "1 is being reviewed by someone else." in told
    assert "1 has already been reviewed." in told
    assert holders(larkfield) == {calls[2].pk: dana.pk, calls[3].pk: dana.pk}
    with tenant(larkfield.pk):
        (notice,) = Notice.objects.visible_to(dana).filter(kind=Notice.Kind.ASSIGNED)
        assert notice.facts["number"] == 2
        assert set(Pick.objects.visible_to(mona).values_list("why", flat=True)) == {"by_hand"}
    own = signed_in(dana).get(notice.address).content.decode()
    assert own.count("Yours") == 2
    assert assign(signed_in(mona), mona, calls[2:], None).status_code == 302
    assert set(holders(larkfield).values()) == {None}


def test_what_cannot_be_assigned_is_refused_in_words_and_the_choice_is_kept(
    signed_in: SignIn, mona: Membership, dana: Membership, alex: Membership, mallory: Membership
) -> None:
    manager, larkfield = signed_in(mona), mona.organization
    interaction = call(larkfield, external_id="c-1")
    done = call(larkfield, external_id="c-2")
    make_review(dana, done, confirmed=True)
    nothing = assign(manager, mona, [], dana)
    assert nothing.status_code == 422
    assert "Select conversations first" in nothing.content.decode()
    late = assign(manager, mona, [done], dana)
    assert "Nothing was assigned. 1 has already been reviewed." in late.content.decode()
    to_agent = assign(manager, mona, [interaction], alex)
    assert "Agents can’t review conversations" in to_agent.content.decode()
    assert f'value="{interaction.pk}"' in to_agent.content.decode()
    assert assign(manager, mona, [interaction], mallory).status_code == 404
    assert assign(signed_in(dana), dana, [interaction], dana).status_code == 403
    elsewhere = make_interaction(mallory.organization)
    assert (
        "None of these conversations can be assigned."
        in assign(signed_in(mona), mona, [elsewhere], dana).content.decode()
    )
    assert holders(larkfield) == {}


def test_what_somebody_reads_for_a_calibration_is_not_assigned_to_them(
    manager: Client, mona: Membership, dana: Membership, sam: Membership, larkfield: Organization
) -> None:
    interaction = call(larkfield, external_id="c-1")
    make_calibration(mona, [dana, sam], interaction)
    refused = assign(manager, mona, [interaction], dana)
    assert "is in a calibration the reviewer takes part in" in refused.content.decode()
    assert assign(manager, mona, [interaction], mona).status_code == 302


def test_the_queue_takes_as_many_queries_for_many_assigned(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    counts = []
    for size in (2, 14):
        calls = [call(larkfield, f"a-{n}", external_id=f"{size}-{n}") for n in range(size)]
        assign(manager, mona, calls, dana)
        with CaptureQueriesContext(connection) as caught:
            manager.get(address("queue", mona), {"whose": "others"})
        counts.append(len(caught))
    assert counts[0] == counts[1]
