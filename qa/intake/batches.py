"""The door for JSON lines of any number: read, kept and committed batch by batch, in flat memory.

    for batch in batches(stream(opened)):
        taken = keep(batch, by=key)      # commits

Whatever stops it, the batches before stay; sent again, their lines are duplicates.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from django.db import InterfaceError, OperationalError, ProgrammingError, transaction
from django.utils.translation import gettext

from qa import pipeline
from qa.core.errors import Fault
from qa.tenancy.base import Actor
from qa.tenancy.context import tenant
from transcripts.formats import CanonicalInteraction, LineError
from transcripts.models import UploadedFile
from transcripts.receiving import Receipt, Received, conflict

logger = logging.getLogger(__name__)

BATCH: Final = 500  # interactions of one transaction
BATCH_CHARACTERS: Final = 4_000_000  # of said text in it: long ones make small batches

Numbered: TypeAlias = tuple[int, CanonicalInteraction]
Line: TypeAlias = tuple[int, CanonicalInteraction | LineError]


@dataclass(slots=True)
class Batch:
    """Lines that are kept together; those that can't be are named in `refused`."""

    lines: list[Numbered] = field(default_factory=list)
    refused: list[LineError] = field(default_factory=list)
    last: int = 0


@dataclass(slots=True)
class Taken:
    """What became of a batch: what is here now, new or not, and the lines that are refused."""

    kept: list[tuple[CanonicalInteraction, Received]]
    refused: list[LineError]
    last: int

    def add(self, number: int, interaction: CanonicalInteraction, result: Received) -> None:
        """Note what became of a line."""
        if result.receipt is Receipt.CONFLICT:
            self.refused.append(LineError(number, (conflict(result),)))
        else:
            self.kept.append((interaction, result))

    def count(self, receipt: Receipt) -> int:
        """Count the interactions that have this receipt."""
        return sum(result.receipt is receipt for _, result in self.kept)


def batches(lines: Iterable[Line]) -> Iterator[Batch]:
    """Gather lines until they are enough for one transaction."""
    batch, size = Batch(), 0
    for number, line in lines:
        batch.last = number
        if isinstance(line, LineError):
            batch.refused.append(line)
        else:
            batch.lines.append((number, line))
            size += sum(len(turn.text) for turn in line.turns)
        if len(batch.lines) + len(batch.refused) >= BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = Batch(), 0
    if batch.last:
        yield batch


def keep(
    batch: Batch,
    *,
    by: Actor,
    file: UploadedFile | None = None,
    note: Callable[[Taken], None] | None = None,
    taken: Taken | None = None,
) -> Taken:
    """Keep a batch in one transaction, in which `note` writes down what became of it."""
    taken = taken or Taken([], list(batch.refused), batch.last)
    with tenant(by.organization_id):
        _submit(batch.lines, taken, by=by, file=file)
        if note:
            note(taken)
    return taken


def _submit(
    lines: Sequence[Numbered], taken: Taken, *, by: Actor, file: UploadedFile | None
) -> None:
    """Submit lines; where that fails in an unforeseen way, halve them until the line is found."""
    interactions = [interaction for _, interaction in lines]
    try:
        with transaction.atomic():
            results = pipeline.submit(interactions, by=by, file=file)
    except (OperationalError, InterfaceError, ProgrammingError):
        raise  # it is the database that fails, not a line
    except Exception:
        if len(lines) > 1:
            for half in (lines[: len(lines) // 2], lines[len(lines) // 2 :]):
                _submit(half, taken, by=by, file=file)
            return
        logger.exception("line could not be kept line=%s", lines[0][0])
        fault = Fault(
            "", gettext("caused an error in Heard while it was being saved, so it was not kept")
        )
        taken.refused.append(LineError(lines[0][0], (fault,)))
        return
    for (number, interaction), result in zip(lines, results, strict=True):
        taken.add(number, interaction, result)
