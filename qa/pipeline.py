"""The journey of a transcript on one page.

    submit ── rows RECEIVED, commit rings the bell ──▶ process ──▶ advance ──▶ queue
                                                          ▲
                                          sweep ──────────┘  rings again what nobody took up

The row is the job; Celery only rings the bell. A lost message costs minutes,
never a transcript; a message that comes twice changes nothing.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import takewhile
from typing import Any
from uuid import UUID

from celery.exceptions import CeleryError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from qa.agreement import actions as agreement
from qa.calibration import actions as calibration
from qa.celery import app
from qa.coaching import actions as coaching
from qa.coaching import automatic, half_notes
from qa.dashboards import actions as dashboards
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.organizations import known_agents
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews import corrections
from qa.reviews.corrections import Correction
from qa.reviews.models import Review
from qa.sampling import actions as sampling
from qa.sampling.models import Rule
from qa.tenancy.base import Actor, System
from qa.tenancy.context import directory, tenant
from scorecards import actions as scorecards
from transcripts import actions as transcripts
from transcripts import remembered, speakers
from transcripts.actions import Receipt, Received
from transcripts.formats import CanonicalInteraction
from transcripts.models import IdempotentAnswer, Interaction, UploadedFile

logger = logging.getLogger(__name__)

ATTEMPTS = 4
RETRY_SECONDS = 15
BELL_AGE = timedelta(minutes=5)
SWEEP_LIMIT = 1000
IDS_A_BELL = 100
TURNS_AT_ONCE = 5000  # that the engine reads of several interactions in one go
BELL_SECONDS = 30  # after which a bell for many passes the rest on; far below the time limit
ANSWERS_KEPT = timedelta(hours=24)


def submit(
    interactions: Sequence[CanonicalInteraction],
    *,
    by: Actor,
    file: UploadedFile | None = None,
    stated: Sequence[CanonicalInteraction] | None = None,
) -> list[Received]:
    """Keep interactions and ring the bell for the new ones. The one way in for every door.

    `stated`: the same with the roles as their source has them, see `receive_many`.
    """
    settled = known_agents.settle(interactions, by=by)
    results = transcripts.receive_many(settled, by=by, file=file, stated=stated or interactions)
    new = [result.id for result in results if result.receipt is Receipt.RECEIVED]
    _ring_on_commit(by.organization_id, new)
    return results


@transaction.atomic
def replace(pushed: CanonicalInteraction, *, by: Actor, interaction_id: UUID) -> Interaction:
    """New content for an interaction: what was found in the old one goes, the bell rings."""
    before = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    (settled,) = known_agents.settle([pushed], by=by)
    after = transcripts.replace(settled, by=by, interaction_id=interaction_id, stated=pushed)
    _start_anew(before, by=by)
    return after


@transaction.atomic
def reassign(
    interaction_id: UUID,
    *,
    by: Actor,
    roles: Mapping[int, str] | None = None,
    discard_draft: bool = False,
) -> Interaction:
    """Swap customer and agent, or give some turns (by index) other roles, and score anew.

    Never under a confirmed review. A draft review goes only where that is said.
    """
    before = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    reviews.refuse_to_lose(before, by=by, discard_draft=discard_draft)
    after = speakers.reassign(interaction_id, by=by, roles=roles)
    if after.revision != before.revision:
        _start_anew(before, by=by)
    return after


@transaction.atomic
def retry(interaction: Interaction, *, by: Actor) -> Interaction:
    """Start a failed interaction again."""
    interaction = transcripts.retry(interaction, by=by)
    _ring_on_commit(by.organization_id, [interaction.pk])
    return interaction


@transaction.atomic
def confirm(review: Review, *, by: Membership, revision: int | None = None) -> Review:
    """Settle a review, and let the dashboards count the person's word instead of the machine's.

    After a blind one the pre-score's labels are weighed anew. A reading for a calibration counts
    in its session alone.
    """
    if review.calibrates:
        return calibration.submit(review, by=by, revision=revision)
    review = reviews.confirm(review, by=by, revision=revision)
    half_notes.refuse_half_written(review, by=by)
    if review.kind == Review.Kind.REGULAR:
        dashboards.settle(review, by=by)
        coaching.share(review, by=by)
        if review.blind:
            agreement.weigh(by=by)
    return review


@transaction.atomic
def decide_dispute(
    dispute: Dispute, *, by: Membership, upheld: bool, reason: str, change: Correction | None
) -> Dispute:
    """Settle a dispute. Where it is upheld the review gets a corrected version, and counts as that.

    `change` is what holds instead; None where a note goes. Another dispute of the same review may
    have led to a correction meanwhile: the change is then made to that version.
    """
    dispute = disputes.decide(dispute, by=by, upheld=upheld, reason=reason)
    if upheld:
        note = dispute.key if dispute.kind == Dispute.Kind.NOTE else ""
        counts = corrections.latest(dispute.review, by=by)
        dispute.corrected = correct(counts, change, by=by, without_note=note)
        dispute.save(update_fields=["corrected"])
    disputes.tell_decided(dispute, by=by)
    return dispute


def correct(
    old: Review, change: Correction | None, *, by: Membership, without_note: str = ""
) -> Review:
    """A new version of a confirmed review; the dashboards move by what differs."""
    new = corrections.begin(old, change or Correction(), by=by)
    coaching.copy_notes(old, new, by=by, without=without_note)
    new = corrections.finish(new, by=by)
    dashboards.resettle(old, new, by=by)
    coaching.share(new, by=by)
    return new


@transaction.atomic
def switch_on(rule: Rule, *, by: Membership, look_back: bool) -> Rule:
    """Switch a rule of sampling on, and let a worker draw."""
    rule = sampling.switch_on(rule, by=by, look_back=look_back)
    pk = str(by.organization_id)
    transaction.on_commit(lambda: _send(draw, (pk,), first=str(rule.pk)))
    return rule


@app.task(name="qa.pipeline.draw")
def draw(organization_id: str) -> None:
    """Draw what the rules of an organization have not drawn yet; the sweep does it as well."""
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        sampling.draw(by=by)


def rescore(interaction: Interaction, result: scorecards.Result, *, by: Actor) -> bool:
    """Another pre-score takes the place of the current one; False if there is nothing to do.

    The old one stays, and so do the reviews made on it.
    """
    with tenant(by.organization_id):
        superseded = scorecards.supersede(interaction, result, by=by)
        if superseded is None:
            return False
        dashboards.recount(*superseded, by=by)
    return True


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
    _advance_or_try_again(interaction, by=by)


@app.task(name="qa.pipeline.process_many")
def process_many(organization_id: str, interaction_ids: list[str]) -> None:
    """Pre-score several interactions: the engine reads those that come for the first time at once.

    One that was tried before goes by itself, as if its own bell had rung: it may be the one that
    stopped the worker, and must not take its neighbours with it again.
    """
    by, end = System(UUID(organization_id)), time.monotonic() + BELL_SECONDS
    left = [UUID(pk) for pk in interaction_ids]
    with tenant(by.organization_id):
        afresh = transcripts.waiting_afresh(left, by=by)
    steps = list(_bundles(afresh))
    together = {pk for step in steps for pk in step}
    steps += [[pk] for pk in left if pk not in together]
    for position, step in enumerate(steps):
        if time.monotonic() > end:
            _ring_many(by.organization_id, [pk for later in steps[position:] for pk in later])
            return
        alone = step if len(step) == 1 else _process_at_once(step, by=by)
        for pk in alone:
            process(organization_id, str(pk))


def _bundles(waiting: Sequence[tuple[UUID, int]]) -> Iterator[list[UUID]]:
    """Bundles of which the engine reads each in a few seconds."""
    bundle: list[UUID] = []
    turns = 0
    for pk, more in waiting:
        if bundle and turns + more > TURNS_AT_ONCE:
            yield bundle
            bundle, turns = [], 0
        bundle.append(pk)
        turns += more
    if bundle:
        yield bundle


def _process_at_once(interaction_ids: Sequence[UUID], *, by: System) -> list[UUID]:
    """Run the engine on all, write each in a transaction of its own; gives those it did not get."""
    with tenant(by.organization_id):
        taken = transcripts.count_first_attempts(interaction_ids, by=by)
    for interaction, result in scorecards.run_engine_many(taken):
        if result is None:
            _try_again(interaction, by)
        else:
            _advance_or_try_again(interaction, by=by, result=result)
    got = {one.pk for one in taken}
    return [pk for pk in interaction_ids if pk not in got]


def _advance_or_try_again(
    interaction: Interaction, *, by: System, result: scorecards.Result | None = None
) -> None:
    try:
        advance(interaction, by=by, result=result)
    except Exception:  # whatever a transcript does to the engine, it must not stop the worker
        logger.exception("pre-score failed interaction=%s", interaction.pk)
        _try_again(interaction, by)


def _try_again(interaction: Interaction, by: System) -> None:
    if interaction.attempts >= ATTEMPTS:
        _give_up(interaction, by, f"Pre-scoring failed {ATTEMPTS} times.")
    else:
        _ring(by.organization_id, interaction.pk, RETRY_SECONDS * interaction.attempts)


def advance(
    interaction: Interaction, *, by: Actor, result: scorecards.Result | None = None
) -> None:
    """The steps after intake: compute outside a transaction, write in one short one."""
    result = result or scorecards.run_engine(interaction)
    with tenant(by.organization_id):
        prescore = scorecards.keep_prescore(interaction, result, by=by)
        if prescore is not None:
            dashboards.count(prescore, by=by)
            sampling.pick(prescore, by=by)
            automatic.share_prescore(prescore, by=by)


@app.task(name="qa.pipeline.sweep")
def sweep(older_than_seconds: float = BELL_AGE.total_seconds()) -> int:
    """Ring again for what has waited too long; returns how many bells rang.

    And what else goes by the clock: answers that are kept for a day, and what the rules of
    sampling draw.
    """
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
            remembered.drop_unanswered(by=by, before=now - ANSWERS_KEPT)
        with tenant(organization_id):
            sampling.draw(by=by)
        heard = list(takewhile(partial(_ring, organization_id), due))
        with tenant(organization_id):
            mine.filter(pk__in=heard).update(rung_at=now)
        rung += len(heard)
        if len(heard) < len(due):
            break  # the broker is away: the next sweep finds the rest
    return rung


def _start_anew(before: Interaction, *, by: Actor) -> None:
    """What was found in an interaction goes, and the bell rings for what it is now."""
    dashboards.forget(before, by=by)
    reviews.discard_draft(before, by=by)
    scorecards.discard_prescores(before, by=by)
    sampling.forget(before, by=by)
    _ring_on_commit(by.organization_id, [before.pk])


def _give_up(interaction: Interaction, by: Actor, reason: str) -> None:
    with tenant(by.organization_id):
        transcripts.fail(interaction.pk, by=by, reason=reason)


def _ring_on_commit(organization_id: UUID, interaction_ids: Sequence[UUID]) -> None:
    def ring_all() -> None:
        for start in range(0, len(interaction_ids), IDS_A_BELL):
            if not _ring_many(organization_id, interaction_ids[start : start + IDS_A_BELL]):
                break  # the broker is away: the sweep will ring for these

    if interaction_ids:
        transaction.on_commit(ring_all)


def _ring_many(organization_id: UUID, interaction_ids: Sequence[UUID]) -> bool:
    """One bell for several interactions; it rings like that of one."""
    if len(interaction_ids) == 1:
        return _ring(organization_id, interaction_ids[0])
    ids = [str(pk) for pk in interaction_ids]
    return _send(process_many, (str(organization_id), ids), first=ids[0])


def _ring(organization_id: UUID, interaction_id: UUID, after_seconds: float = 0) -> bool:
    """Tell a worker. False if the broker can't be reached: the row waits for the sweep."""
    pk = str(interaction_id)
    return _send(process, (str(organization_id), pk), first=pk, after_seconds=after_seconds)


def _send(task: Any, args: tuple[Any, ...], *, first: str, after_seconds: float = 0) -> bool:
    try:
        task.apply_async(args, countdown=after_seconds)
    except (KombuError, RedisError, CeleryError, OSError):
        logger.warning("broker unreachable row=%s", first)
        return False
    return True
