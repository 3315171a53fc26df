"""Which of the parts that Heard needs answer now, and whether work gets done: `/readyz`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import Error, connection
from kombu.exceptions import KombuError
from redis import RedisError

from qa import heartbeat
from qa.celery import app
from qa.heartbeat import Heartbeat

OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state of each part in a word, and two ages in seconds that anybody may know."""

    parts: dict[str, str]
    waiting: int | None
    finished: int | None

    @property
    def ready(self) -> bool:
        """True if every part is well."""
        return set(self.parts.values()) == {OK}


def readiness() -> Readiness:
    """Ask each part whether it answers; without a broker no worker can be asked."""
    noted = _noted()
    worker = noted is not None and answers()
    parts = {"database": _database(), "broker": noted is not None, "worker": worker}
    words = {name: OK if there else "unreachable" for name, there in parts.items()}
    noted = noted or Heartbeat()
    if worker and noted.is_stuck:
        words["worker"] = "stuck"
    return Readiness(words, _coarse(noted.oldest_waiting_s), _coarse(noted.last_finished_s))


def answers(names: Sequence[str] | None = None) -> bool:
    """Return True if one of these workers answers, or any of them all."""
    try:
        return bool(app.control.ping(timeout=1, limit=1, destination=names))
    except (KombuError, RedisError, OSError):
        return False


def _noted() -> Heartbeat | None:
    try:
        return heartbeat.read()
    except (RedisError, ValueError):
        return None


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _coarse(age: float | None) -> int | None:
    """Give an age in whole minutes: to the second it would tell everybody when work comes in."""
    return None if age is None else int(age // 60) * 60
