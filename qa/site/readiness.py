"""Which of the parts that Heard needs answer now: what `/readyz` reports."""

from django.conf import settings
from django.db import Error, connection
from kombu.exceptions import KombuError
from redis import Redis, RedisError

from qa.celery import app


def part_states() -> dict[str, bool]:
    """Ask each part whether it answers; without a broker no worker can be asked."""
    broker = _broker()
    return {"database": _database(), "broker": broker, "worker": broker and _worker()}


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker() -> bool:
    try:
        return bool(Redis.from_url(settings.REDIS_URL, socket_timeout=1).ping())
    except (RedisError, ValueError):
        return False


def _worker() -> bool:
    try:
        return bool(app.control.ping(timeout=1, limit=1))
    except (KombuError, RedisError, OSError):
        return False
