"""From the bell to the dashboards: once, whatever fails, comes twice or is replaced."""

import logging
from collections.abc import Callable
from typing import NoReturn
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from qa import pipeline, tasks
from qa.audit.models import AuditEvent
from qa.core.errors import Conflict, Refused
from qa.core.logs import PrivateFormatter
from qa.dashboards.models import DailyInteractions
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from tests.pipeline.steps import (
    CALM,
    agree_with_a_rebuild,
    found_by_the_machine,
    process,
    replace,
    stored,
    tables,
)
from tests.world import ANGRY_CALL, make_interaction, make_review
from transcripts.models import Interaction, Transcript

Status = Interaction.Status


def test_processing_twice_counts_once(larkfield: Organization) -> None:
    interaction = make_interaction(larkfield)
    once = (found_by_the_machine(larkfield), tables(larkfield))
    process(interaction)
    assert (found_by_the_machine(larkfield), tables(larkfield)) == once
    assert once[0][0] == 1
    assert stored(larkfield, interaction.pk).status == Status.PRESCORED
    assert agree_with_a_rebuild(larkfield)


def test_a_task_for_an_interaction_that_is_gone_does_nothing(larkfield: Organization) -> None:
    tasks.process(str(larkfield.id), str(uuid4()))
    tasks.process(str(uuid4()), str(uuid4()))
    assert found_by_the_machine(larkfield) == (0, 0)


