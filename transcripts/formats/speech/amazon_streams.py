"""Amazon Transcribe streaming: events whose results are partial until their stretch is over.

`{"Transcript": {"Results": […]}}`, also inside `TranscriptEvent`, or the results bare; under the
keys of the service or of a client library. A result has a channel, or its items have speakers.
"""

from collections.abc import Iterator
from typing import Any

from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalTurn
from transcripts.formats.speech import events, talk
from transcripts.formats.speech.words import Word, turns_of


def is_event(event: dict[str, Any]) -> bool:
    """True if an object is such an event, or one of its results."""
    return any("ispartial" in result for result in _results(event))


def turns(found: list[dict[str, Any]]) -> list[CanonicalTurn]:
    """The turns of the final results."""
    results = [result for event in found for result in _results(event)]
    finals = (
        (text(result.get("resultid")), result)
        for result in results
        if result.get("ispartial") is not True
    )
    said = [turn for result in events.latest(finals) for turn in _turns_of(result)]
    events.refuse_empty(said, results)
    return talk.in_order(said)


def language(found: list[dict[str, Any]]) -> str:
    """The language that the results name."""
    named = (text(result.get("languagecode")) for event in found for result in _results(event))
    return next(filter(None, named), "")


def _results(event: dict[str, Any]) -> list[dict[str, Any]]:
    inner = events.plain(event)
    inner = events.plain(mapping(inner.get("transcriptevent"))) or inner
    inner = events.plain(mapping(inner.get("transcript"))) or inner
    if "ispartial" in inner and "alternatives" in inner:
        return [inner]
    return [events.plain(result) for result in objects(inner.get("results"))]


def _turns_of(result: dict[str, Any]) -> Iterator[CanonicalTurn]:
    best = events.plain(next(iter(objects(result.get("alternatives"))), {}))
    channel = text(result.get("channelid"))
    words = [_word(events.plain(item), channel) for item in objects(best.get("items"))]
    if any(word.speaker and word.speaker != channel for word in words):
        yield from turns_of(words)
        return
    yield talk.turn(
        text(best.get("transcript")),
        speaker=channel,
        started=talk.seconds(result.get("starttime")),
        ended=talk.seconds(result.get("endtime")),
    )


def _word(item: dict[str, Any], channel: str) -> Word:
    voice = talk.label(item.get("speaker"))
    return Word(
        text(item.get("content")),
        ", ".join(filter(None, (channel, voice))),
        talk.seconds(item.get("starttime")),
        talk.seconds(item.get("endtime")),
        glued=text(item.get("type") or item.get("itemtype")).casefold() == "punctuation",
    )
