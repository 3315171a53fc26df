"""Deepgram: utterances where the file has them, else paragraphs, words or the bare transcript.

Live messages are read by deepgram_live.py.

The same words stand in all of them; one is read. With several channels the numbers of speakers
begin anew in each.
"""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import deepgram_live as live
from transcripts.formats.speech import events, talk
from transcripts.formats.speech.words import Word, by_speakers, turn_of, turns_of, turns_of_channels

NAME: Final = "deepgram"


def recognise(source: Source) -> Likeness | None:
    results = mapping(_document(source).get("results"))
    channels = objects(results.get("channels"))
    if any(objects(channel.get("alternatives")) for channel in channels[:20]):
        return Likeness(
            0.95, gettext_noop("results with channels and alternatives, as Deepgram writes")
        )
    if objects(results.get("utterances")):
        return Likeness(0.9, gettext_noop("results with utterances, as Deepgram writes"))
    if any(map(live.is_event, events.first_events(source))):
        return Likeness(0.95, gettext_noop("live results with is_final, as Deepgram streams them"))
    return None


def parse(source: Source) -> Parsed:
    if any(map(live.is_event, events.first_events(source))):
        return _parse_live(source)
    found = _document(source)
    results, about = mapping(found.get("results")), mapping(found.get("metadata"))
    channels = objects(results.get("channels"))
    several = len(channels) > 1
    turns = [
        turn
        for utterance in objects(results.get("utterances"))
        for turn in _utterance_turns(utterance, several)
    ]
    if not any(turn.text for turn in turns):
        turns = list(_channel_turns(channels))
    languages = [text(channel.get("detected_language")) for channel in channels]
    interaction = talk.call(
        talk.in_order(turns),
        source,
        duration_s=talk.seconds(about.get("duration")),
        language=next(filter(None, languages), None),
        metadata=talk.metadata(request_id=about.get("request_id")),
    )
    return talk.parsed(NAME, interaction, source)


def _parse_live(source: Source) -> Parsed:
    found, notes = events.events_of(source)
    about = live.about(found)
    interaction = talk.call(
        live.turns(found),
        source,
        duration_s=talk.seconds(about.get("duration")),
        metadata=talk.metadata(request_id=about.get("request_id")),
    )
    return talk.parsed(NAME, interaction, source, notes=notes)


def _document(source: Source) -> dict[str, Any]:
    found = mapping(talk.document(source))
    return mapping(found.get("result")) or found


def _utterance_turns(utterance: dict[str, Any], several: bool) -> Iterator[CanonicalTurn]:
    channel = utterance.get("channel")
    whole = talk.turn(
        utterance.get("transcript"),
        speaker=talk.label(utterance.get("speaker"), channel, several_channels=several),
        started=talk.seconds(utterance.get("start")),
        ended=talk.seconds(utterance.get("end")),
    )
    told = (word for word in objects(utterance.get("words")) if word.get("speaker") is not None)
    yield from by_speakers(whole, [_word(word, channel, several) for word in told])


def _channel_turns(channels: list[dict[str, Any]]) -> Iterator[CanonicalTurn]:
    several = len(channels) > 1
    undivided: list[list[Word]] = []
    for index, channel in enumerate(channels):
        best = next(iter(objects(channel.get("alternatives"))), {})
        paragraphs = objects(mapping(best.get("paragraphs")).get("paragraphs"))
        words = [_word(word, index, several) for word in objects(best.get("words"))]
        if paragraphs:
            yield from (_paragraph_turn(paragraph, index, several) for paragraph in paragraphs)
        elif len({word.speaker for word in words}) > 1:
            yield from turns_of(words)
        elif several and words:
            undivided.append(words)
        else:
            yield _whole_turn(best, words, talk.label(None, index, several_channels=several))
    yield from turns_of_channels(undivided)


def _paragraph_turn(paragraph: dict[str, Any], index: int, several: bool) -> CanonicalTurn:
    return talk.turn(
        " ".join(text(sentence.get("text")) for sentence in objects(paragraph.get("sentences"))),
        speaker=talk.label(paragraph.get("speaker"), index, several_channels=several),
        started=talk.seconds(paragraph.get("start")),
        ended=talk.seconds(paragraph.get("end")),
    )


def _whole_turn(best: dict[str, Any], words: list[Word], channel: str) -> CanonicalTurn:
    """The transcript of one voice, with the times of its words."""
    timed = turn_of(words, words[0].speaker if words else channel)
    return talk.turn(
        text(best.get("transcript")) or timed.text,
        speaker=timed.speaker or "",
        started=timed.started_s,
        ended=timed.ended_s,
    )


def _word(word: dict[str, Any], channel: Any, several: bool) -> Word:
    return Word(
        text(word.get("punctuated_word")) or text(word.get("word")),
        talk.label(word.get("speaker"), channel, several_channels=several),
        talk.seconds(word.get("start")),
        talk.seconds(word.get("end")),
    )


FORMAT: Final = Format(
    name=NAME,
    title="Deepgram",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
