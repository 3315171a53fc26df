"""Deepgram while it listens: messages of the type Results, of which `is_final` marks the last.

A long utterance comes as several final results; `speech_final` or an UtteranceEnd closes it. Flux
sends the type TurnInfo instead: each is the turn so far, and the event EndOfTurn the whole of it.
"""

from collections.abc import Iterator
from typing import Any

from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.model import CanonicalTurn
from transcripts.formats.speech import events, talk
from transcripts.formats.speech.words import Word, turns_of


def is_event(event: dict[str, Any]) -> bool:
    """True if an object is a live result."""
    return _is_result(event) or _is_turn(event)


def _is_result(event: dict[str, Any]) -> bool:
    return "is_final" in event and "alternatives" in mapping(event.get("channel"))


def _is_turn(event: dict[str, Any]) -> bool:
    return event.get("type") == "TurnInfo" and "turn_index" in event


def turns(found: list[dict[str, Any]]) -> list[CanonicalTurn]:
    """The turns of the final results, utterance by utterance."""
    said = list(_utterances(found))
    events.refuse_empty(said, [event for event in found if is_event(event)])
    return talk.in_order(said)


def about(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What the messages say of the whole."""
    closing = [event for event in found if text(event.get("type")) == "Metadata"]
    metadata = closing or [mapping(event.get("metadata")) for event in found]
    return next(filter(None, metadata), {})


def _utterances(found: list[dict[str, Any]]) -> Iterator[CanonicalTurn]:
    open_words: dict[str, list[Word]] = {}
    for event in found:
        track = _channel(event)
        if text(event.get("type")) == "UtteranceEnd":
            yield from turns_of(open_words.pop(track, []))
        if _is_turn(event) and event.get("event") == "EndOfTurn":
            yield _turn(event)
        if not _is_result(event) or event.get("is_final") is not True:
            continue
        open_words.setdefault(track, []).extend(_words(event, track))
        if event.get("speech_final") is True:
            yield from turns_of(open_words.pop(track))
    for words in open_words.values():
        yield from turns_of(words)


def _turn(event: dict[str, Any]) -> CanonicalTurn:
    return talk.turn(
        event.get("transcript"),
        started=talk.seconds(event.get("audio_window_start")),
        ended=talk.seconds(event.get("audio_window_end")),
    )


def _channel(event: dict[str, Any]) -> str:
    """The channel where there are several: `[1, 2]` is the second of two."""
    place = event.get("channel_index") or event.get("channel")
    if not isinstance(place, list) or len(place) < 2 or (number(place[1]) or 0) < 2:
        return ""
    return text(place[0])


def _words(event: dict[str, Any], track: str) -> list[Word]:
    best = next(iter(objects(mapping(event.get("channel")).get("alternatives"))), {})
    words = [
        Word(
            text(word.get("punctuated_word")) or text(word.get("word")),
            talk.label(word.get("speaker"), track, several_channels=bool(track)),
            talk.seconds(word.get("start")),
            talk.seconds(word.get("end")),
        )
        for word in objects(best.get("words"))
    ]
    if words:
        return words
    started, length = talk.seconds(event.get("start")), talk.seconds(event.get("duration"))
    ended = started + length if started is not None and length is not None else None
    label = talk.label(None, track, several_channels=bool(track))
    return [Word(text(best.get("transcript")), label, started, ended)]
