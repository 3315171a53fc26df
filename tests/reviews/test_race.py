"""Twenty specialists at one queue: each conversation is taken exactly once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection

from qa import drawing, pipeline, tasks
from qa.organizations.models import Membership, Organization, Role
from qa.reviews import queue
from qa.reviews.models import Review
from qa.sampling import actions as sampling
from qa.sampling.models import Pick, QueueEntry
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import interaction_json, make_member, make_organization
from transcripts.formats import validate
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)
SPECIALISTS, CONVERSATIONS = 20, 120
TURNS = [
    {"role": "customer", "text": "This is the third time I've called and nobody helps me!"},
    {"role": "agent", "text": "Let me see what I can do about that."},
] * 3


def fill(organization: Organization, number: int, agents: int = 5) -> set[UUID]:
    """So many pre-scored conversations of some agents."""
    by = System(organization.pk)
    pushed = [
        validate(
            interaction_json(
                external_id=f"c-{n}",
                turns=TURNS,
                agent={"external_id": f"a-{n % agents}", "name": f"A{n % agents}"},
            )
        )
        for n in range(number)
    ]
    with tenant(organization.pk):
        ids = [str(interaction.id) for interaction in pipeline.submit(pushed, by=by)]
    tasks.process_many(str(organization.pk), ids)
    return {UUID(pk) for pk in ids}


def together(people: list[Membership], work: Callable[[Membership], None]) -> None:
    """All of them at once, each in a thread with a connection of its own."""
    start = threading.Barrier(len(people), timeout=30)

    def run(me: Membership) -> None:
        start.wait()
        try:
            work(me)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        for done in [pool.submit(run, me) for me in people]:
            done.result(timeout=240)


def take_all(me: Membership, taken: list[UUID]) -> None:
    """Take one after the other until nothing waits; each is out of the way, as if submitted."""
    while True:
        with tenant(me.organization_id):
            review = queue.claim_next(by=me)
        if review is None:
            return
        taken.append(review.interaction_id)
        with tenant(me.organization_id):
            Review.objects.visible_to(me).filter(pk=review.pk).update(
                status=Review.Status.CONFIRMED
            )
            rows = Interaction.objects.visible_to(me).filter(pk=review.interaction_id)
            rows.update(status=Interaction.Status.REVIEWED)
            sampling.leave(rows.get(), by=me)


def test_twenty_specialists_at_once_take_120_conversations_each_exactly_once() -> None:
    larkfield = make_organization("Larkfield")
    people = [make_member(larkfield, f"S{n}", Role.SPECIALIST) for n in range(SPECIALISTS)]
    wanted = fill(larkfield, CONVERSATIONS)
    taken: list[UUID] = []
    together(people, lambda me: take_all(me, taken))
    assert len(taken) == CONVERSATIONS
    assert set(taken) == wanted
    with tenant(larkfield.pk):
        reviews = Review.objects.visible_to(System(larkfield.pk))
        assert reviews.count() == CONVERSATIONS
        assert reviews.values("specialist").distinct().count() > 1


def test_one_specialist_who_presses_twice_gets_one_conversation() -> None:
    larkfield = make_organization("Larkfield")
    me = make_member(larkfield, "Dana", Role.SPECIALIST)
    fill(larkfield, 8)
    got: set[UUID] = set()

    def press(me: Membership) -> None:
        with tenant(me.organization_id):
            review = queue.claim_next(by=me)
        assert review
        got.add(review.pk)

    together([me] * 6, press)
    assert len(got) == 1
    with tenant(larkfield.pk):
        assert Review.objects.visible_to(me).count() == 1


def test_while_rules_pick_and_hand_out_everything_is_taken_once_by_whom_it_waits_for() -> None:
    larkfield = make_organization("Larkfield")
    people = [make_member(larkfield, f"S{n}", Role.SPECIALIST) for n in range(6)]
    mona = make_member(larkfield, "Mona", Role.MANAGER)
    wanted = fill(larkfield, 60)
    with tenant(larkfield.pk):
        rule = sampling.create_rule(
            by=mona,
            kind="share",
            name="All",
            percent=100,
            assignment="turns",
            specialists=[person.pk for person in people[:3]],
        )
        drawing.switch_on(rule, by=mona, look_back=True)
    holders: dict[UUID, UUID | None] = {}
    taken: list[UUID] = []

    def work(me: Membership) -> None:
        if me == people[0]:
            tasks.draw(str(larkfield.pk))  # while the others look for work already
        else:
            tasks.sweep()
        take_all(me, taken)

    together(people, work)
    with tenant(larkfield.pk):
        by = System(larkfield.pk)
        picks = Pick.objects.visible_to(by)
        assert picks.count() == picks.values("interaction").distinct().count() == 60
        assert not QueueEntry.objects.visible_to(by).exists()
        holders = dict(Review.objects.visible_to(by).values_list("interaction_id", "specialist_id"))
    assert sorted(taken) == sorted(wanted)
    assert set(holders.values()) <= {person.pk for person in people[:3]}
