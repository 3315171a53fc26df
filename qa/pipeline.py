"""The journey of a transcript on one page.

    submit ── rows RECEIVED, commit rings the bell ──▶ process ──▶ advance ──▶ queue
                                                          ▲
                                          sweep ──────────┘  rings again what nobody took up

The row is the job; Celery only rings the bell. A lost message costs minutes,
never a transcript; a message that comes twice changes nothing.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import takewhile
from uuid import UUID

from celery.exceptions import CeleryError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from qa.celery import app
from qa.dashboards import actions as dashboards
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews.models import Review
from qa.tenancy.base import Actor, System
from qa.tenancy.context import directory, tenant
from scorecards import actions as scorecards
from transcripts import actions as transcripts
from transcripts.actions import Receipt, Received
from transcripts.formats import CanonicalInteraction
from transcripts.models import IdempotentAnswer, Interaction, UploadedFile

logger = logging.getLogger(__name__)

ATTEMPTS = 4
RETRY_SECONDS = 15
BELL_AGE = timedelta(minutes=5)
SWEEP_LIMIT = 1000
ANSWERS_KEPT = timedelta(hours=24)


def submit(
    interactions: Sequence[CanonicalInteraction], *, by: Actor, file: UploadedFile | None = None
) -> list[Received]:
    """Keep interactions and ring the bell for the new ones. The one way in for every door."""
    results = transcripts.receive_many(interactions, by=by, file=file)
    new = [result.id for result in results if result.receipt is Receipt.RECEIVED]
    _ring_on_commit(by.organization_id, new)
    return results


@transaction.atomic
def replace(pushed: CanonicalInteraction, *, by: Actor, interaction_id: UUID) -> Interaction:
    """New content for an interaction: what was found in the old one goes, the bell rings."""
    before = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    after = transcripts.replace(pushed, by=by, interaction_id=interaction_id)
    dashboards.forget(before, by=by)
    reviews.discard_draft(before, by=by)
    scorecards.discard_prescores(before, by=by)
    _ring_on_commit(by.organization_id, [after.pk])
    return after


@transaction.atomic
def retry(interaction: Interaction, *, by: Actor) -> Interaction:
    """Start a failed interaction again."""
    interaction = transcripts.retry(interaction, by=by)
    _ring_on_commit(by.organization_id, [interaction.pk])
    return interaction


@transaction.atomic
def confirm(review: Review, *, by: Membership, revision: int | None = None) -> Review:
    """Settle a review, and let the dashboards count the person's word instead of the machine's."""
    review = reviews.confirm(review, by=by, revision=revision)
    dashboards.settle(review, by=by)
    return review


@app.task(name="qa.pipeline.process")
def process(organization_id: str, interaction_id: str) -> None:
    """Pre-score one interaction. Running it twice, or half, changes nothing."""
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        interaction = transcripts.count_attempt(UUID(interaction_id), by=by)
    if interaction is None:
        return  # done, failed or deleted meanwhile
    if interaction.attempts > ATTEMPTS:
        _give_up(interaction, by, "The pre-scoring process stopped each time it tried this.")
        return
    try:
        advance(interaction, by=by)
    except Exception:  # whatever a transcript does to the engine, it must not stop the worker
        logger.exception("pre-score failed interaction=%s", interaction_id)
        if interaction.attempts >= ATTEMPTS:
            _give_up(interaction, by, f"Pre-scoring failed {ATTEMPTS} times.")
        else:
            _ring(by.organization_id, interaction.pk, RETRY_SECONDS * interaction.attempts)


def advance(interaction: Interaction, *, by: Actor) -> None:
    """The steps after intake: compute outside a transaction, write in one short one."""
    result = scorecards.run_engine(interaction)
    with tenant(by.organization_id):
        prescore = scorecards.keep_prescore(interaction, result, by=by)
        if prescore is not None:
            dashboards.count(prescore, by=by)


@app.task(name="qa.pipeline.sweep")
def sweep(older_than_seconds: float = BELL_AGE.total_seconds()) -> int:
    """Ring again for what has waited too long; returns how many bells rang."""
    with directory():
        organizations = list(Organization.objects.order_by("id").values_list("id", flat=True))
    now = timezone.now()
    rung = 0
    for organization_id in organizations:
        by = System(organization_id)
        with tenant(organization_id):
            mine = Interaction.objects.visible_to(by)
            before = now - timedelta(seconds=older_than_seconds)
            due = list(mine.due_for_bell(before, SWEEP_LIMIT).values_list("pk", flat=True))
            IdempotentAnswer.objects.visible_to(by).filter(
                created_at__lt=now - ANSWERS_KEPT
            ).delete()
        heard = list(takewhile(partial(_ring, organization_id), due))
        with tenant(organization_id):
            mine.filter(pk__in=heard).update(rung_at=now)
        rung += len(heard)
        if len(heard) < len(due):
            break  # the broker is away: the next sweep finds the rest
    return rung


def _give_up(interaction: Interaction, by: Actor, reason: str) -> None:
    with tenant(by.organization_id):
        transcripts.fail(interaction.pk, by=by, reason=reason)


def _ring_on_commit(organization_id: UUID, interaction_ids: Sequence[UUID]) -> None:
    def ring_all() -> None:
        for pk in interaction_ids:
            if not _ring(organization_id, pk):
                break  # the broker is away: the sweep will ring for these

    if interaction_ids:
        transaction.on_commit(ring_all)


def _ring(organization_id: UUID, interaction_id: UUID, after_seconds: float = 0) -> bool:
    """Tell a worker. False if the broker can't be reached: the row waits for the sweep."""
    try:
        process.apply_async((str(organization_id), str(interaction_id)), countdown=after_seconds)
    except (KombuError, RedisError, CeleryError, OSError):
        logger.warning("broker unreachable interaction=%s", interaction_id)
        return False
    return True
