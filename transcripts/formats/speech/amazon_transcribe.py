"""Amazon Transcribe: batch output, and the events of streams (amazon_streams.py).

Who spoke is told by `audio_segments` (the newest files), by `speaker_labels` whose segments name
their words by start time (words carry the label only in newer files), by `channel_labels`, or not
at all. Which channel is the agent's is never in the file.
"""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import amazon_streams, events, talk
from transcripts.formats.speech.words import Word, by_speakers, turn_of, turns_of, turns_of_channels

NAME: Final = "amazon_transcribe"


def recognise(source: Source) -> Likeness | None:
    found = mapping(talk.document(source))
    results = mapping(found.get("results"))
    if "transcripts" in results and ("items" in results or "audio_segments" in results):
        return Likeness(
            0.95, gettext_noop("results with transcripts and items, as Amazon Transcribe writes")
        )
    if "jobName" in found and "status" in found:
        return Likeness(0.8, gettext_noop("the job name and status of an Amazon Transcribe job"))
    if any(map(amazon_streams.is_event, events.first_events(source))):
        return Likeness(
            0.95, gettext_noop("results with IsPartial, as Amazon Transcribe streams them")
        )
    return None


def parse(source: Source) -> Parsed:
    if any(map(amazon_streams.is_event, events.first_events(source))):
        streamed, notes = events.events_of(source)
        turns = amazon_streams.turns(streamed)
        interaction = talk.call(turns, source, language=amazon_streams.language(streamed))
        return talk.parsed(NAME, interaction, source, notes=notes)
    job = mapping(talk.document(source))
    results = mapping(job.get("results"))
    status = text(job.get("status")).upper()
    if not results and status and status != "COMPLETED":
        raise FormatError(_("holds no transcript: the transcription job was not completed"))
    facts = talk.metadata(job_name=job.get("jobName"))
    interaction = talk.call(
        _turns(results), source, language=results.get("language_code"), metadata=facts
    )
    return talk.parsed(NAME, interaction, source)


def _turns(results: dict[str, Any]) -> list[CanonicalTurn]:
    items = objects(results.get("items"))
    by_id = {text(item.get("id")): item for item in items}
    ready = [
        turn
        for segment in objects(results.get("audio_segments"))
        for turn in _ready_turns(segment, by_id)
    ]
    if any(turn.text for turn in ready):
        return talk.in_order(ready)
    channels = objects(mapping(results.get("channel_labels")).get("channels"))
    segments = _speaker_segments(results.get("speaker_labels"))
    if segments:
        return talk.in_order(_turns_of_segments(items, segments))
    if channels:
        tracks = [
            [_word(item, _label(channel)) for item in objects(channel.get("items"))]
            for channel in channels
        ]
        return talk.in_order(turns_of_channels(tracks))
    spoken = list(turns_of(_word(item, _label(item)) for item in items))
    whole = " ".join(
        text(transcript.get("transcript")) for transcript in objects(results.get("transcripts"))
    )
    return spoken or [talk.turn(whole)]


def _ready_turns(
    segment: dict[str, Any], by_id: dict[str, dict[str, Any]]
) -> Iterator[CanonicalTurn]:
    """A segment as the file cuts it, and once more where its words have other labels."""
    whole = talk.turn(
        segment.get("transcript"),
        speaker=_label(segment),
        started=talk.seconds(segment.get("start_time")),
        ended=talk.seconds(segment.get("end_time")),
    )
    listed = segment.get("items")
    ids = (text(each) for each in listed) if isinstance(listed, list) else ()
    words = [_word(by_id[each], _label(by_id[each])) for each in ids if each in by_id]
    yield from by_speakers(whole, words)


def _speaker_segments(labels: Any) -> list[dict[str, Any]]:
    parts = objects(labels) if isinstance(labels, list) else [mapping(labels)]
    return [segment for part in parts for segment in objects(part.get("segments"))]


def _turns_of_segments(
    items: list[dict[str, Any]], segments: list[dict[str, Any]]
) -> Iterator[CanonicalTurn]:
    """One turn a segment, as the file cuts them; words of no segment stay with the one before.

    A segment whose words have other labels of their own is cut at these.
    """
    labels = {
        text(item.get("start_time")): _label(item)
        for segment in segments
        for item in objects(segment.get("items"))
    }
    owner = {
        (_label(item) or _label(segment), text(item.get("start_time"))): index
        for index, segment in enumerate(segments)
        for item in objects(segment.get("items"))
    }
    by_time = {start: index for (_, start), index in owner.items()}
    words: list[list[Word]] = [[] for _ in segments]
    index = 0
    for item in items:
        start = text(item.get("start_time"))
        index = owner.get((_label(item), start), by_time.get(start, index))
        own = _label(item) or labels.get(start, "")
        words[index].append(_word(item, own))
    for segment, said in zip(segments, words, strict=True):
        if said:
            yield from by_speakers(turn_of(said, _label(segment)), said)


def _label(part: dict[str, Any]) -> str:
    return text(part.get("speaker_label")) or text(part.get("channel_label"))


def _word(item: dict[str, Any], speaker: str) -> Word:
    best = next(iter(objects(item.get("alternatives"))), {})
    return Word(
        text(best.get("content")),
        speaker,
        talk.seconds(item.get("start_time")),
        talk.seconds(item.get("end_time")),
        glued=item.get("type") == "punctuation",
    )


FORMAT: Final = Format(
    name=NAME,
    title="Amazon Transcribe",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
