"""What became of uploaded files, as a table for a spreadsheet."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from qa.core import spreadsheet
from qa.intake.progress import Progress, progress
from qa.organizations.models import Membership
from transcripts.models import UploadedFile

ROWS: Final = 5_000
HEADER: Final = (
    gettext_noop("file"),
    gettext_noop("received"),
    gettext_noop("bytes"),
    gettext_noop("status"),
    gettext_noop("recognised as"),
    gettext_noop("channels"),
    gettext_noop("turns"),
    gettext_noop("interactions kept"),
    gettext_noop("here already"),
    gettext_noop("refused"),
    gettext_noop("pre-scored"),
    gettext_noop("waiting"),
    gettext_noop("failed"),
    gettext_noop("not scored because"),
    gettext_noop("redacted"),
    gettext_noop("faults"),
    gettext_noop("notes"),
    gettext_noop("conversation IDs"),
)


def as_csv(*, by: Membership, of: Sequence[UUID] = ()) -> str:
    """List the newest files, or those of some uploads, each with how far it has come."""
    return spreadsheet.as_csv([gettext(name) for name in HEADER], _rows(by, of))


def _rows(by: Membership, wanted: Sequence[UUID]) -> Iterator[list[Any]]:
    files = UploadedFile.objects.visible_to(by)
    files = files.filter(upload__in=wanted) if wanted else files
    for state in progress(files.order_by("-pk")[:ROWS], by=by):
        yield _row(state)


def _row(state: Progress) -> list[Any]:
    file, held = state.file, state.file.summary
    return [
        file.name,
        localtime(file.created_at).isoformat(timespec="seconds"),
        file.size,
        gettext("Left out") if state.left_out else file.get_status_display(),
        state.format_title,
        ", ".join(held.get("channels", [])),
        held.get("turns", ""),
        held.get("received", 0),
        held.get("duplicates", 0),
        held.get("refused", 0),
        state.done - state.failed,
        state.waiting,
        state.failed,
        ", ".join(dict.fromkeys(state.unscored)),
        ", ".join(f"{kind} {count}" for kind, count in file.redacted.items()),
        "; ".join(_fault(fault) for fault in file.faults),
        " ".join(held.get("notes", [])),
        " ".join(held.get("interactions", [])),
    ]


def _fault(fault: dict[str, Any]) -> str:
    line = gettext("line %(line)s") % {"line": fault["line"]} if fault["line"] else ""
    return " ".join(part for part in (line, fault["path"], fault["message"]) if part)
