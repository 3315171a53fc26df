"""A real worker of Celery, on the test database and a broker of the test's own."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from redis import Redis

from devstack.pytest_plugin import process_environment
from qa import pipeline
from qa.celery import app
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import ANGRY_CALL, interaction_json
from transcripts.formats import validate
from transcripts.models import Interaction

ROOT = Path(__file__).resolve().parents[2]
WORKER = (sys.executable, "-m", "celery", "-A", "qa", "worker", "--concurrency", "2")
QUIETLY = ("--without-gossip", "--without-mingle", "--without-heartbeat")  # as docker-compose.yml
Worker = subprocess.Popen[bytes]


@contextmanager
def sending_to(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Messages of this process go to this broker, which is empty before and after."""
    redis = Redis.from_url(address)
    redis.flushdb()
    with app.connection(address) as connection:
        monkeypatch.setattr(app, "send_task", partial(app.send_task, connection=connection))
        yield
    redis.flushdb()
    redis.close()


def starter(broker: str, log_file: Path) -> Iterator[Callable[[], Worker]]:
    """Starts a real worker in a process group of its own; whatever is left is killed."""
    started: list[Worker] = []

    def start() -> Worker:
        environment = {**process_environment(), "REDIS_URL": broker, "LOG_LEVEL": "ERROR"}
        with log_file.open("ab") as log:
            worker = subprocess.Popen(
                [*WORKER, *QUIETLY],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        kill(worker)


def kill(worker: Worker) -> None:
    """SIGKILL for the worker and its children at once: no handler runs, no task is handed back."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def until(condition: Callable[[], bool], *, seconds: float, worker: Worker) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < end, "the worker did not get there in time"
        time.sleep(0.03)


def submit(organization: Organization, count: int) -> int:
    """Push this many transcripts and return how many were received."""
    turns = ANGRY_CALL * 8  # long enough for a kill to hit the middle of one
    pushed = [validate(interaction_json(external_id=f"c-{n}", turns=turns)) for n in range(count)]
    with tenant(organization.id):
        received = pipeline.submit(pushed, by=System(organization.id))
    return len(received)


def states(organization: Organization) -> Counter[str]:
    with tenant(organization.id):
        mine = Interaction.objects.visible_to(System(organization.id))
        return Counter(mine.values_list("status", flat=True))
