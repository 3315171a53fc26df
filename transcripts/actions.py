"""Keep what arrives: redacted, once, in one transaction."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg2.errors import DeadlockDetected

from qa.audit import actions as audit
from qa.core.errors import Conflict
from qa.organizations.actions import find_or_add_agent
from qa.organizations.models import Agent
from qa.organizations.queries import redacted_kinds
from qa.tenancy.base import Actor
from transcripts.compact_json import compact
from transcripts.formats import Agent as NamedAgent
from transcripts.formats import CanonicalInteraction
from transcripts.models import Interaction, Transcript, Upload, UploadedFile
from transcripts.names_model import redact, redact_each
from transcripts.rows import Columns, insert, new_row

BATCH = 500
DEADLOCK_TRIES = 3


class Receipt(StrEnum):
    """What became of one pushed interaction."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Received:
    """The row that now holds the interaction, and how it came to; what is new was redacted."""

    id: UUID
    receipt: Receipt
    status: str
    redacted: dict[str, int] = field(default_factory=dict)


_Identity: TypeAlias = tuple[str, str | None]
_Agents: TypeAlias = dict[NamedAgent, Agent | None]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A redacted interaction on its way into a row, its turns as JSON."""

    identity: _Identity
    row: Columns
    turns: str


def receive_many(
    interactions: Sequence[CanonicalInteraction],
    *,
    by: Actor,
    file: UploadedFile | None = None,
    stated: Sequence[CanonicalInteraction] | None = None,
) -> list[Received]:
    """Store new interactions, in order; what is here already is recognised, never doubled.

    The same source and external id (or, without one, the same content) with the
    same content is a DUPLICATE, with other content a CONFLICT. All or nothing.
    `stated` are the same interactions with the roles that their source states, where somebody
    has settled more since: an interaction is the same one whoever its speakers are found to be.
    """
    for attempt in range(1, DEADLOCK_TRIES + 1):
        try:
            with transaction.atomic():
                return _receive_all(interactions, by=by, file=file, stated=stated or interactions)
        except OperationalError as error:
            # Somebody sent some of the same interactions in another order at the same moment.
            if attempt == DEADLOCK_TRIES or not isinstance(error.__cause__, DeadlockDetected):
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def replace(
    pushed: CanonicalInteraction,
    *,
    by: Actor,
    interaction_id: UUID,
    stated: CanonicalInteraction | None = None,
) -> Interaction:
    """Put new content in the place of what a source sent before; never under a confirmed review."""
    interaction = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    if interaction.status == Interaction.Status.REVIEWED:
        raise Conflict("This interaction has a confirmed review, so its content stays as it is.")
    kinds = redacted_kinds(by)
    (new,) = _prepare([pushed], [stated or pushed], by=by, file=None, agents={}, kinds=kinds)
    for column in Interaction._meta.concrete_fields:
        if column.name not in {"id", "received_at", "rung_at", "file", "revision"}:
            setattr(interaction, column.attname, new.row[column.attname])
    interaction.revision += 1
    interaction.save()
    Transcript.objects.visible_to(by).filter(interaction=interaction).update(
        turns=json.loads(new.turns)
    )
    audit.record(by, "interaction.replaced", interaction, {})
    return interaction


def open_upload(*, by: Actor) -> Upload:
    """A new bundle for files that come in together."""
    return Upload.objects.create(organization_id=by.organization_id, created_by=by.actor_label)


def _receive_all(
    interactions: Sequence[CanonicalInteraction],
    *,
    by: Actor,
    file: UploadedFile | None,
    stated: Sequence[CanonicalInteraction],
) -> list[Received]:
    agents, kinds = _agents_named(interactions, by), redacted_kinds(by)
    results: list[Received] = []
    for start in range(0, len(interactions), BATCH):
        pushed, as_stated = (each[start : start + BATCH] for each in (interactions, stated))
        batch = _prepare(pushed, as_stated, by=by, file=file, agents=agents, kinds=kinds)
        results += _receive_batch(batch, by)
    return results


def _receive_batch(batch: list[_Prepared], by: Actor) -> list[Received]:
    first: dict[_Identity, _Prepared] = {}
    for one in batch:
        first.setdefault(one.identity, one)
    # In one order for everybody, so that two who send the same things seldom wait in a ring.
    ordered = sorted(first.values(), key=lambda one: str(one.identity))
    new = insert((one.row, one.turns) for one in ordered)
    # The others were here, or came in a moment earlier.
    known = _here([one for one in ordered if one.row["id"] not in new], by)
    return [_receipt(one, first[one.identity], known, new) for one in batch]


def _receipt(
    one: _Prepared, first: _Prepared, known: dict[_Identity, Interaction], new: set[UUID]
) -> Received:
    """What became of one; `first` is the first of its batch that is the same interaction."""
    pk, digest, status = (first.row[name] for name in ("id", "content_hash", "status"))
    if one is first and pk in new:
        return Received(pk, Receipt.RECEIVED, status, one.row["redacted"])
    if pk not in new:
        row = known[one.identity]
        pk, digest, status = row.pk, row.content_hash, row.status
    same = digest == one.row["content_hash"]
    return Received(pk, Receipt.DUPLICATE if same else Receipt.CONFLICT, status)


def _here(batch: Iterable[_Prepared], by: Actor) -> dict[_Identity, Interaction]:
    wanted = Q()
    by_source: dict[str, list[str]] = {}
    hashes = []
    for one in batch:
        if one.row["external_id"] is None:
            hashes.append(one.row["content_hash"])
        else:
            by_source.setdefault(one.row["source"], []).append(one.row["external_id"])
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
    return {_identity(row.source, row.external_id, row.content_hash): row for row in found}


def _identity(source: str, external_id: str | None, content_hash: str) -> _Identity:
    """What makes an interaction the same one: its source's id, else its content."""
    return (f"content:{content_hash}", None) if external_id is None else (source, external_id)


