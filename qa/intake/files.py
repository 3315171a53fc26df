"""The one door for files: the upload page, REST and the import command all come through here.

    upload = transcripts.open_upload(by=member)
    file = take_file(upload, Incoming("monday.vtt", data), by=member)

What a file holds is kept whole or not at all; what became of it is the UploadedFile row.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile as ReceivedFile
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from qa import pipeline
from qa.core.errors import Conflict, DomainError, Fault
from qa.intake import questions
from qa.intake.questions import Reading, Told
from qa.intake.upload_handler import FILES_IN_MEMORY
from qa.organizations import known_agents
from qa.organizations.models import Membership
from qa.reviews.visibility import hidden_in_summaries
from qa.tenancy.base import Actor
from scorecards.choices import Outcome
from scorecards.models import Moment, PreScore
from transcripts.formats import FORMATS, FormatError, Limits, Pushed, Question
from transcripts.formats.errors import shortened
from transcripts.formats.limits import UNLIMITED
from transcripts.models import Interaction, Transcript, Upload, UploadedFile
from transcripts.receiving import Receipt, Received
from transcripts.redaction import redact_text

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
FAULTS_KEPT = 100
RECORDS_A_TURN = 5  # of a recogniser's events, of which many hold no turn
FAULTS_SHOWN = 3
IDS_KEPT = 20
NAME_KEPT = 250
SPEAKERS_KEPT = 12
INSTEAD = (
    ", the most that one uploaded file may hold. Split it, or bring it in whole: by manage.py "
    "import, or as JSON lines by POST /api/v1/interactions/bulk/"
)
UNSETTLED = (
    UploadedFile.Status.ASKS,
    UploadedFile.Status.REFUSED,
    UploadedFile.Status.PARTLY,
)
OPEN_WORDS = {
    Question.FORMAT: "It may be of another format too; the likeliest was taken.",
    Question.CHANNEL: "The file does not say what it is a transcript of.",
    Question.ROLES: "Who is agent and who is customer is not known.",
    Question.DAY_FIRST: "Whether its dates begin with the day or the month is not known.",
    Question.TIME_ZONE: "The time zone of its times is not known.",
    Question.COLUMNS: "What its columns hold is not known.",
    Question.PIECES: "Who speaks in it is not known.",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file as it came in. `refused` says why its bytes were not even kept; `limits` is how much
    it may hold where somebody waits for the answer."""

    name: str
    data: bytes
    size: int
    refused: str = ""
    limits: Limits = UNLIMITED


@dataclass(frozen=True, slots=True)
class Progress:
    """A file, and how far its interactions have come."""

    file: UploadedFile
    states: dict[str, int]
    outcomes: list[tuple[str, int, int]]
    unscored: list[str]
    kept_back: int = 0  # for blind readings: what was found in these is not told

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return self.states.get(Interaction.Status.RECEIVED, 0)

    @property
    def failed(self) -> int:
        return self.states.get(Interaction.Status.FAILED, 0)

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def format_title(self) -> str:
        known = FORMATS.get(self.file.format)
        return known.title if known else self.file.format

    @property
    def source(self) -> str:
        """What the files have in common that one answer fits."""
        return " ".join(one["fingerprint"] for one in self.file.summary.get("questions", []))

    @property
    def first_faults(self) -> list[dict[str, Any]]:
        """What a list shows at once."""
        return list(self.file.faults[:FAULTS_SHOWN])

    @property
    def other_faults(self) -> list[dict[str, Any]]:
        return list(self.file.faults[FAULTS_SHOWN:])


def incoming(file: "ReceivedFile[Any]") -> Incoming:
    """What the upload handler has let through of one file."""
    refused = ""
    if getattr(file, "too_large", False):
        refused = too_large(file.size or 0)
    elif getattr(file, "crowded_out", False):
        limit = settings.MAX_FILE_BYTES * FILES_IN_MEMORY // MEGABYTE
        refused = f"came with others of more than {limit} MB together; send it on its own"
    return Incoming(file.name or "", file.read(), file.size or 0, refused, limits())


def limits() -> Limits:
    """What a file may hold that is read within a request."""
    return Limits(
        settings.MAX_FILE_INTERACTIONS,
        settings.MAX_FILE_TURNS,
        settings.MAX_FILE_CHARACTERS,
        records=settings.MAX_FILE_TURNS * RECORDS_A_TURN,
        instead=INSTEAD,
    )


def too_large(size: int) -> str:
    """Why a file of this size is refused."""
    limit = settings.MAX_FILE_BYTES // MEGABYTE
    return f"is too large: {size / MEGABYTE:,.0f} MB, and at most {limit} MB are taken"


