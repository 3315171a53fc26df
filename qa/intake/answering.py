"""Answers to what files leave open, and rows that are left out: what people do in the list.

Each is one transaction: an answer that is cut off in the middle has changed nothing, and may be
given again.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.intake import answered, files, kept
from qa.intake.facts import NO_FACTS
from qa.intake.kept_readings import FileNeededError
from qa.intake.questions import SourceAnswers
from qa.organizations.models import Membership
from qa.tenancy.base import Actor
from transcripts.models import Upload, UploadedFile, UploadedFileQuerySet
from transcripts.remembered import NOBODY_ANSWERED, UNANSWERED_KEPT, Key

AT_ONCE: Final = 50  # files that one answer is given to; more wait for the next
TOO_LARGE: Final = "too_large"


@transaction.atomic
def answer(file: UploadedFile, *, by: Membership, told: SourceAnswers) -> UploadedFile:
    """Read what is kept of a file with what was answered; keeps the rest, or asks on."""
    row = files.hold(file, by=by)
    form = kept.of(row, by=by)
    if _is_late(row):
        raise Conflict(gettext("This file waited for more than 24 hours. Upload it again."))
    if form is None or row.status != UploadedFile.Status.ASKS:
        raise Refused(gettext("Choose the file."))
    told = files.with_told_before(row, told)
    try:
        files.settle(
            row,
            lambda: answered.read(form, told=told, by=by, limits=files.limits()),
            by=by,
            told=told,
        )
    except FileNeededError as error:
        _ask_for_file(row, error, told, by=by)
    if row.status != UploadedFile.Status.ASKS:
        kept.drop(row, by=by)
    row.save()
    return row


def answer_alike(
    file: UploadedFile, *, source: str, by: Membership, told: SourceAnswers
) -> list[UploadedFile]:
    """Give the files that ask what this one asked the answer that it was given."""
    others = waiting(by=by).filter(source=source, kept__isnull=False).exclude(pk=file.pk)
    # One that somebody else is just answering is left to them, so that nobody waits in a ring.
    free = others.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    with transaction.atomic():
        return [answer(other, by=by, told=told) for other in free[:AT_ONCE]]


def waiting(*, by: Actor) -> UploadedFileQuerySet:
    """Find the files that can still be answered."""
    since = timezone.now() - UNANSWERED_KEPT
    rows = UploadedFile.objects.visible_to(by).listed()
    return rows.filter(status=UploadedFile.Status.ASKS, created_at__gte=since)


def alike(sources: Iterable[str], *, by: Actor) -> dict[str, int]:
    """Count the files that ask the same, by what they have in common."""
    wanted = waiting(by=by).filter(source__in=set(sources), kept__isnull=False)
    return wanted.counted_by("source")


@transaction.atomic
def leave_out(file: UploadedFile, *, by: Membership) -> None:
    """Take a file that waits or was rejected off the list; it can be put back."""
    row = files.hold(file, by=by)
    if row.status == UploadedFile.Status.PARTLY:
        raise Refused(gettext("Part of this file was imported, so it can't be left out."))
    if row.left_out_at is None:
        row.left_out_at = timezone.now()
        row.save(update_fields=["left_out_at"])
        audit.record(by, "file.left_out", row, {"status": row.status})


@transaction.atomic
def put_back(file: UploadedFile, *, by: Membership) -> None:
    """Put a file that was left out back on the list."""
    row = files.hold(file, by=by)
    if row.left_out_at is not None:
        row.left_out_at = None
        row.save(update_fields=["left_out_at"])
        audit.record(by, "file.put_back", row, {"status": row.status})


def note_unsent(upload: Upload, *, name: str, size: int, by: Membership) -> UploadedFile:
    """Remember a file that was too large to be sent: its name, its size and why."""
    sent = files.Incoming(name, b"", size, refused=files.too_large(size))
    return files.take_file(upload, sent, by=by, told=SourceAnswers(facts=NO_FACTS))


def _is_late(row: UploadedFile) -> bool:
    """True if nobody answered in time, whether the sweep has seen it yet or not."""
    if row.status == UploadedFile.Status.ASKS:
        return kept.until(row) < timezone.now()
    return any(fault["message"] == NOBODY_ANSWERED for fault in row.faults)


def _ask_for_file(
    row: UploadedFile, error: FileNeededError, told: SourceAnswers, *, by: Membership
) -> None:
    """Ask for the file itself, with the answers kept."""
    answers: Mapping[Key, Any] = told.answers
    kept.drop(row, by=by)
    row.status = UploadedFile.Status.ASKS
    row.faults, row.redacted = [], {}
    row.summary = {
        "questions": [],
        "told": [[*key, value] for key, value in answers.items()],
        "facts": told.facts.to_dict(),
        "needs_file": error.reason,
    }
