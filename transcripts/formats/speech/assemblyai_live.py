"""AssemblyAI while it listens: `Turn` messages that end, or `FinalTranscript`s of the older API."""

from collections.abc import Iterator
from typing import Any

from transcripts.formats.json_values import number, objects, text
from transcripts.formats.model import CanonicalTurn
from transcripts.formats.speech import events, talk


def is_event(one: dict[str, Any]) -> bool:
    """True if an object is a live message with words in it."""
    turn = one.get("type") == "Turn" and "turn_order" in one
    return turn or one.get("message_type") in ("PartialTranscript", "FinalTranscript")


def turns(found: list[dict[str, Any]]) -> list[CanonicalTurn]:
    """The turns that ended; one that is sent again with punctuation replaces the bare one."""
    said = [_turn(one) for one in events.latest(_finals(found))]
    events.refuse_empty(said, [one for one in found if is_event(one)])
    return talk.in_order(said)


def _finals(found: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in found:
        if one.get("message_type") == "FinalTranscript":
            yield "", one
        elif one.get("type") == "Turn" and one.get("end_of_turn") is True:
            yield text(one.get("turn_order")), one


def _turn(one: dict[str, Any]) -> CanonicalTurn:
    words = objects(one.get("words"))
    starts = [at for word in words if (at := number(word.get("start"))) is not None]
    ends = [at for word in words if (at := number(word.get("end"))) is not None]
    return talk.turn(
        text(one.get("transcript")) or text(one.get("text")),
        speaker=talk.label(one.get("speaker_label")),
        started=talk.seconds(one.get("audio_start", min(starts, default=None)), talk.MILLISECONDS),
        ended=talk.seconds(one.get("audio_end", max(ends, default=None)), talk.MILLISECONDS),
    )
