"""Whether the workers get anywhere: what they note of it in the broker, and what follows.

A worker may answer every ping and do nothing. So it notes when it last finished a pre-score and
when the sweep last went round, with since when the oldest interaction has waited. The workers
are stuck if something has waited for longer than the limit AND nothing was finished for as long:
a long queue that moves on is none.

While nobody sweeps, the sweep's own message waits, and counts from the last time it went round;
beat that does not run leaves no message. Times only, and no tenant's: /readyz is public.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from kombu.transport.redis import PRIORITY_STEPS, Channel
from redis import Redis, RedisError

from qa.celery import app

KEY: Final = "heard:heartbeat"
PATIENCE_SECONDS: Final = 1.0  # with the broker: a worker has better things to do


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How long ago, in seconds; None where nothing waits, or nothing was ever finished."""

    oldest_waiting_s: float | None = None
    last_finished_s: float | None = None

    @property
    def is_stuck(self) -> bool:
        """True if something waits for too long and nothing comes to an end."""
        limit = settings.STUCK_SECONDS
        waiting, finished = self.oldest_waiting_s, self.last_finished_s
        return waiting is not None and waiting > limit and (finished is None or finished > limit)


def broker() -> Redis:
    """A connection that gives up soon."""
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        decode_responses=True,
    )


def note_finished() -> None:
    """Note that an interaction was pre-scored, or given up, now."""
    _note({"finished": time.time()})


def note_sweep(oldest: datetime | None) -> None:
    """Note that the sweep went round now, and when the oldest interaction that waits came in.

    One that an earlier sweep did not see waiting can't have waited since then, whenever it came
    in: somebody has started it again.
    """
    before = _read()[0]
    waiting = oldest.timestamp() if oldest else 0.0
    if waiting and not before.get("waiting"):
        waiting = max(waiting, before.get("swept", 0.0))
    _note({"swept": time.time(), "waiting": waiting})


def read() -> Heartbeat:
    """What the workers noted. Raises RedisError without a broker."""
    noted, messages = _read()
    since = [noted["waiting"]] if noted.get("waiting") else []
    if messages and "swept" in noted:
        since.append(noted["swept"] + settings.SWEEP_SECONDS)
    waiting = max(0.0, _age(min(since))) if since else None
    return Heartbeat(waiting, _age(noted["finished"]) if "finished" in noted else None)


def _age(moment: float) -> float:
    return time.time() - moment


def _note(times: Mapping[str, float]) -> None:
    try:
        with broker() as redis:
            redis.hset(KEY, mapping=dict(times))
    except RedisError:
        pass  # the next one notes it


def _read() -> tuple[dict[str, float], int]:
    """The times that stand there, and how many messages wait."""
    with broker() as redis, redis.pipeline(transaction=False) as pipe:
        pipe.hgetall(KEY)
        for queue in queues():
            pipe.llen(queue)
        noted, *lengths = pipe.execute()
    return {name: float(value) for name, value in noted.items()}, sum(lengths)


def queues() -> list[str]:
    """The lists of the broker in which messages wait, one for each priority."""
    name = app.conf.task_default_queue
    return [f"{name}{Channel.sep}{step}" if step else name for step in PRIORITY_STEPS]
