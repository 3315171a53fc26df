"""AssemblyAI while it listens: `Turn` messages that end, or `FinalTranscript`s of the older API."""

from collections.abc import Iterator
from typing import Any

from transcripts.formats.json_values import number, objects, text
from transcripts.formats.model import CanonicalTurn
from transcripts.formats.speech import events, talk


def is_event(event: dict[str, Any]) -> bool:
    """True if an object is a live message with words in it."""
    turn = event.get("type") == "Turn" and "turn_order" in event
    return turn or event.get("message_type") in ("PartialTranscript", "FinalTranscript")


def turns(found: list[dict[str, Any]]) -> list[CanonicalTurn]:
    """The turns that ended; one that is sent again with punctuation replaces the bare one."""
    said = [_turn(event) for event in events.latest(_finals(found))]
    events.refuse_empty(said, [event for event in found if is_event(event)])
    return talk.in_order(said)


def _finals(found: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in found:
        if event.get("message_type") == "FinalTranscript":
            yield "", event
        elif event.get("type") == "Turn" and event.get("end_of_turn") is True:
            yield text(event.get("turn_order")), event


def _turn(event: dict[str, Any]) -> CanonicalTurn:
    words = objects(event.get("words"))
    starts = [at for word in words if (at := number(word.get("start"))) is not None]
    ends = [at for word in words if (at := number(word.get("end"))) is not None]
    return talk.turn(
        text(event.get("transcript")) or text(event.get("text")),
        speaker=talk.label(event.get("speaker_label")),
        started=talk.seconds(
            event.get("audio_start", min(starts, default=None)), talk.MILLISECONDS
        ),
        ended=talk.seconds(event.get("audio_end", max(ends, default=None)), talk.MILLISECONDS),
    )