def _prepare(
    pushed: Sequence[CanonicalInteraction],
    stated: Sequence[CanonicalInteraction],
    *,
    by: Actor,
    file: UploadedFile | None,
    agents: _Agents,
    kinds: Collection[str],
) -> list[_Prepared]:
    redacted = redact_each(pushed, kinds)
    written = [_digest(clean) for clean, _ in redacted]
    known_as = [
        digest if as_stated == one else _digest(redact(as_stated, kinds)[0])[0]
        for one, as_stated, (digest, _) in zip(pushed, stated, written, strict=True)
    ]
    return [
        _prepared(clean, counts, digest, turns, by=by, file=file, agents=agents)
        for (clean, counts), (_, turns), digest in zip(redacted, written, known_as, strict=True)
    ]


def _prepared(
    clean: CanonicalInteraction,
    redacted: dict[str, int],
    digest: str,
    turns: str,
    *,
    by: Actor,
    file: UploadedFile | None,
    agents: _Agents,
) -> _Prepared:
    """One that is redacted, on its way into a row; `digest` is that of its content as stated."""
    agent = _agent(clean.agent, by, agents)
    row = new_row(
        organization_id=by.organization_id,
        source=clean.source or "",
        external_id=clean.external_id,
        content_hash=digest,
        channel=clean.channel,
        started_at=clean.started_at or timezone.now(),
        started_at_known=clean.started_at is not None,
        duration_s=clean.duration_s,
        language=clean.language or "",
        subject=clean.subject or "",
        agent_id=agent.pk if agent else None,
        team_id=agent.team_id if agent else None,
        customer_external_id=(clean.customer and clean.customer.external_id) or "",
        customer_name=(clean.customer and clean.customer.name) or "",
        metadata=clean.metadata,
        redacted=redacted,
        turn_count=len(clean.turns),
        received_from=by.actor_label,
        file_id=file.pk if file else None,
        status=Interaction.Status.RECEIVED,
    )
    return _Prepared(_identity(row["source"], row["external_id"], digest), row, turns)


def _agents_named(interactions: Sequence[CanonicalInteraction], by: Actor) -> _Agents:
    """The agents that interactions name, those who are known already in one query.

    New ones are added in one order everywhere, so that two clients who send the same
    interactions in other orders wait for each other and never crosswise.
    """
    named = list(dict.fromkeys(one.agent for one in interactions if one.agent is not None))
    listed = Agent.objects.visible_to(by).filter(external_id__in={_known_as(one) for one in named})
    known = {agent.external_id: agent for agent in listed}
    agents: _Agents = {}
    for one in sorted(named, key=_known_as):
        agent = known.get(_known_as(one))
        if agent is not None and (agent.team_id or not one.team):
            agents[one] = agent
        elif added := _agent(one, by, agents):
            known[added.external_id] = added
    return agents


def _known_as(named: NamedAgent) -> str:
    return named.external_id or named.name or ""


def _agent(named: NamedAgent | None, by: Actor, agents: _Agents) -> Agent | None:
    if named is None:
        return None
    if named not in agents:
        agents[named] = find_or_add_agent(
            by=by, external_id=named.external_id, name=named.name, team=named.team
        )
    return agents[named]


def _digest(clean: CanonicalInteraction) -> tuple[str, str]:
    """SHA-256 of the redacted content, so that nothing redacted can be guessed back from it.

    With the turns as JSON: they are the last key and most of the content, written out once.
    """
    content = clean.to_dict()
    turns = compact(content.pop("turns"))
    text = f'{compact(content)[:-1]},"turns":{turns}}}'
    return hashlib.sha256(text.encode()).hexdigest(), turns
