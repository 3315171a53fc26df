"""Keep what arrives: redacted, once, in one transaction."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from psycopg2.errors import DeadlockDetected

from qa.audit import actions as audit
from qa.errors import Conflict, Refused
from qa.organizations.actions import find_or_add_agent
from qa.organizations.models import Agent
from qa.tenancy.base import Actor
from transcripts.formats import Agent as NamedAgent
from transcripts.formats import CanonicalInteraction
from transcripts.models import IdempotentAnswer, Interaction, Transcript, Upload, UploadedFile
from transcripts.redaction import redact

BATCH = 500
DEADLOCK_TRIES = 3
ANSWERS_HOLD = timedelta(hours=24)


class Receipt(StrEnum):
    """What became of one pushed interaction."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Received:
    """The row that now holds the interaction, and how it came to."""

    id: UUID
    receipt: Receipt
    status: str


_Agents: TypeAlias = dict[NamedAgent, Agent | None]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A redacted interaction on its way into a row."""

    row: Interaction
    turns: list[dict[str, object]]

    @property
    def identity(self) -> tuple[str, str | None]:
        return _identity(self.row)


def receive_many(
    interactions: Sequence[CanonicalInteraction],
    *,
    by: Actor,
    file: UploadedFile | None = None,
) -> list[Received]:
    """Store new interactions, in order; what is here already is recognised, never doubled.

    The same source and external id (or, without one, the same content) with the
    same content is a DUPLICATE, with other content a CONFLICT. All or nothing.
    """
    for attempt in range(1, DEADLOCK_TRIES + 1):
        try:
            with transaction.atomic():
                return _receive_all(interactions, by=by, file=file)
        except OperationalError as error:
            # Somebody sent some of the same interactions in another order at the same moment.
            if attempt == DEADLOCK_TRIES or not isinstance(error.__cause__, DeadlockDetected):
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def replace(pushed: CanonicalInteraction, *, by: Actor, interaction_id: UUID) -> Interaction:
    """Put new content in the place of what a source sent before; never under a confirmed review."""
    interaction = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    if interaction.status == Interaction.Status.REVIEWED:
        raise Conflict("This interaction has a confirmed review, so its content stays as it is.")
    new = _prepare(pushed, by=by, file=None, agents={})
    for field in Interaction._meta.concrete_fields:
        if field.name not in {"id", "received_at", "rung_at", "file"}:
            setattr(interaction, field.attname, getattr(new.row, field.attname))
    interaction.save()
    Transcript.objects.visible_to(by).filter(interaction=interaction).update(turns=new.turns)
    audit.record(by, "interaction.replaced", interaction, {})
    return interaction


@transaction.atomic
def retry(interaction: Interaction, *, by: Actor) -> Interaction:
    """Give a failed interaction a fresh set of attempts."""
    won = (
        Interaction.objects.visible_to(by)
        .filter(pk=interaction.pk, status=Interaction.Status.FAILED)
        .update(status=Interaction.Status.RECEIVED, attempts=0, failure="")
    )
    if not won:
        raise Refused("Only a failed interaction can be tried again.")
    audit.record(by, "interaction.retried", interaction, {})
    interaction.refresh_from_db()
    return interaction


def count_attempt(interaction_id: UUID, *, by: Actor) -> Interaction | None:
    """Note that a worker takes the interaction up; None if there is nothing to do."""
    waiting = Interaction.objects.visible_to(by).received().filter(pk=interaction_id)
    if not waiting.update(attempts=F("attempts") + 1):
        return None
    return Interaction.objects.visible_to(by).select_related("transcript").get(pk=interaction_id)


def fail(interaction_id: UUID, *, by: Actor, reason: str) -> None:
    """Give up on an interaction, with a reason that people can read."""
    Interaction.objects.visible_to(by).received().filter(pk=interaction_id).update(
        status=Interaction.Status.FAILED, failure=reason
    )


def open_upload(*, by: Actor) -> Upload:
    """A new bundle for files that come in together."""
    return Upload.objects.create(organization_id=by.organization_id, created_by=by.actor_label)


def claim_answer(*, by: Actor, key: str, request_hash: str) -> IdempotentAnswer:
    """The answer that was given to this Idempotency-Key, or a fresh row with `status` 0.

    A second request with the key waits here until the first one's transaction has ended.
    """
    answers = IdempotentAnswer.objects.visible_to(by).filter(key=key)
    answers.filter(created_at__lt=timezone.now() - ANSWERS_HOLD).delete()
    mine = IdempotentAnswer(
        organization_id=by.organization_id, key=key, request_hash=request_hash, status=0, body={}
    )
    IdempotentAnswer.objects.bulk_create([mine], ignore_conflicts=True)
    return answers.get()


def keep_answer(
    answer: IdempotentAnswer, *, by: Actor, status: int, body: dict[str, object]
) -> None:
    """Remember what the first request with a key was answered."""
    IdempotentAnswer.objects.visible_to(by).filter(pk=answer.pk).update(status=status, body=body)


def _receive_all(
    interactions: Sequence[CanonicalInteraction], *, by: Actor, file: UploadedFile | None
) -> list[Received]:
    agents: _Agents = {}
    # Rows are inserted in one order everywhere, so that two clients who send the same
    # interactions in other orders wait for each other and never crosswise.
    for one in sorted(interactions, key=_agent_order):
        _agent(one, by, agents)
    results: list[Received] = []
    for start in range(0, len(interactions), BATCH):
        batch = [
            _prepare(one, by=by, file=file, agents=agents)
            for one in interactions[start : start + BATCH]
        ]
        results += _receive_batch(batch, by)
    return results


def _receive_batch(batch: list[_Prepared], by: Actor) -> list[Received]:
    first: dict[tuple[str, str | None], _Prepared] = {}
    for one in batch:
        first.setdefault(one.identity, one)
    # In one order for everybody, so that two who send the same things seldom wait in a ring.
    ordered = sorted(first.values(), key=lambda one: str(one.identity))
    Interaction.objects.bulk_create([one.row for one in ordered], ignore_conflicts=True)
    # What was here, or came in a moment earlier, has another id than the row just made.
    known = _here(ordered, by)
    kept = [one for one in ordered if known[one.identity].pk == one.row.pk]
    Transcript.objects.bulk_create(
        Transcript(organization_id=by.organization_id, interaction=one.row, turns=one.turns)
        for one in kept
    )
    return _receipts(batch, known, {one.row.pk for one in kept})


def _receipts(
    batch: list[_Prepared], known: dict[tuple[str, str | None], Interaction], new: set[UUID]
) -> list[Received]:
    results = []
    for one in batch:
        row = known[one.identity]
        if row.pk in new:
            new.discard(row.pk)  # the same interaction twice in one batch: the second is known
            receipt = Receipt.RECEIVED
        elif row.content_hash == one.row.content_hash:
            receipt = Receipt.DUPLICATE
        else:
            receipt = Receipt.CONFLICT
        results.append(Received(id=row.pk, receipt=receipt, status=row.status))
    return results


def _here(batch: Iterable[_Prepared], by: Actor) -> dict[tuple[str, str | None], Interaction]:
    wanted = Q()
    by_source: dict[str, list[str]] = {}
    hashes = []
    for one in batch:
        if one.row.external_id is None:
            hashes.append(one.row.content_hash)
        else:
            by_source.setdefault(one.row.source, []).append(one.row.external_id)
    for source, external_ids in by_source.items():
        wanted |= Q(source=source, external_id__in=external_ids)
    if hashes:
        wanted |= Q(external_id__isnull=True, content_hash__in=hashes)
    if not wanted:
        return {}
    found = (
        Interaction.objects.visible_to(by)
        .filter(wanted)
        .only("source", "external_id", "content_hash", "status")
    )
    return {_identity(row): row for row in found}


def _identity(row: Interaction) -> tuple[str, str | None]:
    """What makes an interaction the same one: its source's id, else its content."""
    if row.external_id is None:
        return f"content:{row.content_hash}", None
    return row.source, row.external_id


