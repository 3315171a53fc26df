"""Files of JSON lines of any length, on their way in from a disk.

Like qa/intake/files.py, but what such a file holds is committed batch by batch, and its row says
after each how far the reading has come: a file that was not read to its end can just be read
again.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from qa.intake import batches
from qa.intake.files import FAULTS_KEPT, IDS_KEPT, NAME_KEPT
from qa.tenancy.base import Actor
from qa.tenancy.context import tenant
from transcripts.formats import LineError
from transcripts.formats.errors import shortened
from transcripts.models import Upload, UploadedFile
from transcripts.receiving import Receipt
from transcripts.redaction import redact_text

Status = UploadedFile.Status


def take_lines(
    upload: Upload,
    lines: Iterable[batches.Line],
    *,
    name: str,
    size: int,
    format: str,  # noqa: A002
    by: Actor,
    position: int = 0,
    after_batch: Callable[[], object] = lambda: None,
) -> UploadedFile:
    """Read a file of lines and keep what it holds; each batch is committed with its row."""
    file = UploadedFile(
        organization_id=by.organization_id,
        upload=upload,
        position=position,
        name=shortened(redact_text(name, Counter()), NAME_KEPT),
        size=size,
        format=format,
    )
    so_far = _SoFar(file)
    with tenant(by.organization_id):
        so_far.write(ended=False)
    for batch in batches.batches(lines):
        batches.keep(batch, by=by, file=file, note=so_far.add)
        after_batch()
    with tenant(by.organization_id):
        so_far.write(ended=True)
    return file


class _SoFar:
    """What a file has held up to the last line read, as its row tells it."""

    def __init__(self, file: UploadedFile) -> None:
        self.file = file
        self.last = self.turns = self.refused = self.faults = 0
        self.receipts: Counter[Receipt] = Counter()
        self.roles: Counter[str] = Counter()
        self.channels: set[str] = set()
        self.shown: list[str] = []
        self.redacted: Counter[str] = Counter()

    def add(self, taken: batches.Taken) -> None:
        """Count a batch and write the row, in the batch's own transaction."""
        for interaction, result in taken.kept:
            self.receipts[result.receipt] += 1
            self.turns += len(interaction.turns)
            self.roles.update(turn.role for turn in interaction.turns)
            self.channels.add(interaction.channel)
            self.redacted.update(result.redacted)
            self._show(str(result.id))
        for error in taken.refused:
            self._refuse(error)
        self.last = taken.last
        self.write(ended=False)

    def write(self, *, ended: bool) -> None:
        """Bring the row up to date."""
        note = f"Only its first {self.last:,} lines have been read; import it again to go on."
        if ended:
            self._count_other_faults()
        self.file.status = self._status() if ended else Status.PARTLY
        self.file.redacted = dict(self.redacted)
        self.file.summary = {**self._summary(), "notes": [] if ended else [note]}
        self.file.save()

    def _show(self, pk: str) -> None:
        if len(self.shown) < IDS_KEPT and pk not in self.shown:
            self.shown.append(pk)

    def _refuse(self, error: LineError) -> None:
        self.refused += 1
        for fault in error.faults:
            self.faults += 1
            if len(self.file.faults) < FAULTS_KEPT:
                told = {"line": error.line, "path": fault.path, "message": fault.message}
                self.file.faults.append(told)

    def _status(self) -> UploadedFile.Status:
        if not self.receipts:
            return Status.REFUSED
        if self.refused:
            return Status.PARTLY
        return Status.ACCEPTED if self.receipts[Receipt.RECEIVED] else Status.DUPLICATE

    def _summary(self) -> dict[str, Any]:
        return {
            "received": self.receipts[Receipt.RECEIVED],
            "duplicates": self.receipts[Receipt.DUPLICATE],
            "refused": self.refused,
            "turns": self.turns,
            "channels": sorted(self.channels),
            "roles": dict(self.roles),
            "speakers": [],
            "interactions": self.shown,
        }

    def _count_other_faults(self) -> None:
        if more := self.faults - len(self.file.faults):
            told = {"line": None, "path": "", "message": f"and {more:,} faults more"}
            self.file.faults.append(told)
