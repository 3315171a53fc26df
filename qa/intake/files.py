"""The one door for files: the upload page, REST and the import command all come through here.

    upload = transcripts.open_upload(by=member)
    file = take_file(upload, Incoming("monday.vtt", data), by=member)

What a file holds is kept whole or not at all; what became of it is the UploadedFile row.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile as ReceivedFile
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

from qa import pipeline
from qa.core.errors import Conflict, DomainError, Fault
from qa.intake import answerable, kept, questions
from qa.intake.facts import Facts, filled_in
from qa.intake.kept_readings import FileNeededError
from qa.intake.question_forms import QUESTION_FORMS
from qa.intake.questions import ReadResult, SourceAnswers
from qa.intake.tally import FileTally
from qa.intake.upload_handler import FILES_IN_MEMORY
from qa.organizations.models import Membership
from qa.tenancy.base import Actor
from transcripts.formats import FormatError, Limits, Pushed
from transcripts.formats.errors import shortened
from transcripts.formats.limits import UNLIMITED
from transcripts.models import Interaction, Transcript, Upload, UploadedFile
from transcripts.receiving import Receipt, Received
from transcripts.redaction import redact_text

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
RECORDS_A_TURN = 5  # of a recogniser's events, of which many hold no turn
NAME_KEPT = 250
SPEAKERS_KEPT = 12
INSTEAD = gettext_noop(
    ", the most that one uploaded file may hold. Split it, or bring it in whole: by manage.py "
    "import, or as JSON lines by POST /api/v1/interactions/bulk/"
)
UNSETTLED = (
    UploadedFile.Status.ASKS,
    UploadedFile.Status.REFUSED,
    UploadedFile.Status.PARTLY,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came in. `refused` says why its bytes were not even kept; `limits` is how much
    it may hold where somebody waits for the answer."""

    name: str
    data: bytes
    size: int
    refused: str = ""
    limits: Limits = UNLIMITED


def incoming(file: "ReceivedFile[Any]") -> Incoming:
    """Take what the upload handler has let through of one file."""
    refused = ""
    if getattr(file, "too_large", False):
        refused = too_large(file.size or 0)
    elif getattr(file, "crowded_out", False):
        limit = settings.MAX_FILE_BYTES * FILES_IN_MEMORY // MEGABYTE
        refused = gettext(
            "came with others of more than %(limit)s MB together; send it on its own"
        ) % {"limit": limit}
    return Incoming(file.name or "", file.read(), file.size or 0, refused, limits())


def limits() -> Limits:
    """Say what a file may hold that is read within a request."""
    return Limits(
        settings.MAX_FILE_INTERACTIONS,
        settings.MAX_FILE_TURNS,
        settings.MAX_FILE_CHARACTERS,
        records=settings.MAX_FILE_TURNS * RECORDS_A_TURN,
        instead=gettext(INSTEAD),
    )


def too_large(size: int) -> str:
    """Say why a file of this size is refused."""
    limit = settings.MAX_FILE_BYTES // MEGABYTE
    told = {"size": number_format(round(size / MEGABYTE), force_grouping=True), "limit": limit}
    return gettext("is too large: %(size)s MB; the limit is %(limit)s MB") % told


def kept_name(name: str) -> str:
    """Redact and shorten a file's name."""
    return shortened(redact_text(name, Counter()), NAME_KEPT)


def take_file(
    upload: Upload,
    sent: Incoming,
    *,
    by: Actor,
    position: int = 0,
    format: str | None = None,  # noqa: A002
    channel: str | None = None,
    told: SourceAnswers | None = None,
) -> UploadedFile:
    """Read one file and submit what it holds. Never raises for what is in the file."""
    file = UploadedFile(organization_id=by.organization_id, upload=upload, position=position)
    _take(file, sent, by=by, told=told or SourceAnswers(format, channel))
    file.save(force_insert=True)
    return file


@transaction.atomic
def take_again(
    file: UploadedFile, sent: Incoming, *, by: Membership, told: SourceAnswers
) -> UploadedFile:
    """Take a file into the place of one that was refused or asks: corrected, or with answers."""
    row = hold(file, by=by)
    told = with_told_before(row, told)
    kept.drop(row, by=by)
    _take(row, sent, by=by, told=told)
    row.save()
    return row


def hold(file: UploadedFile, *, by: Membership) -> UploadedFile:
    """Lock the row of a file that is not settled, so that one answer comes after the other."""
    row = UploadedFile.objects.visible_to(by).select_for_update().get(pk=file.pk)
    if row.status not in UNSETTLED:
        raise Conflict(gettext("This file has already been imported."))
    return row


def with_told_before(row: UploadedFile, told: SourceAnswers) -> SourceAnswers:
    """Add what was told of a file before."""
    before = {(question, source): value for question, source, value in row.summary.get("told", [])}
    facts = told.facts.over(Facts.from_dict(row.summary.get("facts", {})))
    return replace(told, answers={**before, **told.answers}, facts=facts)


def _take(file: UploadedFile, sent: Incoming, *, by: Actor, told: SourceAnswers) -> None:
    """Fill the file's row in with what became of it."""
    file.name, file.size, file.format = kept_name(sent.name), sent.size, ""

    def read() -> ReadResult:
        if sent.refused or len(sent.data) > settings.MAX_FILE_BYTES:
            raise FormatError(sent.refused or too_large(len(sent.data)))
        result = questions.read(sent.data, sent.name, by=by, told=told, limits=sent.limits)
        form = partial(answerable.build, sent.data, sent.name, told=told, known=result.known)
        return replace(result, form=partial(form, by=by, limits=sent.limits))

    settle(file, read, by=by, told=told)


