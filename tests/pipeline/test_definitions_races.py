"""Definitions put to use while workers are at it, on real connections: never two in one figure."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError

from qa import dispatch, pipeline, rescoring, tasks
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from scorecards import in_use
from scorecards.empathy import load_pack
from scorecards.in_use import EngineConfig, OtherDefinitions
from tests.commands.rescoring import prescores, rescore, strict_pack
from tests.pipeline.steps import agree_with_a_rebuild, process, stored
from tests.pipeline.test_races import at_once
from tests.world import make_interaction, make_organization
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 20


@pytest.fixture
def larkfield(transactional_db: None) -> Organization:
    return make_organization("Larkfield")


@pytest.fixture
def strict(tmp_path: Path) -> EngineConfig:
    return EngineConfig(pack=load_pack(strict_pack(tmp_path)))


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Interactions for which the bell rang one by one."""
    ids: list[UUID] = []
    monkeypatch.setattr(dispatch, "enqueue", lambda organization, pk, *args: ids.append(pk))
    monkeypatch.setattr(dispatch, "enqueue_many", lambda *args: True)
    return ids


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "several at once"])
def test_what_was_read_under_the_definitions_before_is_not_written_but_read_anew(
    larkfield: Organization,
    strict: EngineConfig,
    rung: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
    together: bool,
) -> None:
    waiting = [make_interaction(larkfield, prescored=False, external_id=f"c-{n}") for n in range(3)]
    ids = [str(interaction.pk) for interaction in waiting]
    read, changed = threading.Event(), threading.Event()
    whole = pipeline.advance

    def late(*args: Any, **options: Any) -> None:
        options["result"] = options.get("result") or scorecards.run_engine(args[0])
        read.set()
        assert changed.wait(SECONDS)
        whole(*args, **options)

    def work() -> None:
        if together:
            tasks.process_many(str(larkfield.id), ids)
        for pk in () if together else ids:
            tasks.process(str(larkfield.id), pk)

    def change() -> None:
        assert read.wait(SECONDS)
        in_use.put_to_use(strict, by=System(larkfield.id))
        changed.set()

    monkeypatch.setattr(pipeline, "advance", late)
    at_once(work, _within(larkfield, change))
    assert rung
    for pk in rung:
        row = stored(larkfield, pk)
        assert (row.status, row.attempts) == (Interaction.Status.RECEIVED, 0)
        process(row)
    assert [made.definitions for made in prescores(larkfield)] == ["strict-1"] * 3
    assert agree_with_a_rebuild(larkfield)


def test_putting_to_use_waits_for_what_is_being_written_and_rescoring_finds_it(
    larkfield: Organization,
    strict: EngineConfig,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interaction = make_interaction(larkfield, prescored=False)
    writing, waited = threading.Event(), []
    whole = pipeline.dashboards.count

    def slow(*args: Any, **options: Any) -> None:
        writing.set()
        waited.append(done.wait(0.5))  # False: nobody puts anything to use beside it
        whole(*args, **options)

    done = threading.Event()

    def change() -> rescoring.Summary:
        assert writing.wait(SECONDS)
        by = System(larkfield.id)
        rescoring.begin(larkfield, by=by, maker=strict)
        done.set()
        return rescoring.rescore(by=by, maker=strict)

    monkeypatch.setattr(pipeline.dashboards, "count", slow)
    at_once(lambda: process(interaction), change)
    assert waited == [False]
    made = [(made.definitions, made.current) for made in prescores(larkfield)]
    assert made == [("codebook-1", False), ("strict-1", True)]
    assert agree_with_a_rebuild(larkfield)


def test_a_run_stops_where_others_are_put_to_use_meanwhile(
    larkfield: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        make_interaction(larkfield, external_id=f"c-{n}")
    whole, runs = pipeline.rescore, []

    def late(*args: Any, **options: Any) -> bool:
        runs.append(args)
        if len(runs) == 2:
            with tenant(larkfield.id):
                in_use.put_to_use(EngineConfig("cues-1.0"), by=System(larkfield.id))
        return whole(*args, **options)

    monkeypatch.setattr(pipeline, "rescore", late)
    with pytest.raises(CommandError, match=r"put to use meanwhile\. Nothing more was rescored"):
        rescore("--pack", strict_pack(tmp_path))
    rescore("--engine", "cues-1.0")
    current = [made for made in prescores(larkfield) if made.current]
    assert [(made.engine_version, made.definitions) for made in current] == [
        ("cues-1.0", "codebook-1")
    ] * 3
    assert agree_with_a_rebuild(larkfield)


def test_two_that_put_to_use_at_once_leave_one(
    larkfield: Organization, strict: EngineConfig
) -> None:
    by = System(larkfield.id)

    def put(config: EngineConfig) -> Callable[[], object]:
        return _within(larkfield, lambda: in_use.put_to_use(config, by=by))

    at_once(put(strict), put(strict), put(EngineConfig("cues-1.0")), put(strict))
    assert in_use.engine_in_use(by).version_key in (
        strict.version_key,
        EngineConfig("cues-1.0").version_key,
    )


def test_what_slipped_in_by_a_worker_of_an_earlier_release_is_found(
    larkfield: Organization, strict: EngineConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = System(larkfield.id)
    make_interaction(larkfield, external_id="c-1")
    late = make_interaction(larkfield, external_id="c-2", prescored=False)
    rescoring.begin(larkfield, by=by, maker=strict)

    def once(done: int) -> None:
        if done == 1:
            with monkeypatch.context() as earlier, tenant(larkfield.id):
                earlier.setattr(in_use, "refuse_others", lambda version, by: None)
                ours = scorecards.run_engine_many([_read(late)], EngineConfig())
                scorecards.keep_prescore(late, dict(ours)[late] or {}, by=by)

    # c-2 is written behind the place that the first look has come to.
    monkeypatch.setattr(rescoring, "_batches", _backwards(rescoring._batches))
    rescoring.rescore(by=by, maker=strict, batch=1, on_progress=once)
    assert [made.definitions for made in prescores(larkfield) if made.current] == ["strict-1"] * 2


def test_a_pre_score_of_others_is_refused_by_the_action_itself(
    larkfield: Organization, strict: EngineConfig
) -> None:
    interaction = _read(make_interaction(larkfield, prescored=False))
    result = scorecards.run_engine(interaction)
    with tenant(larkfield.id):
        in_use.put_to_use(strict, by=System(larkfield.id))
    with pytest.raises(OtherDefinitions), tenant(larkfield.id):
        scorecards.keep_prescore(interaction, result, by=System(larkfield.id))


def _within(organization: Organization, job: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with tenant(organization.id):
            job()

    return run


def _read(interaction: Interaction) -> Interaction:
    by = System(interaction.organization_id)
    with tenant(interaction.organization_id):
        rows = Interaction.objects.visible_to(by).select_related("transcript")
        return rows.get(pk=interaction.pk)


def _backwards(batches: Any) -> Any:
    """The batches there are at the beginning, so that what comes meanwhile is not among them."""

    def found(*args: Any) -> Any:
        yield from list(batches(*args))

    return found
