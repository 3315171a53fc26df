"""A worker is killed in the middle of its work; nothing is lost and nothing counts twice."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis

from qa import dispatch, heartbeat, tasks
from qa.dashboards import actions as dashboards
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment, PreScore
from tests.pipeline.real_worker import Worker, kill, sending_to, starter, states, submit, until
from tests.world import make_organization

pytestmark = pytest.mark.django_db(transaction=True)

TRANSCRIPTS = 200


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Redis database of this test's own, to which the messages of this process go too."""
    address = urlsplit(os.environ["REDIS_URL"])._replace(path="/9").geturl()
    with sending_to(address, monkeypatch):
        yield address


@pytest.fixture
def start_worker(broker: str, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    yield from starter(broker, tmp_path / "worker.log")


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
    assert submit(organization, TRANSCRIPTS) == TRANSCRIPTS
    redis = Redis.from_url(broker)
    assert sum(map(redis.llen, heartbeat.queues())) == TRANSCRIPTS / dispatch.BATCH_SIZE

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
