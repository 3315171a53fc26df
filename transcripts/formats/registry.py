"""The formats known, and the choice among them.

A new format is one module in this package with a `FORMAT`, and one entry in the tuple below.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from qa.core.texts import gettext as _
from transcripts.formats import (
    archive,
    canonical,
    csv_turns,
    labelled_pairs,
    plain_text,
    srt,
    webvtt,
)
from transcripts.formats.answers import NO_ANSWERS, Answers
from transcripts.formats.chats import (
    connect_chat,
    intercom,
    livechat,
    slack,
    twilio_conversations,
    whatsapp,
    zendesk_chat,
    zoom_chat,
)
from transcripts.formats.conversations import azure_language, vcon, wtf
from transcripts.formats.errors import FormatError, one_of, shortened
from transcripts.formats.format import Format
from transcripts.formats.limits import UNLIMITED, Count, Limits
from transcripts.formats.mail import eml, mbox
from transcripts.formats.metadata_size import LEFT_OUT, fitted
from transcripts.formats.model import CHANNELS, CanonicalInteraction, LineError, Parsed
from transcripts.formats.records import stream_records
from transcripts.formats.roles import assign_roles
from transcripts.formats.settling import settled
from transcripts.formats.source import Source
from transcripts.formats.speech import (
    amazon_call_analytics,
    amazon_transcribe,
    assemblyai,
    azure_speech,
    ccai_insights,
    deepgram,
    genesys_cloud,
    google_speech,
    harper_valley,
    twilio_intelligence,
    whisper,
)
from transcripts.formats.speech.several import several
from transcripts.formats.tickets import directed, freshdesk, front, help_scout, zendesk
from transcripts.formats.validation import validate


def _read(source: Source, name: str | None = None) -> Parsed:
    """Read a file by its stated or recognised format, and check what it holds."""
    source.limits.check(records=source.records)
    chosen = FORMATS[_recognise(source).format] if name is None else _known_format(name)
    parsed = settled(chosen.parse(source)) if chosen.read_record is None else chosen.parse(source)
    Count(source.limits).take(parsed.interactions)
    return _checked(parsed)


FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        canonical.FORMAT,
        labelled_pairs.FORMAT,
        webvtt.FORMAT,
        srt.FORMAT,
        *map(
            several,
            (
                amazon_call_analytics.FORMAT,
                amazon_transcribe.FORMAT,
                assemblyai.FORMAT,
                azure_speech.FORMAT,
                ccai_insights.FORMAT,
                deepgram.FORMAT,
                genesys_cloud.FORMAT,
                google_speech.FORMAT,
                harper_valley.FORMAT,
                twilio_intelligence.FORMAT,
                whisper.FORMAT,
            ),
        ),
        connect_chat.FORMAT,
        intercom.FORMAT,
        livechat.FORMAT,
        slack.FORMAT,
        twilio_conversations.FORMAT,
        whatsapp.FORMAT,
        zendesk_chat.FORMAT,
        zoom_chat.FORMAT,
        azure_language.FORMAT,
        vcon.FORMAT,
        wtf.FORMAT,
        eml.FORMAT,
        mbox.FORMAT,
        freshdesk.FORMAT,
        front.FORMAT,
        help_scout.FORMAT,
        zendesk.FORMAT,
        *directed.FORMATS,
        csv_turns.FORMAT,
        plain_text.FORMAT,
        archive.zip_format(_read),
    )
}
BY_NAME_ONLY: Final = 0.05  # confidence where only the file's name speaks for a format
NUDGE: Final = 0.04  # what a fitting name adds to a fitting content
CLEAR_LEAD: Final = 0.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One format that a file may be of."""

    format: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file was recognised as, why, and what else it could be, best first."""

    format: str
    confidence: float
    reason: str
    others: tuple[Candidate, ...] = ()

    @property
    def clear(self) -> bool:
        """False where a second format fits nearly as well, so that a person had better say."""
        return not self.others or self.confidence - self.others[0].confidence >= CLEAR_LEAD


def recognise(data: bytes, name: str) -> Recognition:
    """Tell a file's format by its content, then by its name.

    FormatError if the file is empty, is no text, or is of no format known here.
    """
    return _recognise(Source(data, name))


def parse(
    data: bytes,
    *,
    name: str,
    format: str | None = None,  # noqa: A002
    channel: str | None = None,
    answers: Answers = NO_ANSWERS,
    limits: Limits = UNLIMITED,
) -> Parsed:
    """Read a file's interactions; every one of them has passed the canonical checks.

    `channel` is used where the file doesn't state one. Notes come out in the reader's language;
    until here they are what the readers wrote. FormatError, with `name` as its file, if nothing
    can be read, or if it holds more than `limits`; records refused beside good ones are in
    `Parsed.errors`.
    """
    source = Source(data, name, _known_channel(channel), answers, limits)
    try:
        parsed = assign_roles(_read(source, format), answers.roles)
        return replace(parsed, notes=tuple(map(_, parsed.notes)))
    except FormatError as error:
        error.file = error.file or shortened(name, 200)
        raise


def stream(
    lines: BinaryIO,
    *,
    format: str = canonical.NAME,  # noqa: A002
) -> Iterator[tuple[int, CanonicalInteraction | LineError]]:
    """Read JSON lines of any number, one at a time in flat memory, with their line numbers."""
    chosen = _known_format(format)
    if chosen.read_record is None:
        raise FormatError(_("the format %(name)s is not one of JSON lines") % {"name": format})
    return stream_records(lines, chosen.read_record)


def _recognise(source: Source) -> Recognition:
    refusals: list[FormatError] = []
    found = sorted(_candidates(source, refusals), key=lambda candidate: -candidate.confidence)
    if not found:
        if refusals:  # it is no text, and nothing else that is known here
            raise refusals[0]
        raise FormatError(_("is not in a format known here"), expected=one_of(FORMATS))
    best, *others = found
    return Recognition(best.format, best.confidence, best.reason, tuple(others))


def _candidates(source: Source, refusals: list[FormatError]) -> Iterator[Candidate]:
    for entry in FORMATS.values():
        try:
            likeness = entry.recognise(source)
        except FormatError as refusal:
            refusals.append(refusal)
            continue
        named = source.extension in entry.extensions
        if likeness is not None:
            surely = min(1.0, likeness.confidence + (NUDGE if named else 0))
            yield Candidate(entry.name, surely, _(likeness.reason))
        elif named and entry.extensions[0] == source.extension:
            yield Candidate(
                entry.name,
                BY_NAME_ONLY,
                _("its name ends in .%(extension)s") % {"extension": source.extension},
            )


def _checked(parsed: Parsed) -> Parsed:
    """Let every importer's result through the one gate that pushed JSON goes through."""
    if FORMATS[parsed.format].read_record is not None:
        return parsed  # its records were validated one by one
    kept: list[CanonicalInteraction] = []
    errors = list(parsed.errors)
    shortened_lists = False
    for interaction in parsed.interactions:
        fit = fitted(interaction)
        shortened_lists = shortened_lists or fit is not interaction
        try:
            kept.append(validate(fit.to_dict()))
        except FormatError as error:
            if len(parsed.interactions) == 1 and not errors:
                raise
            errors.append(LineError(None, error.faults))
    notes = (*parsed.notes, LEFT_OUT) if shortened_lists else parsed.notes
    return replace(parsed, interactions=tuple(kept), errors=tuple(errors), notes=notes)


def _known_format(name: str) -> Format:
    if name not in FORMATS:
        raise FormatError(
            _("the format %(name)s is not known") % {"name": shortened(name)},
            expected=one_of(FORMATS),
        )
    return FORMATS[name]


def _known_channel(channel: str | None) -> str | None:
    if channel is not None and channel not in CHANNELS:
        raise FormatError(
            _("the channel %(name)s is not known") % {"name": shortened(channel)},
            field="channel",
            expected=one_of(CHANNELS),
        )
    return channel
