"""Brokers for the tests: one that notes each message, and one that is away."""

import time
from typing import NoReturn
from uuid import UUID

import pytest
from celery.exceptions import OperationalError

from qa.celery import app
from transcripts.models import Interaction

Status = Interaction.Status


def named_in(args: tuple[str, str | list[str]]) -> list[UUID]:
    """The interactions that a message names."""
    return [UUID(pk) for pk in (args[1] if isinstance(args[1], list) else [args[1]])]


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The interactions that were named to the workers, in order."""
    named: list[UUID] = []

    def send_task(task: str, args: tuple[str, str], **options: object) -> None:
        named.extend(named_in(args))

    monkeypatch.setattr(app, "send_task", send_task)
    return named


@pytest.fixture
def silent_broker(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A broker that does not answer; the list holds the time of each attempt to reach it."""
    tried: list[float] = []

    def send_task(*args: object, **options: object) -> NoReturn:
        tried.append(time.monotonic())
        raise OperationalError("connection refused")

    monkeypatch.setattr(app, "send_task", send_task)
    return tried
