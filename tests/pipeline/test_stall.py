"""The broker stalls while tasks come to their end; the worker goes on with all its slots."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from devstack.processes import Child
from devstack.servers import throw_away_stack
from qa import dispatch
from qa.celery import app
from qa.organizations.models import Organization
from qa.site.worker import FirmMessage
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.pipeline.real_worker import Worker, sending_to, starter, states, submit, until
from tests.world import make_organization
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)

TRANSCRIPTS = 12
STALLS = 2
SLOTS = 2  # of the worker


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Child, str]]:
    """A broker that may be stopped, for no other test has a part in it."""
    stack = throw_away_stack()
    try:
        address = stack.start({"DATABASE_URL": "postgres://not.asked"})["REDIS_URL"]
        with sending_to(address, monkeypatch):
            yield stack.processes.children[0], address
            stack.processes.children[0].process.send_signal(signal.SIGCONT)
    finally:
        stack.stop()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


@pytest.fixture
def start_worker(server: tuple[Child, str], log: Path) -> Iterator[Callable[[], Worker]]:
    yield from starter(server[1], log)


def test_a_broker_that_stalls_again_and_again_costs_the_worker_no_slot(
    server: tuple[Child, str],
    log: Path,
    start_worker: Callable[[], Worker],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dispatch, "BATCH_SIZE", 1)  # a message for each, and a slot for each
    organization = make_organization("Larkfield")
    assert submit(organization, TRANSCRIPTS) == TRANSCRIPTS
    worker = start_worker()
    for stall in range(1, STALLS + 1):
        with held_up(organization) as waiting:
            server[0].process.send_signal(signal.SIGCONT)
            until(lambda: waiting() == SLOTS, seconds=60, worker=worker)
            server[0].process.send_signal(signal.SIGSTOP)
        until(partial(has_failed, log, stall), seconds=60, worker=worker)
    server[0].process.send_signal(signal.SIGCONT)
    until(lambda: states(organization)["received"] == 0, seconds=60, worker=worker)
    assert states(organization) == {"prescored": TRANSCRIPTS}


@contextmanager
def held_up(organization: Organization) -> Iterator[Callable[[], int]]:
    """Tasks wait in their middle as long as this lasts; gives how many do."""
    with tenant(organization.id), connection.cursor() as cursor:
        rows = Interaction.objects.visible_to(System(organization.id)).select_for_update()
        assert len(rows) == TRANSCRIPTS

        def waiting() -> int:
            cursor.execute(
                "SELECT count(*) FROM pg_locks "
                "WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
            )
            return int(cursor.fetchone()[0])

        yield waiting


def has_failed(log: Path, times: int) -> bool:
    """Return True once so many acknowledgements were not taken by the broker."""
    return log.read_text().count("Couldn't ack") >= times


def test_a_task_whose_connection_is_gone_ends_without_a_word(server: tuple[Child, str]) -> None:
    """Its message comes again; an error here would end the worker."""
    with app.connection(server[1]) as connection:
        channel = connection.channel()
        message = FirmMessage({"properties": {"delivery_tag": "one"}}, channel)
        channel.close()
        message.ack_log_error(logging.getLogger(), connection.connection_errors)
        message.reject_log_error(logging.getLogger(), connection.connection_errors, requeue=True)
