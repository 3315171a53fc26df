"""The database is away when a task begins; it comes again, and is not taken for done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from celery import Task
from django.db import OperationalError, connection
from django.test import Client

from qa import tasks
from qa.outbox.models import Mail
from tests.pipeline.steps import Status, stored, submit
from tests.world import make_organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Closes the connection, and lets as many attempts to open it fail as asked for."""
    failed: list[int] = []

    def begin(times: int) -> list[int]:
        connect = connection.get_new_connection

        def refuse(parameters: Any) -> Any:
            if len(failed) < times:
                failed.append(len(failed))
                raise OperationalError("connection refused")
            return connect(parameters)

        monkeypatch.setattr(connection, "get_new_connection", refuse)
        connection.close()
        return failed

    return begin


@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
def test_an_interaction_is_scored_once_the_database_is_back(
    several: bool, away: Callable[[int], list[int]], enqueued: list[UUID]
) -> None:
    organization = make_organization("Larkfield")
    received = submit(organization, {"external_id": "a"}, {"external_id": "b"})
    ids = [str(pushed.id) for pushed in received]
    failed = away(3)
    if several:
        run(tasks.process_many, str(organization.id), ids)
    else:
        run(tasks.process, str(organization.id), ids[0])
    assert len(failed) == 3
    found = stored(organization, received[0].id)
    assert (found.status, found.attempts) == (Status.PRESCORED, 1)


def test_a_mail_goes_out_once_the_database_is_back(
    away: Callable[[int], list[int]], mailoutbox: list[Any], client: Client, silent_broker: object
) -> None:
    client.post("/accounts/reset/", {"email": "nobody@example.com"})
    (waiting,) = Mail.objects.all()
    away(2)
    run(tasks.send_mail, str(waiting.pk))
    assert not Mail.objects.exists()


@pytest.mark.parametrize("task", [tasks.process, tasks.process_many, tasks.draw, tasks.send_mail])
def test_it_comes_again_for_minutes_with_growing_pauses(task: Any) -> None:
    assert task.max_retries == 8
    assert (task.retry_backoff, task.retry_backoff_max) == (5, 60)


def run(task: Task[Any, Any], *args: object) -> None:
    """Run a task as a worker does; what it sends to itself for later is run at once."""
    task.apply(args=args)
