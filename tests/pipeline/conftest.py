"""Brokers for the tests: one that notes each bell, and one that is away."""

import time
from typing import NoReturn
from uuid import UUID

import pytest
from celery.exceptions import OperationalError

from qa import pipeline
from transcripts.models import Interaction

Status = Interaction.Status


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The interactions for which a bell rang, in order."""
    rung: list[UUID] = []

    def ring(args: tuple[str, str], countdown: float = 0) -> None:
        rung.append(UUID(args[1]))

    def ring_many(args: tuple[str, list[str]], countdown: float = 0) -> None:
        rung.extend(map(UUID, args[1]))

    monkeypatch.setattr(pipeline.process, "apply_async", ring)
    monkeypatch.setattr(pipeline.process_many, "apply_async", ring_many)
    return rung


@pytest.fixture
def silent_broker(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A broker that does not answer; the list holds the time of each attempt to reach it."""
    tried: list[float] = []

    def ring(*args: object, **options: object) -> NoReturn:
        tried.append(time.monotonic())
        raise OperationalError("connection refused")

    for task in (pipeline.process, pipeline.process_many):
        monkeypatch.setattr(task, "apply_async", ring)
    return tried
