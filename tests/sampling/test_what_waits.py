"""What becomes of what waits when the first rule goes on and the last one off; and simulations."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.reviews import queue
from qa.reviews.queue import claim
from qa.sampling.models import QueueEntry, Rule
from qa.sampling.simulation import Simulation, simulate
from qa.tenancy.context import tenant
from tests.reviews.steps import address
from tests.sampling.test_assigning import assign, rule_for
from tests.sampling.test_rules import call, in_queue, made, picked, switch
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def manager(signed_in: SignIn, mona: Membership) -> Client:
    return signed_in(mona)


def page_of(client: Client, by: Membership, rule: UUID) -> str:
    shown = client.get(address("sampling-rule", by, pk=rule)).content.decode()
    return " ".join(shown.split())


def took_place(by: Membership, moment: datetime) -> None:
    with tenant(by.organization_id):
        Interaction.objects.visible_to(by).update(started_at=moment)


def test_switching_on_says_how_many_leave_the_queue_and_asks(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    calls = [call(larkfield, external_id=f"c-{n}") for n in range(3)]
    rule = made(manager, mona, "number", per_week="2")
    assert "3 conversations that are waiting will leave the queue." in page_of(manager, mona, rule)
    unanswered = manager.post(address("sampling-switch", mona, pk=rule), {"to": "now"})
    assert unanswered.status_code == 409
    assert "keep the waiting conversations" in unanswered.content.decode()
    assert all(in_queue(manager, mona, one) for one in calls)
    assert switch(manager, mona, rule, "now", "keep").status_code == 302
    assert all(in_queue(manager, mona, one) for one in calls), "kept as asked"
    with tenant(larkfield.pk):
        event = AuditEvent.objects.visible_to(mona).get(action="rule.switched_on")
        assert event.data == {"look_back": False, "waiting": "keep", "kept": 3}
    later = call(larkfield, external_id="later")
    assert not in_queue(manager, mona, later), "from then on rules decide"


def test_what_is_let_go_leaves_but_not_what_is_begun_or_assigned(
    manager: Client, mona: Membership, dana: Membership, sam: Membership, larkfield: Organization
) -> None:
    begun, assigned, free = (call(larkfield, external_id=f"c-{n}") for n in range(3))
    with tenant(larkfield.pk):
        review = claim(begun.pk, by=dana)
    assign(manager, mona, [assigned], sam)
    rule = made(manager, mona, "dismissed")
    assert "1 conversation that is waiting will leave the queue." in page_of(manager, mona, rule)
    switch(manager, mona, rule, "now", "let_go")
    assert not in_queue(manager, mona, free)
    with tenant(larkfield.pk):
        places = QueueEntry.objects.visible_to(mona)
        assert set(places.values_list("interaction", "assigned_to")) == {
            (begun.pk, None), (assigned.pk, sam.pk),
        }  # fmt: skip
        queue.release(review, by=dana)
    assert in_queue(manager, mona, begun), "put back, it waits again"


def test_a_second_rule_moves_nothing_and_asks_nothing(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    call(larkfield, external_id="c-1")
    switch(manager, mona, made(manager, mona, "dismissed"), "now")
    other = made(manager, mona, "unfit")
    assert "will leave the queue" not in page_of(manager, mona, other)
    plain = manager.post(address("sampling-switch", mona, pk=other), {"to": "now"})
    assert plain.status_code == 302


def test_switching_the_last_off_says_how_many_come_and_asks(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    old = call(larkfield, external_id="c-1")
    rule = made(manager, mona, "dismissed")
    switch(manager, mona, rule, "now")
    assert "1 more conversation will come into the queue" in page_of(manager, mona, rule)
    unanswered = manager.post(address("sampling-switch", mona, pk=rule), {"to": "off"})
    assert unanswered.status_code == 409
    assert switch(manager, mona, rule, "off", "leave_out").status_code == 302
    new = call(larkfield, external_id="c-2")
    assert (in_queue(manager, mona, old), in_queue(manager, mona, new)) == (False, True)
    refused = manager.post(address("sampling-remove", mona, pk=rule))
    assert refused.status_code == 409
    assert "stayed out of the queue" in refused.content.decode()
    switch(manager, mona, rule, "now")
    switch(manager, mona, rule, "off", "let_in")
    assert in_queue(manager, mona, old)
    assert manager.post(address("sampling-remove", mona, pk=rule)).status_code == 302


def test_an_answer_of_the_other_kind_is_none(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    call(larkfield, external_id="c-1")
    rule = made(manager, mona, "dismissed")
    assert switch(manager, mona, rule, "now", "leave_out").status_code == 409
    switch(manager, mona, rule, "now")
    assert switch(manager, mona, rule, "off", "keep").status_code == 409


def test_only_managers_switch_and_only_their_own_rules(
    signed_in: SignIn, mona: Membership, dana: Membership, mallory: Membership
) -> None:
    rule = made(signed_in(mona), mona, "dismissed")
    sent = {"to": "now", "waiting": "keep"}
    there = address("sampling-switch", mona, pk=rule)
    assert signed_in(dana).post(there, sent).status_code == 403
    assert signed_in(mallory).post(there, sent).status_code == 404


def simulated(by: Membership, rule: UUID) -> Simulation:
    with tenant(by.organization_id):
        return simulate(Rule.objects.visible_to(by).get(pk=rule), by=by)


def test_the_page_simulates_the_last_full_weeks_by_agent(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    for agent in ("a-1", "a-2"):
        for n in range(5):
            call(larkfield, agent, external_id=f"{agent}-{n}")
    took_place(mona, timezone.now() - timedelta(weeks=1))
    rule = made(manager, mona, "number", per_week="2")
    shown = page_of(manager, mona, rule)
    assert "Of <strong>10</strong> conversations, this rule would have picked" in shown
    found = simulated(mona, rule)
    assert (found.picked, found.seen, len(found.rows)) == (4, 10, 4)
    assert [line.weeks for line in found.agents] == [[0, 0, 0, 2]] * 2
    assert found.a_week == 1
    assert picked(mona, rule) == set(), "a simulation writes nothing"


def test_a_simulation_counts_what_was_picked_and_reviewed_already(
    manager: Client, mona: Membership, dana: Membership, sam: Membership, larkfield: Organization
) -> None:
    for n in range(4):
        call(larkfield, external_id=f"c-{n}")
    rule = rule_for(manager, mona, [dana, sam])
    took_place(mona, timezone.now() - timedelta(weeks=2))
    found = simulated(mona, rule)
    assert found.picked == 4
    assert (found.reviewers, found.each) == (2, 0.5)