def take_file(
    upload: Upload,
    one: Incoming,
    *,
    by: Actor,
    position: int = 0,
    format: str | None = None,  # noqa: A002
    channel: str | None = None,
    told: Told | None = None,
) -> UploadedFile:
    """Read one file and submit what it holds. Never raises for what is in the file."""
    file = UploadedFile(organization_id=by.organization_id, upload=upload, position=position)
    _take(file, one, by=by, told=told or Told(format, channel))
    file.save(force_insert=True)
    return file


@transaction.atomic
def take_again(file: UploadedFile, one: Incoming, *, by: Membership, told: Told) -> UploadedFile:
    """Take a file into the place of one that was refused or asks: corrected, or with answers."""
    row = UploadedFile.objects.visible_to(by).select_for_update().get(pk=file.pk)
    if row.status not in UNSETTLED:
        raise Conflict("This file has been taken in already.")
    row.created_at = timezone.now()
    before = {(question, source): value for question, source, value in row.summary.get("told", [])}
    _take(row, one, by=by, told=replace(told, answers={**before, **told.answers}))
    row.save()
    return row


def _take(file: UploadedFile, one: Incoming, *, by: Actor, told: Told) -> None:
    """Fill the file's row in with what became of it."""
    file.name = shortened(redact_text(one.name, Counter()), NAME_KEPT)
    file.size, file.format = one.size, ""
    file.faults, file.summary, file.redacted = [], {}, {}
    try:
        if one.refused or len(one.data) > settings.MAX_FILE_BYTES:
            raise FormatError(one.refused or too_large(len(one.data)))
        with transaction.atomic():
            reading = questions.read(one.data, one.name, by=by, told=told, limits=one.limits)
            if reading.asks and told.asks:
                _ask(file, reading, told)
                return
            read = zip(reading.stated, reading.parsed.interactions, strict=True)
            pushed = known_agents.settle([Pushed(*pair) for pair in read], by=by)
            results = pipeline.submit_settled(pushed, by=by, file=file)
            _fill_in_roles(pushed, results, by=by)
            _describe(file, reading, results, by=by)
            if told.remember and isinstance(by, Membership):
                questions.remember(reading, told, by=by)
    except DomainError as error:
        _refuse(file, error)
    except Exception:  # whatever a file does to a reader, the person gets an answer in words
        logger.exception("file could not be taken in file=%s", file.pk)
        _refuse(file, FormatError("met a fault in Heard while it was read; nothing of it was kept"))


def progress(files: Iterable[UploadedFile], *, by: Actor) -> list[Progress]:
    """How far each file has come; always the same number of queries."""
    listed = list(files)
    pks = [file.pk for file in listed]
    states: dict[UUID, dict[str, int]] = {pk: {} for pk in pks}
    outcomes: dict[UUID, list[tuple[str, int, int]]] = {pk: [] for pk in pks}
    unscored: dict[UUID, list[str]] = {pk: [] for pk in pks}
    mine = Interaction.objects.visible_to(by).filter(file__in=pks)
    for pk, status, count in mine.values_list("file", "status").annotate(n=Count("pk")):
        states[pk][status] = count
    moments = Moment.objects.visible_to(by).current().filter(interaction__file__in=pks)
    moments = moments.exclude(hidden_in_summaries(by, "interaction__"))
    kinds = moments.values_list("interaction__file", "outcome", "strength").annotate(n=Count("pk"))
    for pk, *found in sorted(kinds.order_by(), key=_best_first):
        outcomes[pk].append(tuple(found))
    scored = PreScore.objects.visible_to(by).current().filter(interaction__file__in=pks)
    unfit = scored.filter(scorable=False)
    for pk, reasons in unfit.values_list("interaction__file", "result__fitness__reasons"):
        unscored[pk] += reasons
    kept = mine.filter(hidden_in_summaries(by)).values_list("file").annotate(n=Count("pk"))
    kept_back = dict(kept)
    return [
        Progress(
            file, states[file.pk], outcomes[file.pk], unscored[file.pk], kept_back.get(file.pk, 0)
        )
        for file in listed
    ]


def _best_first(row: tuple[UUID, str, int, int]) -> tuple[int, int]:
    return Outcome.values.index(row[1]), -row[2]


def _refuse(file: UploadedFile, error: DomainError) -> None:
    """Nothing of the file was kept: say where and why."""
    line = error.line if isinstance(error, FormatError) else None
    faults = error.faults
    if not faults:
        reason = error.reason if isinstance(error, FormatError) else error.message
        field = error.field if isinstance(error, FormatError) else None
        faults = (Fault(field or "", reason),)
    file.status = UploadedFile.Status.REFUSED
    file.faults = _kept_faults([(line, fault) for fault in faults])
    file.summary, file.redacted = {}, {}


