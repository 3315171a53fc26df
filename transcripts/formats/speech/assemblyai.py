"""AssemblyAI: utterances, else words, else the bare text.

A transcript with status error, or not finished, is refused. Times are milliseconds; dumps of the
client libraries call them `start_ms`. Live messages are read by assemblyai_live.py.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError, shortened
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import assemblyai_live as live
from transcripts.formats.speech import events, talk
from transcripts.formats.speech.words import Word, by_speakers, turn_of, turns_of

NAME: Final = "assemblyai"
MAX_REASON: Final = 200

_OWN_KEYS: Final = (
    "audio_duration",
    "language_model",
    "acoustic_model",
    "audio_url",
    "audio_src_url",
    "speech_model",
)
_PARTS: Final = ("utterances", "words", "segments")
_ADDRESS: Final = re.compile(r"\w{1,20}://\S+")


def recognise(source: Source) -> Likeness | None:
    found = _document(source)
    own = sum(key in found for key in _OWN_KEYS)
    parts = [key for key in _PARTS if key in found]
    if "status" in found and own and (parts or "text" in found or "error" in found):
        return Likeness(
            0.95, gettext_noop("status, audio and transcript keys, as AssemblyAI writes")
        )
    if own and ("utterances" in found or "words" in found):
        return Likeness(
            0.9, gettext_noop("utterances or words with audio keys, as AssemblyAI writes")
        )
    if parts and text(found.get("status")).startswith("TranscriptStatus."):
        return Likeness(0.9, gettext_noop("the status of AssemblyAI's client library"))
    segments = objects(found.get("segments"))[:20]
    if "status" in found and (
        len(parts) > 1 or any("transcript" in segment for segment in segments)
    ):
        return Likeness(
            0.85, gettext_noop("a status beside utterances or segments, as AssemblyAI writes")
        )
    if any(map(live.is_event, events.first_events(source))):
        return Likeness(0.95, gettext_noop("live turns, as AssemblyAI streams them"))
    return None


def parse(source: Source) -> Parsed:
    if any(map(live.is_event, events.first_events(source))):
        streamed, notes = events.events_of(source)
        return talk.parsed(NAME, talk.call(live.turns(streamed), source), source, notes=notes)
    found = _document(source)
    _refuse_unfinished(found)
    unit = _unit(found)
    turns = _turns(found, unit)
    interaction = talk.call(
        talk.in_order(turns),
        source,
        duration_s=talk.seconds(found.get("audio_duration")),
        language=found.get("language_code"),
        metadata=talk.metadata(transcript_id=found.get("id")),
    )
    return talk.parsed(NAME, interaction, source)


def _document(source: Source) -> dict[str, Any]:
    found = mapping(talk.document(source))
    inner = mapping(found.get("transcript"))
    return inner if "status" in inner and ("segments" in inner or "words" in inner) else found


def _refuse_unfinished(found: dict[str, Any]) -> None:
    status = text(found.get("status")).casefold().rpartition(".")[2]
    if status == "error" or text(found.get("error")):
        said = _ADDRESS.sub(_("(address)"), text(found.get("error")))
        if not said:
            raise FormatError(_("holds no transcript, the transcription failed"))
        message = _("holds no transcript, the transcription failed: %(reason)s")
        raise FormatError(message % {"reason": shortened(said, MAX_REASON)})
    if status in ("queued", "processing", "submitted"):
        raise FormatError(_("holds no transcript yet: the transcription was not finished"))


def _turns(found: dict[str, Any], unit: float) -> list[CanonicalTurn]:
    several = bool(found.get("dual_channel") or found.get("multichannel"))
    for key in ("utterances", "segments"):
        turns = [
            turn
            for utterance in objects(found.get(key))
            for turn in _parts(utterance, unit, several)
        ]
        if any(turn.text for turn in turns):
            return turns
    words = [_word(word, unit, several) for word in objects(found.get("words"))]
    said = text(found.get("text"))
    if said and len({word.speaker for word in words}) < 2:
        timed = turn_of(words, words[0].speaker if words else "")
        whole = talk.turn(
            said, speaker=timed.speaker or "", started=timed.started_s, ended=timed.ended_s
        )
        return [whole]
    return list(turns_of(words))


def _turn(utterance: dict[str, Any], unit: float, several: bool) -> CanonicalTurn:
    started, ended = _times(utterance, unit)
    return talk.turn(
        text(utterance.get("text")) or text(utterance.get("transcript")),
        speaker=_label(utterance, several),
        started=started,
        ended=ended,
    )


def _parts(utterance: dict[str, Any], unit: float, several: bool) -> Iterator[CanonicalTurn]:
    """An utterance, cut where its words name other speakers."""
    told = (word for word in objects(utterance.get("words")) if text(word.get("speaker")))
    words = [_word({"channel": utterance.get("channel"), **word}, unit, several) for word in told]
    yield from by_speakers(_turn(utterance, unit, several), words)


def _word(word: dict[str, Any], unit: float, several: bool) -> Word:
    started, ended = _times(word, unit)
    return Word(text(word.get("text")), _label(word, several), started, ended)


def _label(spoken: dict[str, Any], several: bool) -> str:
    """With channels the speaker is often the channel's number over again."""
    speaker, channel = text(spoken.get("speaker")), text(spoken.get("channel"))
    if several and speaker not in ("", channel) and channel:
        return talk.label(speaker, channel, several_channels=True)
    if several or (channel and speaker in ("", channel)):
        return talk.label(None, channel or speaker, several_channels=True)
    return talk.label(speaker)


def _times(spoken: dict[str, Any], unit: float) -> tuple[float | None, float | None]:
    started = spoken.get("start", spoken.get("start_ms"))
    ended = spoken.get("end", spoken.get("end_ms"))
    return talk.seconds(started, unit), talk.seconds(ended, unit)


def _unit(found: dict[str, Any]) -> float:
    """Milliseconds, unless the times have fractions and end within the audio's seconds."""
    length = number(found.get("audio_duration"))
    ends = [
        end
        for key in _PARTS
        for spoken in objects(found.get(key))
        if (end := number(spoken.get("end"))) is not None
    ]
    in_seconds = length and ends and max(ends) <= length and any(end % 1 for end in ends)
    return 1.0 if in_seconds else talk.MILLISECONDS


FORMAT: Final = Format(
    name=NAME,
    title="AssemblyAI",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