def settle(
    file: UploadedFile, read: Callable[[], ReadResult], *, by: Actor, told: SourceAnswers
) -> None:
    """Read what a file holds, and keep it all, or ask, or refuse it; fills its row in."""
    file.created_at = timezone.now()
    file.faults, file.summary, file.redacted, file.source = [], {}, {}, ""
    file.left_out_at = None
    try:
        with transaction.atomic():
            result = read()
            if result.asks and told.asks:
                _ask(file, result, told, by=by)
                return
            pushed = tuple(told.facts.fill(result.pushed))
            filled = filled_in(result.pushed, pushed)
            result = replace(result, pushed=pushed)
            received = pipeline.submit_settled(result.pushed, by=by, file=file)
            _fill_in_roles(result.pushed, received, by=by)
            _describe(file, result, received, by=by)
            file.summary["filled"] = filled
            if told.remember and isinstance(by, Membership):
                questions.remember(result, told, by=by)
    except DomainError as error:
        _refuse(file, error)
    except (OperationalError, InterfaceError):
        raise  # it is the database that fails, not the file
    except FileNeededError:
        raise
    except Exception:  # whatever a file does to a reader, the person gets an answer in words
        logger.exception("file could not be taken in file=%s", file.pk)
        message = gettext("caused an error in Heard while it was being read; none of it was kept")
        _refuse(file, FormatError(message))


def _refuse(file: UploadedFile, error: DomainError) -> None:
    """Say where and why nothing of the file was kept."""
    line, field, reason = None, None, error.message
    if isinstance(error, FormatError):
        line, field, reason = error.line, error.field, error.reason
    tally = FileTally()
    tally.add_faults(error.faults or (Fault(field or "", reason),), line=line)
    file.status, file.faults = UploadedFile.Status.REFUSED, tally.faults
    file.summary, file.redacted = {}, {}


def _fill_in_roles(pushed: Sequence[Pushed], received: Sequence[Received], *, by: Actor) -> None:
    """Name speakers that were not known when an interaction first came in, and are now."""
    for each, there in zip(pushed, received, strict=True):
        if each.as_settled == each.as_stated or there.receipt is not Receipt.DUPLICATE:
            continue
        settled = each.as_settled.turns
        turns = Transcript.objects.visible_to(by).get(interaction=there.id).turns
        if not len(turns) == len(settled) == len(each.as_stated.turns):
            continue  # pieces that were joined or left out otherwise, then or now
        roles = {
            index: turn.role
            for index, (turn, kept) in enumerate(zip(settled, turns, strict=True))
            if kept["role"] == "unknown" and turn.role != "unknown"
        }
        if roles:
            with suppress(Conflict):  # under review: people see there who speaks
                pipeline.reassign(there.id, by=by, roles=roles)


def _ask(file: UploadedFile, result: ReadResult, told: SourceAnswers, *, by: Actor) -> None:
    """Keep the questions, what was told before, and what the file holds as redaction leaves it."""
    asked = [ask.to_dict() for ask in result.asks]
    file.format = result.parsed.format or file.format
    file.status = UploadedFile.Status.ASKS
    file.source = source_of(asked)
    file.summary = {
        "questions": asked,
        "told": [[*key, value] for key, value in told.answers.items()],
        "facts": told.facts.to_dict(),
        "preview": result.preview,
        "conversations": len(result.pushed),
        "notes": list(result.parsed.notes),
    }
    if result.form is None:
        return
    form = result.form()
    if form["kind"] == "file":
        file.summary["needs_file"] = form["reason"]
        kept.drop(file, by=by)
    else:
        kept.keep(file, form, by=by)


def source_of(asked: Sequence[Mapping[str, Any]]) -> str:
    """Name what files that ask have in common if one answer fits them all."""
    return sha256(" ".join(one["fingerprint"] for one in asked).encode()).hexdigest()


def _describe(
    file: UploadedFile, result: ReadResult, received: Sequence[Received], *, by: Actor
) -> None:
    """Fill the row in: what was recognised, kept, known already, refused."""
    parsed, tally = result.parsed, FileTally()
    for error in parsed.errors:
        tally.add_error(error)
    for each, there in zip(result.pushed, received, strict=True):
        tally.add(each.as_settled, there)
    left_open = (str(QUESTION_FORMS[ask.question].left_open) for ask in result.asks)
    notes = [*parsed.notes, *left_open]
    file.format = parsed.format
    if not received and not tally.faults:
        raise FormatError(" ".join([gettext("holds nothing to import."), *notes]))
    tally.describe(file, notes=notes)
    if tally.receipts[Receipt.RECEIVED]:
        file.redacted = _redacted(file, by=by)
    if len(tally.ids) == 1:
        file.summary["speakers"] = _speakers(UUID(tally.ids[0]), by=by)
    file.summary["recalled"] = [
        {"question": answer.question, "on": answer.answered_at.isoformat()}
        for answer in result.recalled
    ]


def _redacted(file: UploadedFile, *, by: Actor) -> dict[str, int]:
    counts: Counter[str] = Counter()
    kept = Interaction.objects.visible_to(by).filter(file=file.pk).exclude(redacted={})
    for redacted in kept.values_list("redacted", flat=True):
        counts.update(redacted)
    return dict(counts)


def _speakers(interaction_id: UUID, *, by: Actor) -> list[list[str]]:
    """List who speaks, with the role each was given, as stored: labels are redacted by then."""
    transcript = Transcript.objects.visible_to(by).get(interaction=interaction_id)
    pairs = dict.fromkeys((turn["speaker"] or "", turn["role"]) for turn in transcript.turns)
    return [list(pair) for pair in list(pairs)[:SPEAKERS_KEPT]]
