"""The Gridspace-Stanford HarperValley corpus: a list of utterances with roles.

A person's transcript is preferred to the machine's. `offset_ms` counts from the start of the call
on both channels, `start_ms` from the start of each channel.
"""

from datetime import datetime
from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import number, objects, text
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import talk

NAME: Final = "harper_valley"

_ROLES: Final = {"agent": "agent", "caller": "customer"}


def recognise(source: Source) -> Likeness | None:
    found = talk.document(source)
    if not isinstance(found, list):
        return None
    if any(
        "speaker_role" in segment and "human_transcript" in segment
        for segment in objects(found)[:20]
    ):
        return Likeness(
            0.95, gettext_noop("a list with speaker_role and human_transcript, as HarperValley")
        )
    return None


def parse(source: Source) -> Parsed:
    found = talk.document(source)
    utterances = objects(found)
    interaction = talk.call(
        talk.in_order(_turn(utterance) for utterance in utterances),
        source,
        started_at=_start(utterances),
    )
    return talk.parsed(NAME, interaction, source)


def _turn(segment: dict[str, Any]) -> CanonicalTurn:
    started = talk.seconds(_offset(segment), talk.MILLISECONDS)
    length = talk.seconds(segment.get("duration_ms"), talk.MILLISECONDS)
    known = started is not None and length is not None
    role = text(segment.get("speaker_role"))
    return talk.turn(
        text(segment.get("human_transcript")) or text(segment.get("transcript")),
        speaker=role,
        role=_ROLES.get(role.casefold(), ""),
        started=started,
        ended=round((started or 0.0) + (length or 0.0), 3) if known else None,
    )


def _offset(segment: dict[str, Any]) -> Any:
    return segment["offset_ms"] if "offset_ms" in segment else segment.get("start_ms")


def _start(utterances: list[dict[str, Any]]) -> datetime | None:
    """The start of the call: an utterance's moment less its offset."""
    for utterance in utterances:
        at, offset = number(utterance.get("start_timestamp_ms")), number(utterance.get("offset_ms"))
        if at is not None and offset is not None:
            return talk.epoch(at - offset, talk.MILLISECONDS)
    return None


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("HarperValley corpus"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