@pytest.fixture
def broken_engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every run of the engine fails until the returned function mends it."""

    def fail(interaction: Interaction) -> NoReturn:
        raise ValueError(f"cannot read {interaction.transcript.turns[1]['text']}")

    whole = scorecards.run_engine
    monkeypatch.setattr(scorecards, "run_engine", fail)
    return lambda: monkeypatch.setattr(scorecards, "run_engine", whole)


def test_the_fourth_failure_gives_up_with_a_reason_and_retrying_starts_afresh(
    larkfield: Organization,
    ada: Membership,
    enqueued: list[UUID],
    broken_engine: Callable[[], None],
) -> None:
    interaction = make_interaction(larkfield, prescored=False)
    for attempt in (1, 2, 3):
        process(interaction)
        row = stored(larkfield, interaction.pk)
        assert (row.status, row.attempts) == (Status.RECEIVED, attempt)
    process(interaction)
    row = stored(larkfield, interaction.pk)
    assert (row.status, row.failure) == (Status.FAILED, "Pre-scoring failed 4 times.")
    assert enqueued == [interaction.pk] * 3
    broken_engine()
    process(interaction)
    assert stored(larkfield, interaction.pk).status == Status.FAILED
    with tenant(larkfield.id):
        row = pipeline.retry(row, by=ada)
    assert (row.status, row.attempts, row.failure) == (Status.RECEIVED, 0, "")
    process(interaction)
    assert stored(larkfield, interaction.pk).status == Status.PRESCORED
    assert found_by_the_machine(larkfield)[0] == 1


def test_a_transcript_that_kills_its_worker_is_given_up(larkfield: Organization) -> None:
    interaction = make_interaction(larkfield, prescored=False)
    with tenant(larkfield.id):
        Interaction.objects.visible_to(System(larkfield.id)).update(attempts=tasks.ATTEMPTS)
    process(interaction)
    row = stored(larkfield, interaction.pk)
    assert row.status == Status.FAILED
    assert row.failure == "The pre-scoring process stopped each time it tried this."


def test_a_failure_is_logged_by_id_and_never_with_the_transcript(
    larkfield: Organization,
    enqueued: list[UUID],
    broken_engine: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    interaction = make_interaction(larkfield, prescored=False)
    with caplog.at_level(logging.INFO):
        process(interaction)
    printed = "\n".join(PrivateFormatter().format(record) for record in caplog.records)
    assert str(interaction.pk) in printed
    assert "ValueError" in printed
    assert str(ANGRY_CALL[1]["text"])[:20] not in printed


def test_only_a_failed_interaction_can_be_retried(larkfield: Organization, ada: Membership) -> None:
    interaction = make_interaction(larkfield)
    with tenant(larkfield.id), pytest.raises(Refused):
        pipeline.retry(interaction, by=ada)
    assert stored(larkfield, interaction.pk).status == Status.PRESCORED


def test_replacing_forgets_what_was_found_and_starts_over(
    larkfield: Organization,
    enqueued: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    interaction = make_interaction(larkfield, external_id="c-1")
    with django_capture_on_commit_callbacks(execute=True):
        replaced = replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
    assert (replaced.pk, replaced.status) == (interaction.pk, Status.RECEIVED)
    assert enqueued == [interaction.pk]
    assert found_by_the_machine(larkfield) == (0, 0)
    assert tables(larkfield) == ([], [], [])
    with tenant(larkfield.id):
        turns = Transcript.objects.visible_to(System(larkfield.id)).get().turns
    assert [turn["text"] for turn in turns] == [turn["text"] for turn in CALM]
    process(interaction)
    assert found_by_the_machine(larkfield) == (1, 0)
    assert agree_with_a_rebuild(larkfield)


def test_replacing_with_another_agent_moves_the_count(larkfield: Organization) -> None:
    interaction = make_interaction(larkfield, external_id="c-1")
    replace(
        larkfield,
        interaction.pk,
        external_id="c-1",
        agent={"external_id": "a-2", "name": "Robin", "team": "Sales"},
        started_at="2026-11-05T10:15:00Z",
    )
    process(interaction)
    assert agree_with_a_rebuild(larkfield)


def test_replacing_drops_the_draft_of_a_review(larkfield: Organization, dana: Membership) -> None:
    interaction = make_interaction(larkfield, external_id="c-1")
    make_review(dana, interaction)
    replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
    with tenant(larkfield.id):
        assert not Review.objects.visible_to(dana).exists()


def test_a_confirmed_review_keeps_its_content(larkfield: Organization, dana: Membership) -> None:
    interaction = make_interaction(larkfield, external_id="c-1")
    make_review(dana, interaction, confirmed=True)
    before = tables(larkfield)
    with pytest.raises(Conflict):
        replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
    assert stored(larkfield, interaction.pk).status == Status.REVIEWED
    assert tables(larkfield) == before


def test_content_that_is_replaced_while_the_engine_reads_is_not_scored_as_the_old(
    larkfield: Organization,
) -> None:
    interaction = make_interaction(larkfield, external_id="c-1", prescored=False)
    by = System(larkfield.id)
    with tenant(larkfield.id):
        old = Interaction.objects.visible_to(by).select_related("transcript").get()
    result = scorecards.run_engine(old)
    replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
    with tenant(larkfield.id):
        assert scorecards.keep_prescore(old, result, by=by) is None
    process(interaction)
    assert found_by_the_machine(larkfield) == (1, 0)


def test_a_confirmed_review_counts_in_place_of_the_machine(
    larkfield: Organization, dana: Membership
) -> None:
    make_interaction(larkfield, external_id="c-1")
    make_review(dana, confirmed=True)
    by = System(larkfield.id)
    with tenant(larkfield.id):
        counted = DailyInteractions.objects.visible_to(by).get()
    assert (counted.interactions, counted.reviewed) == (2, 1)
    assert agree_with_a_rebuild(larkfield)


def test_intake_is_recorded_by_its_rows_and_every_later_step_by_one_event(
    larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    def actions_since(number: int) -> list[str]:
        with tenant(larkfield.id):
            events = AuditEvent.objects.visible_to(ada).filter(number__gt=number)
            return [event.action for event in events.order_by("number")]

    start = len(actions_since(0))
    interaction = make_interaction(larkfield, external_id="c-1")
    assert actions_since(start) == []
    assert stored(larkfield, interaction.pk).received_from == "system"
    replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
    with tenant(larkfield.id):
        mine = Interaction.objects.visible_to(ada)
        mine.update(status=Status.FAILED)
        pipeline.retry(mine.get(), by=ada)
    process(interaction)
    make_review(dana, stored(larkfield, interaction.pk), confirmed=True)
    assert actions_since(start) == [
        "interaction.replaced",
        "interaction.retried",
        *["scorecard.published"] * 2,  # the starter cards, on first need
        "review.opened",
        "review.confirmed",
    ]
