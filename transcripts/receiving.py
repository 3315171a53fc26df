"""Receive interactions: redacted, once, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext
from psycopg2.errors import DeadlockDetected

from qa.core.errors import Fault
from qa.tenancy.base import Actor
from transcripts.formats import Pushed
from transcripts.models import Interaction, UploadedFile
from transcripts.rows import Identity, NewRow, identity, insert, keep_agents, prepare

DEADLOCK_TRIES = 3


class Receipt(StrEnum):
    """What became of one pushed interaction."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Received:
    """The row that now holds the interaction, and how it came to; what is new was redacted.

    `identity` is what makes it the same interaction, `content_hash` that of what was pushed.
    """

    id: UUID
    receipt: Receipt
    status: str
    identity: Identity
    content_hash: str
    redacted: dict[str, int] = field(default_factory=dict)


class _Holder(NamedTuple):
    """The row that holds an interaction of a certain identity."""

    id: UUID
    content_hash: str
    status: str


def receive_many(
    pushed: Sequence[Pushed], *, by: Actor, file: UploadedFile | None = None
) -> list[Received]:
    """Store new interactions, in order; what is here already is recognised, never doubled.

    The same source and external id (or, without one, the same content) with the
    same content is a DUPLICATE, with other content a CONFLICT. All or nothing.
    """
    for attempt in range(1, DEADLOCK_TRIES + 1):
        try:
            with transaction.atomic():
                batches = prepare(pushed, by=by, file=file)
                return [received for rows in batches for received in _receive(rows, by)]
        except OperationalError as error:
            # Somebody sent some of the same interactions in another order at the same moment.
            if attempt == DEADLOCK_TRIES or not isinstance(error.__cause__, DeadlockDetected):
                raise
    raise AssertionError("unreachable")


def conflict(received: Received) -> Fault:
    """Say why an interaction was not kept whose source has sent another one under its id."""
    message = gettext("is already here with different content, as %(id)s, which stays as it is")
    return Fault("external_id", message % {"id": received.id})


def _receive(rows: list[NewRow], by: Actor) -> list[Received]:
    """Insert a batch, and find what holds each interaction now: its own row or an earlier one."""
    unique = {row.identity: row for row in reversed(rows)}  # the first of those that are the same
    # In one order for everybody, so that two who send the same things seldom wait in a ring.
    ordered = sorted(unique.values(), key=lambda row: str(row.identity))
    keep_agents(ordered, by=by)
    new = insert(ordered)
    # The others were here, or came in a moment earlier.
    holders = _find((row for row in ordered if row.columns["id"] not in new), by)
    for row in ordered:
        if row.columns["id"] in new:
            pk, digest, status = (row.columns[name] for name in ("id", "content_hash", "status"))
            holders[row.identity] = _Holder(pk, digest, status)
    return [_received(row, holders[row.identity]) for row in rows]


def _received(row: NewRow, holder: _Holder) -> Received:
    pushed = row.columns["content_hash"]
    if holder.id == row.columns["id"]:
        receipt, redacted = Receipt.RECEIVED, row.columns["redacted"]
    else:
        same = holder.content_hash == pushed
        receipt, redacted = Receipt.DUPLICATE if same else Receipt.CONFLICT, {}
    return Received(holder.id, receipt, holder.status, row.identity, pushed, redacted)


def _find(rows: Iterable[NewRow], by: Actor) -> dict[Identity, _Holder]:
    """Find the rows that hold interactions which were not inserted, in one query."""
    by_source: dict[str, list[str]] = {}
    hashes = []
    for row in rows:
        if row.columns["external_id"] is None:
            hashes.append(row.columns["content_hash"])
        else:
            by_source.setdefault(row.columns["source"], []).append(row.columns["external_id"])
    wanted = Q()
    for source, external_ids in by_source.items():
        wanted |= Q(source=source, external_id__in=external_ids)
    if hashes:
        wanted |= Q(external_id__isnull=True, content_hash__in=hashes)
    if not wanted:
        return {}
    found = Interaction.objects.visible_to(by).filter(wanted)
    columns = found.values_list("source", "external_id", "content_hash", "id", "status")
    return {
        identity(source, external_id, digest): _Holder(pk, digest, status)
        for source, external_id, digest, pk, status in columns
    }
