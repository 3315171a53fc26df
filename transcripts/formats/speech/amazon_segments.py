"""Contact Lens in real time, and Call Analytics while it streams: segments instead of a transcript.

A page of ListRealtimeContactAnalysisSegments, the events of the Kinesis stream, or the segments
bare: `Transcript` is a turn, `Utterance` one that is not yet finished, `Categories` none. Streaming
Call Analytics sends `UtteranceEvent`s. All are made into the `Transcript` list of the files.
"""

from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.source import Source
from transcripts.formats.speech import events

PAGES: Final = gettext_noop("The file holds one page of several.")
_SEGMENTS: Final = (
    "Transcript",
    "Utterance",
    "Categories",
    "Event",
    "Attachment",
    "PostContactSummary",
)


def is_event(event: dict[str, Any]) -> bool:
    """True if an object holds or is a segment of a contact."""
    return any(map(_is_segment, _segments(event)))


def as_document(source: Source) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The segments as the files of finished contacts have them; {} if the file holds none."""
    if not any(map(is_event, events.first_events(source))):
        return {}, ()
    found, notes = events.events_of(source)
    segments = [segment for event in found for segment in _segments(event) if _is_segment(segment)]
    said = [(text(turn.get("Id")), turn) for turn in map(_turn, segments) if turn]
    document: dict[str, Any] = {"Transcript": list(events.latest(said))}
    for key in ("Channel", "LanguageCode", "ContactId", "SessionId"):
        stated = next((text(event.get(key)) for event in found if text(event.get(key))), "")
        if stated:
            document[key] = stated
    document["CustomerMetadata"] = {"ContactId": document.pop("ContactId", "")}
    if text(found[-1].get("NextToken")):
        notes = (*notes, PAGES)
    return document, notes


def is_chat(document: dict[str, Any]) -> bool:
    """True if the segments are a chat's: they then have moments instead of offsets."""
    turns = objects(document.get("Transcript"))
    return document.get("Channel") == "CHAT" or any(
        text(turn.get("AbsoluteTime")) for turn in turns
    )


def _segments(event: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(event.get("Segments")) if "Segments" in event else [event]


def _is_segment(segment: dict[str, Any]) -> bool:
    if "UtteranceEvent" in segment:
        return True
    held = mapping(next((segment[key] for key in _SEGMENTS if key in segment), None))
    return len(segment) == 1 and (
        "Id" in held or "ParticipantId" in held or "MatchedDetails" in held
    )


def _turn(segment: dict[str, Any]) -> dict[str, Any]:
    """A finished turn with its time where the files have it; {} for anything else."""
    streamed = mapping(segment.get("UtteranceEvent"))
    if streamed:
        partial = streamed.get("IsPartial") is True
        content = {"Content": streamed.get("Transcript"), "Id": streamed.get("UtteranceId")}
        return {} if partial else {**streamed, **content}
    turn = mapping(segment.get("Transcript"))
    moment = text(mapping(turn.get("Time")).get("AbsoluteTime"))
    return {**turn, "AbsoluteTime": moment, "Type": "MESSAGE"} if moment else turn
