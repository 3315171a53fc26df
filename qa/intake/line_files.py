"""Files of JSON lines of any length, on their way in from a disk.

Like qa/intake/files.py, but what such a file holds is committed batch by batch, and its row says
after each how far the reading has come: a file that was not read to its end can just be read
again.
"""

from collections.abc import Callable, Iterable
from functools import partial

from django.utils.formats import number_format
from django.utils.translation import gettext

from qa.intake import batches
from qa.intake.files import kept_name
from qa.intake.tally import FileTally
from qa.tenancy.base import Actor
from qa.tenancy.context import tenant
from transcripts.models import Upload, UploadedFile


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
        name=kept_name(name),
        size=size,
        format=format,
    )
    tally = FileTally()
    with tenant(by.organization_id):
        _write_unfinished(file, tally, last=0)
    for batch in batches.batches(lines):
        batches.keep(batch, by=by, file=file, note=partial(_count, file, tally))
        after_batch()
    with tenant(by.organization_id):
        tally.describe(file, notes=[])
        file.save()
    return file


def _count(file: UploadedFile, tally: FileTally, taken: batches.Taken) -> None:
    """Count a batch and write the row, in the batch's own transaction."""
    for interaction, received in taken.kept:
        tally.add(interaction, received)
    for error in taken.refused:
        tally.add_error(error)
    _write_unfinished(file, tally, last=taken.last)


def _write_unfinished(file: UploadedFile, tally: FileTally, *, last: int) -> None:
    """Bring the row up to date, as that of a file of which more lines may follow."""
    note = gettext("Only its first %(n)s lines have been read; import it again to go on.") % {
        "n": number_format(last, force_grouping=True)
    }
    tally.describe(file, notes=[note])
    file.status = UploadedFile.Status.PARTLY
    file.save()
