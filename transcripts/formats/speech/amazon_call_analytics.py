"""Calls of Amazon Transcribe Call Analytics and of Amazon Connect Contact Lens.

Call Analytics states the role on each turn; Contact Lens names a participant, who is looked up in
`Participants` or, where that is missing, named AGENT or CUSTOMER. The call's start is in the
contact's own times where they stand beside the transcript, else in the file name that Contact Lens
gives it. Segments of calls that are still going on
are read too (amazon_segments.py).
"""

import re
from datetime import datetime
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.labels import stated_role
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import amazon_segments, events, talk
from transcripts.formats.stamps import read_stamp

NAME: Final = "amazon_call_analytics"
MAX_SENTIMENTS: Final = 2_000

_ROLES: Final = {
    "AGENT": "agent",
    "CUSTOMER": "customer",
    "SUPERVISOR": "agent",
    "SYSTEM": "system",
    "CUSTOM_BOT": "bot",
    "LEX_BOT": "bot",
    "BOT": "bot",
}
_STARTS: Final = (
    "InitiationTimestamp",
    "ConnectedToSystemTimestamp",
    "ContactStartTimestamp",
    "StartTimestamp",
    "StartTime",
)
_FILE_NAME: Final = re.compile(
    r"(?:([0-9a-fA-F-]{36})_(?:call_)?)?analysis_(?:redacted_)?"
    r"(\d{4}-\d\d-\d\d)T(\d\d)[_:](\d\d)[_:](\d\d)Z"
)


def recognise(source: Source) -> Likeness | None:
    segments, _ = amazon_segments.as_document(source)
    if segments and not amazon_segments.is_chat(segments):
        return Likeness(
            0.95, gettext_noop("segments of a call, as Contact Lens writes them in real time")
        )
    found = mapping(talk.document(source))
    turns = objects(found.get("Transcript"))
    if not isinstance(found.get("Transcript"), list) or found.get("Channel") == "CHAT":
        return None
    if any("AbsoluteTime" in turn or "ContentType" in turn for turn in turns[:20]):
        return None
    if any("BeginOffsetMillis" in turn for turn in turns[:20]):
        return Likeness(
            0.95,
            gettext_noop("a Transcript with offsets, as Contact Lens and Call Analytics write"),
        )
    if "JobStatus" in found or found.get("Channel") == "VOICE":
        return Likeness(
            0.9, gettext_noop("a Transcript beside the job status of Amazon Call Analytics")
        )
    return None


def parse(source: Source) -> Parsed:
    streamed, notes = amazon_segments.as_document(source)
    if streamed and not streamed["Transcript"]:
        raise FormatError(_(events.ONLY_PARTIAL))
    found = streamed or mapping(talk.document(source))
    participants = {
        text(participant.get("ParticipantId")): text(participant.get("ParticipantRole"))
        for participant in objects(found.get("Participants"))
    }
    segments = [
        segment for segment in objects(found.get("Transcript")) if text(segment.get("Content"))
    ]
    segments.sort(key=lambda segment: _offset(segment, "Begin") or 0.0)
    turns = [_turn(segment, participants) for segment in segments]
    sentiments = [text(segment.get("Sentiment"))[:20] for segment in segments]
    return talk.parsed(NAME, _call(found, turns, sentiments, source), source, notes=notes)


def _call(
    found: dict[str, Any], turns: list[CanonicalTurn], sentiments: list[str], source: Source
) -> CanonicalInteraction:
    in_name = _FILE_NAME.search(source.name)
    about = mapping(found.get("CustomerMetadata"))
    contact = text(about.get("ContactId")) or text(found.get("ContactId"))
    traits = mapping(found.get("ConversationCharacteristics"))
    facts: dict[str, Json] = {
        **talk.metadata(job_name=found.get("JobName")),
        **_sentiment(traits, sentiments),
    }
    return talk.call(
        turns,
        source,
        external_id=contact or (in_name[1] if in_name else None),
        started_at=_stated_start(found) or _stated_start(about) or _start(in_name),
        duration_s=talk.seconds(traits.get("TotalConversationDurationMillis"), talk.MILLISECONDS),
        language=found.get("LanguageCode"),
        metadata=facts,
    )


def _turn(segment: dict[str, Any], participants: dict[str, str]) -> CanonicalTurn:
    participant = text(segment.get("ParticipantId"))
    stated = text(segment.get("ParticipantRole")) or participants.get(participant) or participant
    return talk.turn(
        segment.get("Content"),
        speaker=participant or stated,
        role=_ROLES.get(stated.upper()) or stated_role(stated),
        started=_offset(segment, "Begin"),
        ended=_offset(segment, "End"),
    )


def _offset(segment: dict[str, Any], edge: str) -> float | None:
    return talk.seconds(segment.get(f"{edge}OffsetMillis"), talk.MILLISECONDS)


def _stated_start(record: dict[str, Any]) -> datetime | None:
    """When the contact began, in a contact record's words."""
    moments = (_moment(record.get(key)) for key in _STARTS)
    return next((moment for moment in moments if moment), None)


def _moment(value: Any) -> datetime | None:
    stamp = read_stamp(text(value)[:40])
    return stamp.moment if stamp and not stamp.naive else None


def _start(in_name: re.Match[str] | None) -> datetime | None:
    if in_name is None:
        return None
    return talk.moment(f"{in_name[2]}T{in_name[3]}:{in_name[4]}:{in_name[5]}Z")


def _sentiment(traits: dict[str, Any], of_turns: list[str]) -> dict[str, Json]:
    """The vendor's own sentiment, to be seen beside ours: of the call and of every turn."""
    overall = mapping(mapping(traits.get("Sentiment")).get("OverallSentiment"))
    scores = {who: number(score) for who, score in list(overall.items())[:10]}
    facts: dict[str, Json] = {}
    if scores:
        facts["source_sentiment"] = dict(scores)
    if any(of_turns) and len(of_turns) <= MAX_SENTIMENTS:
        facts["source_turn_sentiment"] = list(of_turns)
    return facts


FORMAT: Final = Format(
    name=NAME,
    title="Amazon Contact Lens and Call Analytics",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
