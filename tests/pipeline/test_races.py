"""Two at once, on real connections: each conditional write has one winner."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection

from qa import dispatch, pipeline, tasks
from qa.audit.actions import first_broken, record
from qa.audit.models import AuditEvent
from qa.dashboards.models import DailyInteractions
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.reviews.queue import claim_next
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from scorecards.models import Moment, PreScore
from tests.world import interaction_json, make_interaction, make_member, make_organization
from transcripts.formats import validate
from transcripts.models import Interaction, Transcript
from transcripts.receiving import Receipt, Received

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


@pytest.fixture
def larkfield(transactional_db: None) -> Organization:
    return make_organization("Larkfield")


def at_once(*jobs: Callable[[], T]) -> list[T]:
    """Run the jobs in threads that start together, each with a connection of its own."""
    together = threading.Barrier(len(jobs), timeout=10)

    def run(job: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            together.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, job) for job in jobs]]


def test_of_two_workers_that_finish_together_one_writes(larkfield: Organization) -> None:
    interaction = make_interaction(larkfield, prescored=False)
    by = System(larkfield.id)
    with tenant(larkfield.id):
        read = Interaction.objects.visible_to(by).select_related("transcript").get()
    result = scorecards.run_engine(read)

    def write() -> bool:
        with tenant(larkfield.id):
            return scorecards.keep_prescore(read, result, by=by) is not None

    assert sorted(at_once(*[write] * 4)) == [False, False, False, True]
    with tenant(larkfield.id):
        assert PreScore.objects.visible_to(by).filter(interaction=interaction).count() == 1
        assert Moment.objects.visible_to(by).count() == len(result["moments"])


def test_a_message_that_is_delivered_to_three_workers_counts_once(
    larkfield: Organization,
) -> None:
    interaction = make_interaction(larkfield, prescored=False)
    by = System(larkfield.id)

    def work() -> None:
        tasks.process(str(larkfield.id), str(interaction.pk))

    at_once(*[work] * 3)
    with tenant(larkfield.id):
        assert Interaction.objects.visible_to(by).get().status == Interaction.Status.PRESCORED
        assert PreScore.objects.visible_to(by).count() == 1
        assert DailyInteractions.objects.visible_to(by).get().interactions == 1


def test_two_clients_that_push_the_same_in_other_orders_keep_each_once(
    larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "enqueue_many", lambda *args: True)
    by = System(larkfield.id)
    pushed = [
        validate(
            interaction_json(
                external_id=f"c-{n}", agent={"external_id": f"a-{n}", "name": f"Agent {n}"}
            )
        )
        for n in range(40)
    ]

    def push(interactions: list[object]) -> Callable[[], list[Received]]:
        def job() -> list[Received]:
            with tenant(larkfield.id):
                return pipeline.submit(interactions, by=by)  # type: ignore[arg-type]

        return job

    forth, back = at_once(push(list(pushed)), push(pushed[::-1]))
    receipts = [pushed.receipt for pushed in forth + back]
    assert receipts.count(Receipt.RECEIVED) == 40
    assert receipts.count(Receipt.DUPLICATE) == 40
    assert [pushed.id for pushed in forth] == [pushed.id for pushed in reversed(back)]
    with tenant(larkfield.id):
        assert Interaction.objects.visible_to(by).count() == 40
        assert Transcript.objects.visible_to(by).count() == 40
        assert Agent.objects.visible_to(by).count() == 40


def test_two_specialists_never_get_the_same_interaction(larkfield: Organization) -> None:
    people = [make_member(larkfield, name, Role.SPECIALIST) for name in ("Dana", "Sam", "Kim")]
    for n in range(3):
        make_interaction(larkfield, external_id=f"c-{n}")

    def taking(member: Membership) -> Callable[[], object]:
        def take() -> object:
            with tenant(larkfield.id):
                review = claim_next(by=member)
            return review.interaction_id if review else None

        return take

    taken = at_once(*[taking(member) for member in people])
    assert None not in taken
    assert len(set(taken)) == 3


def test_writers_of_the_audit_trail_queue_up(larkfield: Organization) -> None:
    by = System(larkfield.id)

    def write() -> None:
        for _ in range(5):
            with tenant(larkfield.id):
                record(by, "test.written", larkfield, {})

    at_once(*[write] * 4)
    with tenant(larkfield.id):
        events = list(AuditEvent.objects.visible_to(by).order_by("number"))
    assert [event.number for event in events] == list(range(1, 21))
    assert first_broken(events) is None
