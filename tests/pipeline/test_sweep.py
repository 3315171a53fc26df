"""The sweep rings again for what nobody took up."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from qa import heartbeat, tasks
from qa.celery import app
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.pipeline.steps import age, submit
from transcripts.models import IdempotentAnswer, Interaction


def test_the_sweep_rings_for_what_has_waited_too_long_once(
    larkfield: Organization, enqueued: list[UUID]
) -> None:
    old, new, done = submit(
        larkfield, {"external_id": "old"}, {"external_id": "new"}, {"external_id": "done"}
    )
    tasks.process(str(larkfield.id), str(done.id))
    age(larkfield, old=timedelta(minutes=6), new=timedelta(minutes=4), done=timedelta(hours=1))
    assert (tasks.sweep(), enqueued) == (1, [old.id])
    assert tasks.sweep() == 0
    assert (tasks.sweep(older_than_seconds=60), enqueued) == (1, [old.id, new.id])


def test_the_sweep_serves_every_organization(
    larkfield: Organization, elsewhere: Organization, enqueued: list[UUID]
) -> None:
    (mine,) = submit(larkfield, {"external_id": "old"})
    (theirs,) = submit(elsewhere, {"external_id": "old"})
    for organization in (larkfield, elsewhere):
        age(organization, old=timedelta(hours=1))
    assert tasks.sweep() == 2
    assert set(enqueued) == {mine.id, theirs.id}


def test_one_sweep_rings_a_limited_number_of_bells_oldest_first(
    larkfield: Organization, enqueued: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SWEEP_LIMIT", 2)
    names = ["a", "b", "c"]
    received = submit(larkfield, *({"external_id": name} for name in names))
    age(larkfield, a=timedelta(hours=1), b=timedelta(hours=3), c=timedelta(hours=2))
    assert tasks.sweep() == 2
    assert enqueued == [received[1].id, received[2].id]
    assert (tasks.sweep(), enqueued[2:]) == (1, [received[0].id])


def test_a_sweep_without_a_broker_stops_at_once_and_the_next_one_rings(
    larkfield: Organization, silent_broker: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    received = submit(larkfield, *({"external_id": name} for name in "ab"))
    age(larkfield, a=timedelta(hours=2), b=timedelta(hours=1))
    assert (tasks.sweep(), len(silent_broker)) == (0, 1)
    named: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda task, args, countdown: named.append(args[1]))
    assert (tasks.sweep(), named) == (2, [str(pushed.id) for pushed in received])


def test_the_sweep_forgets_answers_after_a_day(
    larkfield: Organization, enqueued: list[UUID]
) -> None:
    by = System(larkfield.id)
    with tenant(larkfield.id):
        for key in ("old", "new"):
            IdempotentAnswer.objects.create(
                organization=larkfield, key=key, request_hash="0" * 64, status=201, body={}
            )
        answers = IdempotentAnswer.objects.visible_to(by)
        answers.filter(key="old").update(created_at=timezone.now() - timedelta(hours=25))
    tasks.sweep()
    with tenant(larkfield.id):
        assert [answer.key for answer in answers.all()] == ["new"]


def test_the_sweep_notes_since_when_the_oldest_one_waits(
    larkfield: Organization, elsewhere: Organization, enqueued: list[UUID]
) -> None:
    with heartbeat.broker() as redis:
        redis.flushdb()  # what other tests left waiting, too
    tasks.sweep()
    assert heartbeat.read().oldest_waiting_s is None
    (mine,) = submit(larkfield, {"external_id": "mine"})
    submit(elsewhere, {"external_id": "theirs"})
    came_in(larkfield, timedelta(hours=1))
    tasks.sweep()
    started_again = heartbeat.read().oldest_waiting_s
    assert started_again is not None
    assert started_again < 600  # no sweep saw it wait before, so it does not wait for an hour
    tasks.sweep()
    assert (heartbeat.read().oldest_waiting_s or 0) >= 3600
    assert heartbeat.read().last_finished_s is None
    assert heartbeat.read().is_stuck
    tasks.process(str(larkfield.id), str(mine.id))
    assert not heartbeat.read().is_stuck
    tasks.sweep()
    assert (heartbeat.read().oldest_waiting_s or 0) < 600


def came_in(organization: Organization, ago: timedelta) -> None:
    """Let what waits here have come in so long ago."""
    with tenant(organization.id):
        mine = Interaction.objects.visible_to(System(organization.id))
        mine.update(received_at=timezone.now() - ago)
