"""What comes in is kept once, and its bell rings at the commit."""

import socket
from functools import partial
from uuid import UUID

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis.connection import Connection

from qa.celery import app
from qa.organizations.models import Organization
from tests.pipeline.steps import CALM, stored, submit
from transcripts.receiving import Receipt


def test_a_pushed_interaction_is_kept_and_its_bell_rings_at_the_commit(
    larkfield: Organization,
    enqueued: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        (received,) = submit(larkfield, {"external_id": "c-1"})
    assert (received.receipt, received.status, enqueued) == (Receipt.RECEIVED, "received", [])
    for ring in callbacks:
        ring()
    assert enqueued == [received.id]


def test_the_same_again_is_a_duplicate_and_rings_no_bell(
    larkfield: Organization,
    enqueued: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    (first,) = submit(larkfield, {"external_id": "c-1"})
    with django_capture_on_commit_callbacks(execute=True):
        (again,) = submit(larkfield, {"external_id": "c-1"})
    assert (again.id, again.receipt, enqueued) == (first.id, Receipt.DUPLICATE, [])


def test_other_content_under_the_same_id_is_a_conflict_and_changes_nothing(
    larkfield: Organization,
) -> None:
    (first,) = submit(larkfield, {"external_id": "c-1"})
    before = stored(larkfield, first.id).content_hash
    (other,) = submit(larkfield, {"external_id": "c-1", "turns": CALM})
    assert (other.id, other.receipt) == (first.id, Receipt.CONFLICT)
    assert stored(larkfield, first.id).content_hash == before


def test_without_an_external_id_the_content_is_the_identity(larkfield: Organization) -> None:
    first, second, third = submit(larkfield, {}, {}, {"turns": CALM})
    assert (first.receipt, second.receipt, third.receipt) == (
        Receipt.RECEIVED,
        Receipt.DUPLICATE,
        Receipt.RECEIVED,
    )
    assert first.id == second.id != third.id


def test_the_same_id_from_two_sources_or_in_two_organizations_is_two_interactions(
    larkfield: Organization, elsewhere: Organization
) -> None:
    received = submit(
        larkfield,
        {"external_id": "c-1", "source": "genesys"},
        {"external_id": "c-1", "source": "five9"},
    )
    received += submit(elsewhere, {"external_id": "c-1", "source": "genesys"})
    assert [pushed.receipt for pushed in received] == [Receipt.RECEIVED] * 3
    assert len({pushed.id for pushed in received}) == 3


def test_the_same_id_twice_in_one_batch_is_kept_once(larkfield: Organization) -> None:
    same, again, other = submit(
        larkfield,
        {"external_id": "c-1"},
        {"external_id": "c-1"},
        {"external_id": "c-1", "turns": CALM},
    )
    assert [same.receipt, again.receipt, other.receipt] == [
        Receipt.RECEIVED,
        Receipt.DUPLICATE,
        Receipt.CONFLICT,
    ]
    assert same.id == again.id == other.id


def test_a_broker_that_is_away_costs_one_attempt_and_the_rows_stay(
    larkfield: Organization,
    silent_broker: list[float],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        received = submit(larkfield, *({"external_id": f"c-{n}"} for n in range(5)))
    assert len(silent_broker) == 1
    assert {stored(larkfield, pushed.id).status for pushed in received} == {"received"}


def test_an_unreachable_broker_is_given_up_after_a_few_attempts(
    larkfield: Organization,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    nowhere = app.connection("redis://127.0.0.1:1/0")
    send_task = partial(app.send_task, connection=nowhere)
    monkeypatch.setattr(app, "send_task", send_task)
    attempts: list[Connection] = []
    connect = Connection._connect

    def counted(connection: Connection) -> socket.socket:
        attempts.append(connection)
        return connect(connection)

    monkeypatch.setattr(Connection, "_connect", counted)
    with django_capture_on_commit_callbacks(execute=True):
        (received,) = submit(larkfield, {"external_id": "c-1"})
    assert len(attempts) == 2
    assert f"broker unreachable row={received.id}" in caplog.text
