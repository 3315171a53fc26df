"""From intake to the dashboards: once, whatever comes twice, fails or is away."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn
from uuid import UUID, uuid4

import pytest
from celery.exceptions import OperationalError
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from qa import pipeline
from qa.audit.models import AuditEvent
from qa.celery import app
from qa.dashboards import actions as dashboards
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.errors import Conflict, Refused
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from scorecards.models import Moment, PreScore
from tests.world import ANGRY_CALL, interaction_json, make_interaction, make_review
from transcripts.actions import Receipt, Received
from transcripts.formats import validate
from transcripts.models import IdempotentAnswer, Interaction, Transcript

Status = Interaction.Status
CALM: list[dict[str, Any]] = [
    {"role": "customer", "text": "How do I change my address?"},
    {"role": "agent", "text": "Under Settings, then Address."},
]


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The interactions for which a bell rang, in order."""
    rung: list[UUID] = []

    def ring(args: tuple[str, str], countdown: float = 0) -> None:
        rung.append(UUID(args[1]))

    monkeypatch.setattr(pipeline.process, "apply_async", ring)
    return rung


@pytest.fixture
def silent_broker(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A broker that does not answer; the list holds the time of each attempt to reach it."""
    tried: list[float] = []

    def ring(*args: object, **options: object) -> NoReturn:
        tried.append(time.monotonic())
        raise OperationalError("connection refused")

    monkeypatch.setattr(pipeline.process, "apply_async", ring)
    return tried


def submit(organization: Organization, *changes: dict[str, Any]) -> list[Received]:
    pushed = [validate(interaction_json(**change)) for change in changes]
    with tenant(organization.id):
        return pipeline.submit(pushed, by=System(organization.id))


def stored(organization: Organization, pk: UUID) -> Interaction:
    with tenant(organization.id):
        return Interaction.objects.visible_to(System(organization.id)).get(pk=pk)


def process(interaction: Interaction) -> None:
    pipeline.process(str(interaction.organization_id), str(interaction.pk))


def tables(organization: Organization) -> tuple[list[Any], list[Any]]:
    """What the dashboards read, without the ids of the rows and without empty cells."""
    by = System(organization.id)
    with tenant(organization.id):
        moments = DailyMoments.objects.visible_to(by).exclude(count=0)
        days = DailyInteractions.objects.visible_to(by).exclude(interactions=0)
        kind = ("day", "agent_id", "team_id", "channel")
        return (
            sorted(map(str, moments.values_list(*kind, "emotion", "outcome", "strength", "count"))),
            sorted(map(str, days.values_list(*kind, "interactions", "scorable", "reviewed"))),
        )


def agree_with_a_rebuild(organization: Organization) -> bool:
    before = tables(organization)
    with tenant(organization.id):
        dashboards.rebuild(by=System(organization.id))
    return tables(organization) == before


def found_by_the_machine(organization: Organization) -> tuple[int, int]:
    """How many pre-scores and moments there are."""
    by = System(organization.id)
    with tenant(organization.id):
        return (
            PreScore.objects.visible_to(by).count(),
            Moment.objects.visible_to(by).count(),
        )


def test_a_pushed_interaction_is_kept_and_its_bell_rings_at_the_commit(
    larkfield: Organization,
    bells: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        (received,) = submit(larkfield, {"external_id": "c-1"})
    assert (received.receipt, received.status, bells) == (Receipt.RECEIVED, "received", [])
    for ring in callbacks:
        ring()
    assert bells == [received.id]


def test_the_same_again_is_a_duplicate_and_rings_no_bell(
    larkfield: Organization,
    bells: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    (first,) = submit(larkfield, {"external_id": "c-1"})
    with django_capture_on_commit_callbacks(execute=True):
        (again,) = submit(larkfield, {"external_id": "c-1"})
    assert (again.id, again.receipt, bells) == (first.id, Receipt.DUPLICATE, [])


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
    assert [one.receipt for one in received] == [Receipt.RECEIVED] * 3
    assert len({one.id for one in received}) == 3


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


def test_processing_twice_counts_once(larkfield: Organization) -> None:
    interaction = make_interaction(larkfield)
    once = (found_by_the_machine(larkfield), tables(larkfield))
    process(interaction)
    assert (found_by_the_machine(larkfield), tables(larkfield)) == once
    assert once[0][0] == 1
    assert stored(larkfield, interaction.pk).status == Status.PRESCORED
    assert agree_with_a_rebuild(larkfield)


def test_a_task_for_an_interaction_that_is_gone_does_nothing(larkfield: Organization) -> None:
    pipeline.process(str(larkfield.id), str(uuid4()))
    pipeline.process(str(uuid4()), str(uuid4()))
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
    bells: list[UUID],
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
    assert bells == [interaction.pk] * 3
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
        Interaction.objects.visible_to(System(larkfield.id)).update(attempts=pipeline.ATTEMPTS)
    process(interaction)
    row = stored(larkfield, interaction.pk)
    assert row.status == Status.FAILED
    assert row.failure == "The pre-scoring process stopped each time it tried this."


def test_a_failure_is_logged_by_id_and_never_with_the_transcript(
    larkfield: Organization,
    bells: list[UUID],
    broken_engine: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    from qa.logs import PrivateFormatter

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


def replace(organization: Organization, pk: UUID, **changes: Any) -> Interaction:
    pushed = validate(interaction_json(**changes))
    with tenant(organization.id):
        return pipeline.replace(pushed, by=System(organization.id), interaction_id=pk)


def test_replacing_forgets_what_was_found_and_starts_over(
    larkfield: Organization,
    bells: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    interaction = make_interaction(larkfield, external_id="c-1")
    with django_capture_on_commit_callbacks(execute=True):
        replaced = replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
    assert (replaced.pk, replaced.status) == (interaction.pk, Status.RECEIVED)
    assert bells == [interaction.pk]
    assert found_by_the_machine(larkfield) == (0, 0)
    assert tables(larkfield) == ([], [])
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


def test_a_broker_that_is_away_costs_one_attempt_and_the_rows_stay(
    larkfield: Organization,
    silent_broker: list[float],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        received = submit(larkfield, *({"external_id": f"c-{n}"} for n in range(5)))
    assert len(silent_broker) == 1
    assert {stored(larkfield, one.id).status for one in received} == {Status.RECEIVED}


def test_an_unreachable_broker_is_noticed_within_seconds(
    larkfield: Organization,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    nowhere = app.connection("redis://127.0.0.1:1/0")
    ring = pipeline.process.apply_async
    monkeypatch.setattr(
        pipeline.process,
        "apply_async",
        lambda args, **options: ring(args, connection=nowhere, **options),
    )
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        (received,) = submit(larkfield, {"external_id": "c-1"})
    assert time.monotonic() - began < 3
    assert f"broker unreachable interaction={received.id}" in caplog.text


def age(organization: Organization, **ages: timedelta) -> None:
    """Let bells have rung so long ago, by external id."""
    mine = Interaction.objects.visible_to(System(organization.id))
    with tenant(organization.id):
        for external_id, how_long in ages.items():
            mine.filter(external_id=external_id).update(rung_at=timezone.now() - how_long)


def test_the_sweep_rings_for_what_has_waited_too_long_once(
    larkfield: Organization, bells: list[UUID]
) -> None:
    old, new, done = submit(
        larkfield, {"external_id": "old"}, {"external_id": "new"}, {"external_id": "done"}
    )
    pipeline.process(str(larkfield.id), str(done.id))
    age(larkfield, old=timedelta(minutes=6), new=timedelta(minutes=4), done=timedelta(hours=1))
    assert (pipeline.sweep(), bells) == (1, [old.id])
    assert pipeline.sweep() == 0
    assert (pipeline.sweep(older_than_seconds=60), bells) == (1, [old.id, new.id])


def test_the_sweep_serves_every_organization(
    larkfield: Organization, elsewhere: Organization, bells: list[UUID]
) -> None:
    (mine,) = submit(larkfield, {"external_id": "old"})
    (theirs,) = submit(elsewhere, {"external_id": "old"})
    for organization in (larkfield, elsewhere):
        age(organization, old=timedelta(hours=1))
    assert pipeline.sweep() == 2
    assert set(bells) == {mine.id, theirs.id}


def test_one_sweep_rings_a_limited_number_of_bells_oldest_first(
    larkfield: Organization, bells: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "SWEEP_LIMIT", 2)
    names = ["a", "b", "c"]
    received = submit(larkfield, *({"external_id": name} for name in names))
    age(larkfield, a=timedelta(hours=1), b=timedelta(hours=3), c=timedelta(hours=2))
    assert pipeline.sweep() == 2
    assert bells == [received[1].id, received[2].id]
    assert (pipeline.sweep(), bells[2:]) == (1, [received[0].id])


def test_a_sweep_without_a_broker_stops_at_once_and_the_next_one_rings(
    larkfield: Organization, silent_broker: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    received = submit(larkfield, *({"external_id": name} for name in "ab"))
    age(larkfield, a=timedelta(hours=2), b=timedelta(hours=1))
    assert (pipeline.sweep(), len(silent_broker)) == (0, 1)
    rung: list[str] = []
    monkeypatch.setattr(
        pipeline.process, "apply_async", lambda args, countdown=0: rung.append(args[1])
    )
    assert (pipeline.sweep(), rung) == (2, [str(one.id) for one in received])


def test_the_sweep_forgets_answers_after_a_day(larkfield: Organization, bells: list[UUID]) -> None:
    by = System(larkfield.id)
    with tenant(larkfield.id):
        for key in ("old", "new"):
            IdempotentAnswer.objects.create(
                organization=larkfield, key=key, request_hash="0" * 64, status=201, body={}
            )
        answers = IdempotentAnswer.objects.visible_to(by)
        answers.filter(key="old").update(created_at=timezone.now() - timedelta(hours=25))
    pipeline.sweep()
    with tenant(larkfield.id):
        assert [one.key for one in answers.all()] == ["new"]


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
        "review.opened",
        "review.confirmed",
    ]