def _fill_in_roles(pushed: Sequence[Pushed], results: Sequence[Received], *, by: Actor) -> None:
    """Name speakers that were not known when an interaction first came in, and are now."""
    for each, result in zip(pushed, results, strict=True):
        if each.as_settled == each.as_stated or result.receipt is not Receipt.DUPLICATE:
            continue
        settled = each.as_settled.turns
        turns = Transcript.objects.visible_to(by).get(interaction=result.id).turns
        if not len(turns) == len(settled) == len(each.as_stated.turns):
            continue  # pieces that were joined or left out otherwise, then or now
        roles = {
            index: turn.role
            for index, (turn, kept) in enumerate(zip(settled, turns, strict=True))
            if kept["role"] == "unknown" and turn.role != "unknown"
        }
        if roles:
            with suppress(Conflict):  # under review: people see there who speaks
                pipeline.reassign(result.id, by=by, roles=roles)


def _ask(file: UploadedFile, reading: Reading, told: Told) -> None:
    """Keep the questions, what was told before and the redacted first turns, and nothing else."""
    parsed = reading.parsed
    file.format, file.status = parsed.format, UploadedFile.Status.ASKS
    file.summary = {
        "questions": [ask.to_dict() for ask in reading.asks],
        "told": [[*key, value] for key, value in told.answers.items()],
        "preview": reading.preview,
        "conversations": len(parsed.interactions),
        "notes": list(parsed.notes),
    }


def _describe(
    file: UploadedFile, reading: Reading, results: Sequence[Received], *, by: Actor
) -> None:
    """Fill the row in: what was recognised, kept, known already, refused."""
    parsed = reading.parsed
    receipts = Counter(result.receipt for result in results)
    pairs = list(zip(parsed.interactions, results, strict=True))
    conflicts = [(None, _conflict(one)) for _, one in pairs if one.receipt is Receipt.CONFLICT]
    refused = [(error.line, fault) for error in parsed.errors for fault in error.faults]
    file.format = parsed.format
    file.status = _status(receipts, len(parsed.errors))
    file.faults = _kept_faults([*refused, *conflicts])
    file.redacted = _redacted(file, by=by) if receipts[Receipt.RECEIVED] else {}
    known = list(dict.fromkeys(one.id for one in results if one.receipt is not Receipt.CONFLICT))
    file.summary = {
        "received": receipts[Receipt.RECEIVED],
        "duplicates": receipts[Receipt.DUPLICATE],
        "refused": len(parsed.errors) + receipts[Receipt.CONFLICT],
        "turns": sum(len(one.turns) for one in parsed.interactions),
        "channels": sorted({one.channel for one in parsed.interactions}),
        "roles": dict(Counter(turn.role for one in parsed.interactions for turn in one.turns)),
        "speakers": _speakers(known[0], by=by) if len(known) == 1 else [],
        "interactions": [str(pk) for pk in known[:IDS_KEPT]],
        "notes": [*parsed.notes, *(OPEN_WORDS[ask.question] for ask in reading.asks)],
        "recalled": [
            {"question": one.question, "on": one.answered_at.date().isoformat()}
            for one in reading.recalled
        ],
    }
    if not parsed.interactions and not file.faults:
        raise FormatError(" ".join(["holds nothing to import.", *file.summary["notes"]]))


def _status(receipts: Counter[Receipt], errors: int) -> UploadedFile.Status:
    here = receipts[Receipt.RECEIVED] + receipts[Receipt.DUPLICATE]
    if not here:
        return UploadedFile.Status.REFUSED
    if errors or receipts[Receipt.CONFLICT]:
        return UploadedFile.Status.PARTLY
    if not receipts[Receipt.RECEIVED]:
        return UploadedFile.Status.DUPLICATE
    return UploadedFile.Status.ACCEPTED


def _conflict(one: Received) -> Fault:
    return Fault(
        "external_id", f"is here already with other content, as interaction {one.id}; it stays"
    )


def _kept_faults(found: Sequence[tuple[int | None, Fault]]) -> list[dict[str, Any]]:
    kept = [
        {"line": line, "path": fault.path, "message": fault.message}
        for line, fault in found[:FAULTS_KEPT]
    ]
    if len(found) > FAULTS_KEPT:
        more = len(found) - FAULTS_KEPT
        kept.append({"line": None, "path": "", "message": f"and {more:,} faults more"})
    return kept


def _redacted(file: UploadedFile, *, by: Actor) -> dict[str, int]:
    counts: Counter[str] = Counter()
    kept = Interaction.objects.visible_to(by).filter(file=file.pk).exclude(redacted={})
    for redacted in kept.values_list("redacted", flat=True):
        counts.update(redacted)
    return dict(counts)


def _speakers(interaction_id: UUID, *, by: Actor) -> list[list[str]]:
    """Who speaks, with the role each was given, as stored: labels are redacted by then."""
    transcript = Transcript.objects.visible_to(by).get(interaction=interaction_id)
    pairs = dict.fromkeys((turn["speaker"] or "", turn["role"]) for turn in transcript.turns)
    return [list(pair) for pair in list(pairs)[:SPEAKERS_KEPT]]
