"""Dry runs: everything is done as it would be, and undone before anybody sees it.

    seen = {}
    taken = rehearse(batch, seen, by=key)      # once for each batch, in order

What earlier batches would have kept is remembered in `seen`, for it is not there to be found.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from qa.core.errors import Fault
from qa.intake import batches
from qa.intake.batches import Batch, Taken
from qa.tenancy.base import Actor
from qa.tenancy.context import tenant
from transcripts.formats import CanonicalInteraction, LineError
from transcripts.receiving import Receipt, Received
from transcripts.rows import Identity

Seen: TypeAlias = dict[Identity, str]  # the content's hash, by what is the same one

BEFORE = gettext_noop(
    "appears earlier in this request with different content; the earlier one would be "
    "kept, not this one"
)


class _Undo(Exception):  # noqa: N818 (nothing is wrong)
    pass


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of which nothing stays, and nothing is sent to anybody."""
    with suppress(_Undo), transaction.atomic():
        yield
        raise _Undo


def rehearse(batch: Batch, seen: Seen, *, by: Actor) -> Taken:
    """What would become of a batch, after the batches before it. Stores nothing."""
    taken = _Rehearsed([], list(batch.refused), batch.last, seen)
    with tenant(by.organization_id), undone():
        batches.keep(batch, by=by, taken=taken)
    return taken


@dataclass(slots=True)
class _Rehearsed(Taken):
    """What would become of a batch whose forerunners were undone."""

    seen: Seen = field(default_factory=dict)

    def add(self, number: int, interaction: CanonicalInteraction, result: Received) -> None:
        known = self.seen.get(result.identity)
        if known is None:
            if result.receipt is Receipt.RECEIVED:
                self.seen[result.identity] = result.content_hash
            Taken.add(self, number, interaction, result)
        elif known == result.content_hash:
            self.kept.append((interaction, replace(result, receipt=Receipt.DUPLICATE)))
        else:
            self.refused.append(LineError(number, (Fault("external_id", gettext(BEFORE)),)))