def _prepare(
    pushed: CanonicalInteraction, *, by: Actor, file: UploadedFile | None, agents: _Agents
) -> _Prepared:
    clean, redacted = redact(pushed)
    agent = _agent(clean, by, agents)
    content = clean.to_dict()
    row = Interaction(
        organization_id=by.organization_id,
        source=clean.source or "",
        external_id=clean.external_id,
        content_hash=_digest(content),
        channel=clean.channel,
        started_at=clean.started_at or timezone.now(),
        started_at_known=clean.started_at is not None,
        duration_s=clean.duration_s,
        language=clean.language or "",
        subject=clean.subject or "",
        agent=agent,
        team_id=agent.team_id if agent else None,
        customer_external_id=(clean.customer and clean.customer.external_id) or "",
        customer_name=(clean.customer and clean.customer.name) or "",
        metadata=clean.metadata,
        redacted=redacted,
        turn_count=len(clean.turns),
        received_from=by.actor_label,
        file=file,
        status=Interaction.Status.RECEIVED,
    )
    return _Prepared(row=row, turns=content["turns"])


def _agent_order(one: CanonicalInteraction) -> str:
    return "" if one.agent is None else one.agent.external_id or one.agent.name or ""


def _agent(clean: CanonicalInteraction, by: Actor, agents: _Agents) -> Agent | None:
    named = clean.agent
    if named is None:
        return None
    if named not in agents:
        agents[named] = find_or_add_agent(
            by=by, external_id=named.external_id, name=named.name, team=named.team
        )
    return agents[named]


def _digest(content: dict[str, object]) -> str:
    """SHA-256 of the redacted content, so that nothing redacted can be guessed back from it."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
