"""What became of a file, counted interaction by interaction: its status, its summary, its faults.

tally.add(interaction, received)    # kept, here already, or in conflict with what is here
tally.add_error(error)              # a record that could not be read or kept
tally.describe(file, notes=[])      # into its row
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import ngettext

from qa.core.errors import Fault
from transcripts.formats import CanonicalInteraction, LineError
from transcripts.models import UploadedFile
from transcripts.receiving import Receipt, Received, conflict

FAULTS_KEPT: Final = 100
IDS_KEPT: Final = 20

Status = UploadedFile.Status


@dataclass(slots=True)
class FileTally:
    """A file's count, the same whether it is read whole or line by line; bounded in its size."""

    receipts: Counter[Receipt] = field(default_factory=Counter)
    refused: int = 0
    turns: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    channels: set[str] = field(default_factory=set)
    redacted: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)  # the first few
    fault_count: int = 0
    first_faults: list[dict[str, Any]] = field(default_factory=list)

    def add(self, interaction: CanonicalInteraction, received: Received) -> None:
        """Count an interaction that was read, and what became of it."""
        self.turns += len(interaction.turns)
        self.roles.update(turn.role for turn in interaction.turns)
        self.channels.add(interaction.channel)
        if received.receipt is Receipt.CONFLICT:
            self.add_error(LineError(None, (conflict(received),)))
            return
        self.receipts[received.receipt] += 1
        self.redacted.update(received.redacted)
        if len(self.ids) < IDS_KEPT and (pk := str(received.id)) not in self.ids:
            self.ids.append(pk)

    def add_error(self, error: LineError) -> None:
        """Count a record of which nothing was kept."""
        self.refused += 1
        self.add_faults(error.faults, line=error.line)

    def add_faults(self, faults: Iterable[Fault], *, line: int | None) -> None:
        """Note what was wrong, at a line or with the file as a whole."""
        for fault in faults:
            self.fault_count += 1
            if len(self.first_faults) < FAULTS_KEPT:
                self.first_faults.append(
                    {"line": line, "path": fault.path, "message": fault.message}
                )

    @property
    def status(self) -> UploadedFile.Status:
        if not self.receipts:
            return Status.REFUSED
        if self.refused:
            return Status.PARTLY
        return Status.ACCEPTED if self.receipts[Receipt.RECEIVED] else Status.DUPLICATE

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The first faults, and how many there are besides."""
        more = self.fault_count - len(self.first_faults)
        message = ngettext("and %(n)s more fault", "and %(n)s more faults", more)
        message %= {"n": number_format(more, force_grouping=True)}
        told = {"line": None, "path": "", "message": message}
        return [*self.first_faults, told] if more else list(self.first_faults)

    def describe(self, file: UploadedFile, *, notes: Sequence[str]) -> None:
        """Fill the file's row in; its caller saves it."""
        file.status, file.faults = self.status, self.faults
        file.redacted, file.summary = dict(self.redacted), self._summary(notes)

    def _summary(self, notes: Sequence[str]) -> dict[str, Any]:
        return {
            "received": self.receipts[Receipt.RECEIVED],
            "duplicates": self.receipts[Receipt.DUPLICATE],
            "refused": self.refused,
            "turns": self.turns,
            "channels": sorted(self.channels),
            "roles": dict(self.roles),
            "speakers": [],
            "interactions": list(self.ids),
            "notes": list(notes),
        }
