"""A bell for many: the engine reads them at once, and none of them suffers by another."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa import tasks
from qa.dashboards import actions as dashboards
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import empathy
from scorecards.models import PreScore
from tests.pipeline.steps import (
    CALM,
    agree_with_a_rebuild,
    found_by_the_machine,
    replace,
    stored,
    submit,
    tables,
)
from tests.pipeline.test_races import at_once
from tests.world import make_organization
from transcripts.models import Interaction

Status = Interaction.Status
POISON = "These words are more than the engine can bear."
REAL = empathy.prescore_many


class Killed(BaseException):
    """The worker's process ends, and nothing in it can do anything about it."""


def ring(organization: Organization, ids: list[UUID]) -> None:
    tasks.process_many(str(organization.id), [str(pk) for pk in ids])


def received(organization: Organization, number: int, **last: Any) -> list[UUID]:
    changes: list[dict[str, Any]] = [{"external_id": f"c-{n}"} for n in range(number)]
    return [pushed.id for pushed in submit(organization, *changes, *([last] if last else []))]


def poison() -> dict[str, Any]:
    turns = [{"role": "customer", "text": POISON}, {"role": "agent", "text": "Yes."}]
    return {"external_id": "poison", "turns": turns}


@pytest.fixture
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many interactions the engine got in each call."""
    numbers: list[int] = []

    def counted(interactions: Iterable[Any], **options: Any) -> Iterator[Any]:
        got = list(interactions)
        numbers.append(len(got))
        return REAL(got, **options)

    monkeypatch.setattr(empathy, "prescore_many", counted)
    return numbers


@pytest.fixture
def engine_breaks(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[BaseException]], None]:
    """The engine raises this at the poison, wherever it stands among the others."""

    def with_error(error: type[BaseException]) -> None:
        def breaking(interactions: Iterable[Any], **options: Any) -> Iterator[Any]:
            for turns in interactions:
                if turns[0].text == POISON:
                    raise error
                yield from REAL([turns], **options)

        monkeypatch.setattr(empathy, "prescore_many", breaking)

    return with_error


def test_the_engine_reads_a_bell_of_many_at_once(
    larkfield: Organization, read_at_once: list[int]
) -> None:
    ids = received(larkfield, 5)
    ring(larkfield, ids)
    assert read_at_once == [5]
    assert found_by_the_machine(larkfield) == (5, 10)
    assert [stored(larkfield, pk).attempts for pk in ids] == [1] * 5
    assert agree_with_a_rebuild(larkfield)


def test_it_finds_what_it_finds_one_by_one(
    larkfield: Organization, elsewhere: Organization
) -> None:
    changes = [{"external_id": "a"}, {"external_id": "b", "turns": CALM, "language": "de"}]
    ids = [pushed.id for pushed in submit(larkfield, *changes)]
    ring(larkfield, ids)
    for pushed in submit(elsewhere, *changes):
        tasks.process(str(elsewhere.id), str(pushed.id))
    results = []
    for organization in (larkfield, elsewhere):
        with tenant(organization.id):
            rows = PreScore.objects.visible_to(System(organization.id))
            kept = rows.order_by("interaction__external_id")
            results.append([prescore.result for prescore in kept])
    assert results[0] == results[1]


def test_a_bell_that_comes_twice_changes_nothing(larkfield: Organization) -> None:
    ids = received(larkfield, 4)
    ring(larkfield, ids)
    once = (found_by_the_machine(larkfield), tables(larkfield))
    ring(larkfield, ids)
    assert (found_by_the_machine(larkfield), tables(larkfield)) == once


def test_long_ones_are_read_in_several_goes(
    larkfield: Organization, read_at_once: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "TURNS_AT_ONCE", 13)  # two of six turns
    ring(larkfield, received(larkfield, 5))
    assert read_at_once == [2, 2, 1]
    assert found_by_the_machine(larkfield)[0] == 5


def test_what_takes_too_long_is_passed_on_untouched(
    larkfield: Organization, monkeypatch: pytest.MonkeyPatch, enqueued: list[UUID]
) -> None:
    ids = received(larkfield, 5)
    monkeypatch.setattr(tasks, "TURNS_AT_ONCE", 13)
    monkeypatch.setattr(tasks, "TASK_BUDGET_SECONDS", -1)
    ring(larkfield, ids)
    assert enqueued == ids
    assert {stored(larkfield, pk).attempts for pk in ids} == {0}


def test_one_that_the_engine_fails_on_takes_no_other_with_it(
    larkfield: Organization,
    engine_breaks: Callable[[type[BaseException]], None],
    enqueued: list[UUID],
) -> None:
    engine_breaks(ValueError)
    *good, bad = received(larkfield, 4, **poison())
    for attempt in range(1, tasks.ATTEMPTS + 1):
        ring(larkfield, [good[0], bad, *good[1:]])
        assert [stored(larkfield, pk).status for pk in good] == [Status.PRESCORED] * 4
        assert stored(larkfield, bad).attempts == attempt
    assert {stored(larkfield, pk).attempts for pk in good} == {1}
    row = stored(larkfield, bad)
    assert (row.status, row.failure) == (Status.FAILED, "Pre-scoring failed 4 times.")
    assert enqueued == [bad] * 3
    assert agree_with_a_rebuild(larkfield)


def test_one_that_kills_its_worker_is_given_up_alone(
    larkfield: Organization, engine_breaks: Callable[[type[BaseException]], None]
) -> None:
    engine_breaks(Killed)
    *good, bad = received(larkfield, 4, **poison())
    ids = [good[0], bad, *good[1:]]
    for _ in range(tasks.ATTEMPTS):
        with pytest.raises(Killed):
            ring(larkfield, ids)  # the broker delivers it again each time
    ring(larkfield, ids)
    assert [stored(larkfield, pk).status for pk in good] == [Status.PRESCORED] * 4
    row = stored(larkfield, bad)
    assert row.status == Status.FAILED
    assert row.failure == "The pre-scoring process stopped each time it tried this."
    assert agree_with_a_rebuild(larkfield)


def test_one_that_cannot_be_written_is_tried_again_alone(
    larkfield: Organization, monkeypatch: pytest.MonkeyPatch, enqueued: list[UUID]
) -> None:
    ids = received(larkfield, 3)
    whole = dashboards.count

    def count(prescore: PreScore, **by: Any) -> None:
        if prescore.interaction_id == ids[1]:
            raise RuntimeError("no room")
        whole(prescore, **by)

    monkeypatch.setattr(dashboards, "count", count)
    ring(larkfield, ids)
    states = [stored(larkfield, pk).status for pk in ids]
    assert states == [Status.PRESCORED, Status.RECEIVED, Status.PRESCORED]
    assert enqueued == [ids[1]]
    monkeypatch.undo()
    tasks.process(str(larkfield.id), str(ids[1]))
    assert found_by_the_machine(larkfield)[0] == 3
    assert agree_with_a_rebuild(larkfield)


def test_what_is_replaced_while_the_engine_reads_waits_for_its_own_bell(
    larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = received(larkfield, 3)

    def replacing(interactions: Iterable[Any], **options: Any) -> Iterator[Any]:
        replace(larkfield, ids[1], external_id="c-1", turns=CALM)
        return REAL(interactions, **options)

    monkeypatch.setattr(empathy, "prescore_many", replacing)
    ring(larkfield, ids)
    states = [stored(larkfield, pk).status for pk in ids]
    assert states == [Status.PRESCORED, Status.RECEIVED, Status.PRESCORED]
    assert agree_with_a_rebuild(larkfield)


def test_the_transcripts_are_read_by_one_query(larkfield: Organization) -> None:
    ids = received(larkfield, 22)

    def reads(bundle: list[UUID]) -> int:
        with CaptureQueriesContext(connection) as queries:
            ring(larkfield, bundle)
        return sum('"transcripts_transcript"' in query["sql"] for query in queries)

    assert (reads(ids[:2]), reads(ids[2:])) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_bell_count_each_once(transactional_db: None) -> None:
    organization = make_organization("Larkfield")
    by = System(organization.id)
    ids = received(organization, 12)
    at_once(lambda: ring(organization, ids), lambda: ring(organization, ids[::-1]))
    assert found_by_the_machine(organization) == (12, 24)
    with tenant(organization.id):
        assert Interaction.objects.visible_to(by).filter(status="prescored").count() == 12
    assert agree_with_a_rebuild(organization)
