"""Whisper and what is built on it: whisperX, whisper.cpp, OpenAI's verbose and diarized JSON,
the Transformers pipeline.

A segment is a turn, or several where its words name several speakers. Its speaker is the segment's
own, else the one that most of its words name, else nobody's. A timeline without words is refused.
"""

from collections import Counter
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import talk
from transcripts.formats.speech.words import Word, by_speakers, turn_of

NAME: Final = "whisper"
TIMELINE: Final = gettext_noop(
    "says who spoke when, but holds no words, so there is nothing to import"
)

_OTHERS: Final = ("audio_url", "audio_duration", "turns", "results", "dialog", "conversations")
_TELLING: Final = ("language", "word_segments", "task", "tokens", "words", "avg_logprob", "params")


def recognise(source: Source) -> Likeness | None:
    found = talk.document(source)
    if isinstance(found, list):
        return _recognise_list(objects(found)[:20])
    inner = mapping(found)
    if any(key in inner for key in _OTHERS) or isinstance(inner.get("transcript"), dict):
        return None
    parts = _parts(inner)[:20]
    if any("text" in part and _timed(part) for part in parts):
        telling = any(key in part for key in _TELLING for part in (inner, parts[0]))
        return Likeness(
            0.9 if telling else 0.8, gettext_noop("segments with times, as Whisper writes")
        )
    if isinstance(inner.get("text"), str) and {"task", "duration"} <= inner.keys():
        return Likeness(0.9, gettext_noop("text with task and duration, as OpenAI's verbose JSON"))
    if "segments" in inner and "language" in inner and isinstance(inner["segments"], list):
        return Likeness(0.7, gettext_noop("segments with a language, as Whisper writes"))
    if parts and all("speaker" in part and _timed(part) for part in parts):
        return Likeness(0.7, gettext_noop("a timeline of speakers"))
    return None


def parse(source: Source) -> Parsed:
    found = talk.document(source)
    inner = mapping(found)
    parts = objects(found) if isinstance(found, list) else _parts(inner)
    turns = [turn for part in parts for turn in by_speakers(_turn(part), _words(part))]
    if not any(turn.text for turn in turns):
        if parts and any("speaker" in part for part in parts):
            raise FormatError(_(TIMELINE))
        turns = [_whole(inner)]
    language = inner.get("language") or mapping(inner.get("result")).get("language")
    interaction = talk.call(
        talk.in_order(turns),
        source,
        duration_s=talk.seconds(inner.get("duration")),
        language=language,
    )
    return talk.parsed(NAME, interaction, source)


def _recognise_list(parts: list[dict[str, Any]]) -> Likeness | None:
    if not parts or not all(_timed(part) for part in parts):
        return None
    if any("text" in part for part in parts):
        return Likeness(
            0.85, gettext_noop("a list of segments with start, end and text, as whisperX gives")
        )
    if all("speaker" in part for part in parts):
        return Likeness(0.8, gettext_noop("a timeline of speakers, as a diarizer writes"))
    return None


def _parts(inner: dict[str, Any]) -> list[dict[str, Any]]:
    """The segments under the name that the tool gives them; those with speakers first."""
    for key in ("segments", "speakers", "transcription", "chunks"):
        found = objects(inner.get(key))
        if found:
            return found
    return []


def _timed(part: dict[str, Any]) -> bool:
    return ("start" in part and "end" in part) or "timestamp" in part or "offsets" in part


def _turn(part: dict[str, Any]) -> CanonicalTurn:
    started, ended = _times(part)
    return talk.turn(
        part.get("text"), speaker=talk.label(_speaker(part)), started=started, ended=ended
    )


def _times(part: dict[str, Any]) -> tuple[float | None, float | None]:
    offsets, stamp = mapping(part.get("offsets")), part.get("timestamp")
    if offsets:
        unit = talk.MILLISECONDS
        return talk.seconds(offsets.get("from"), unit), talk.seconds(offsets.get("to"), unit)
    if isinstance(stamp, list) and len(stamp) == 2:
        return talk.seconds(stamp[0]), talk.seconds(stamp[1])
    return talk.seconds(part.get("start")), talk.seconds(part.get("end"))


def _speaker(part: dict[str, Any]) -> str:
    said = text(part.get("speaker"))
    if said and said != "?":  # whisper.cpp's mark for a voice it could not tell
        return said
    of_words = Counter(text(word.get("speaker")) for word in objects(part.get("words")))
    of_words.pop("", None)
    return of_words.most_common(1)[0][0] if of_words else ""


def _whole(inner: dict[str, Any]) -> CanonicalTurn:
    """The text without segments, with the times of its words if it has any."""
    timed = turn_of(_words(inner))
    said = text(inner.get("text")) or timed.text
    return talk.turn(said, started=timed.started_s, ended=timed.ended_s)


def _words(part: dict[str, Any]) -> list[Word]:
    return [
        Word(
            text(word.get("word")) or text(word.get("text")),
            talk.label(word.get("speaker")),
            talk.seconds(word.get("start")),
            talk.seconds(word.get("end")),
        )
        for word in objects(part.get("words"))
    ]


FORMAT: Final = Format(
    name=NAME,
    title="Whisper",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
