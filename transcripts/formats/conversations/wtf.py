"""World Transcription Format: the transcript extension of vCon, one shape for many recognisers."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.chats.messages import document_of
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.labels import stated_role
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import talk
from transcripts.formats.speech.words import Word, joined

NAME: Final = "wtf"


def recognise(source: Source) -> Likeness | None:
    document = mapping(document_of(source))
    if "text" in mapping(document.get("transcript")) and "segments" in document:
        return Likeness(0.97, gettext_noop("JSON of a transcript with its text, and segments"))
    return None


def parse(source: Source) -> Parsed:
    document = mapping(source.document)
    whole = mapping(document.get("transcript"))
    if not whole:
        raise FormatError(_("has no transcript"), field="transcript", expected=_("an object"))
    speakers = _speakers(document.get("speakers"))
    turns = list(_segments(document, speakers)) or list(_stretches(document, speakers))
    if not any(turn.text for turn in turns):
        turns = [talk.turn(whole.get("text"))]
    facts = mapping(document.get("metadata"))
    call = talk.call(
        talk.in_order(turns),
        source,
        duration_s=talk.seconds(whole.get("duration")),
        language=whole.get("language"),
        metadata=talk.metadata(provider=facts.get("provider"), model=facts.get("model")),
    )
    return talk.parsed(NAME, call, source)


def _speakers(value: Any) -> dict[str, dict[str, Any]]:
    """Who speaks, by id; written as an object or as a list."""
    if isinstance(value, dict):
        return {key: mapping(speaker) for key, speaker in value.items()}
    return {text(speaker.get("id")): speaker for speaker in objects(value)}


def _segments(
    document: dict[str, Any], speakers: dict[str, dict[str, Any]]
) -> Iterator[CanonicalTurn]:
    for segment in objects(document.get("segments")):
        yield _turn(segment.get("text"), segment.get("speaker"), segment, segment, speakers)


def _stretches(
    document: dict[str, Any], speakers: dict[str, dict[str, Any]]
) -> Iterator[CanonicalTurn]:
    """The words of one voice in a row, where the file has no segments."""
    words = objects(document.get("words"))
    for speaker, stretch in groupby(words, key=lambda word: text(word.get("speaker"))):
        spoken = list(stretch)
        said = joined(
            Word(text(word.get("text")), glued=word.get("is_punctuation") is True)
            for word in spoken
        )
        yield _turn(said, speaker, spoken[0], spoken[-1], speakers)


def _turn(
    said: Any,
    speaker: Any,
    first: dict[str, Any],
    last: dict[str, Any],
    speakers: dict[str, dict[str, Any]],
) -> CanonicalTurn:
    known = speakers.get(text(speaker), {})
    label = text(known.get("label")) or text(known.get("name")) or talk.label(speaker)
    stated = stated_role(text(known.get("role")))
    return talk.turn(
        said,
        speaker=label,
        role="" if stated == "unknown" else stated,
        started=talk.seconds(first.get("start")),
        ended=talk.seconds(last.get("end")),
    )


FORMAT: Final = Format(
    name=NAME,
    title="World Transcription Format",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
