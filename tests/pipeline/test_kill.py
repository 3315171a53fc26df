"""A worker is killed in the middle of its work; nothing is lost and nothing counts twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis

from devstack.pytest_plugin import process_environment
from qa import dispatch, pipeline, tasks
from qa.celery import app
from qa.dashboards import actions as dashboards
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment, PreScore
from tests.world import ANGRY_CALL, interaction_json, make_organization
from transcripts.formats import validate
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
TRANSCRIPTS = 200
WORKER = [sys.executable, "-m", "celery", "-A", "qa", "worker", "--concurrency", "2"]
Worker = subprocess.Popen[bytes]


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Redis database of this test's own, to which the enqueued of this process go too."""
    address = urlsplit(os.environ["REDIS_URL"])._replace(path="/9").geturl()
    redis = Redis.from_url(address)
    redis.flushdb()
    with app.connection(address) as connection:
        monkeypatch.setattr(app, "send_task", partial(app.send_task, connection=connection))
        yield address
    redis.flushdb()
    redis.close()


@pytest.fixture
def start_worker(broker: str, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    """Starts a real worker in a process group of its own; whatever is left is killed."""
    started: list[Worker] = []

    def start() -> Worker:
        environment = {**process_environment(), "REDIS_URL": broker, "LOG_LEVEL": "ERROR"}
        with (tmp_path / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                WORKER,
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


def submit(organization: Organization) -> int:
    """Push the transcripts and return how many were received."""
    turns = ANGRY_CALL * 8  # long enough for a kill to hit the middle of one
    pushed = [
        validate(interaction_json(external_id=f"c-{n}", turns=turns)) for n in range(TRANSCRIPTS)
    ]
    with tenant(organization.id):
        received = pipeline.submit(pushed, by=System(organization.id))
    return len(received)


def states(organization: Organization) -> Counter[str]:
    with tenant(organization.id):
        mine = Interaction.objects.visible_to(System(organization.id))
        return Counter(mine.values_list("status", flat=True))


def tables(organization: Organization) -> tuple[list[object], list[object]]:
    by = System(organization.id)
    kind = ("day", "agent_id", "team_id", "channel")
    with tenant(organization.id):
        moments = DailyMoments.objects.visible_to(by)
        days = DailyInteractions.objects.visible_to(by)
        return (
            sorted(moments.values_list(*kind, "emotion", "outcome", "strength", "count")),
            sorted(days.values_list(*kind, "interactions", "scorable", "reviewed")),
        )


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    broker: str, start_worker: Callable[[], Worker]
) -> None:
    organization = make_organization("Larkfield")
    assert submit(organization) == TRANSCRIPTS
    assert Redis.from_url(broker).llen("celery") == TRANSCRIPTS / dispatch.BATCH_SIZE

    first = start_worker()
    until(lambda: states(organization)["prescored"] >= 20, seconds=60, worker=first)
    kill(first)
    half = states(organization)
    assert 20 <= half["prescored"] < 180
    assert half["prescored"] + half["received"] == TRANSCRIPTS

    second = start_worker()
    assert tasks.sweep(older_than_seconds=0) == half["received"]
    until(lambda: states(organization)["received"] == 0, seconds=120, worker=second)

    by = System(organization.id)
    assert states(organization) == {"prescored": TRANSCRIPTS}
    with tenant(organization.id):
        scored = PreScore.objects.visible_to(by)
        assert scored.count() == TRANSCRIPTS
        assert scored.values("interaction").distinct().count() == TRANSCRIPTS
        found = len(scored[0].result["moments"])
        moments = Moment.objects.visible_to(by).values_list("interaction", flat=True)
        assert set(Counter(moments).values()) == {found}
        assert len(moments) == found * TRANSCRIPTS
    kept = tables(organization)
    assert [row[4] for row in kept[1]] == [TRANSCRIPTS]  # type: ignore[index]
    with tenant(organization.id):
        dashboards.rebuild(by=by)
    assert tables(organization) == kept
