"""Transcripts in a vCon's analysis or attachments: of any recogniser read here, or lists of words.

The readers of recognised speech do the work; what a vCon adds are lists of
`{"speaker", "message"}` or `{"parties", "start", "duration", "text"}`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from transcripts.formats import plain_text, srt, webvtt
from transcripts.formats.chats.messages import name_of, stamp_of
from transcripts.formats.conversations import azure_language, wtf
from transcripts.formats.conversations.vcon_bodies import decoded
from transcripts.formats.conversations.vcon_parties import Party, with_party_roles
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalTurn
from transcripts.formats.source import Source
from transcripts.formats.speech import (
    amazon_call_analytics,
    amazon_transcribe,
    assemblyai,
    azure_speech,
    ccai_insights,
    deepgram,
    genesys_cloud,
    google_speech,
    harper_valley,
    talk,
    twilio_intelligence,
    whisper,
)
from transcripts.formats.strict_json import read_json

READERS: Final[tuple[Format, ...]] = (
    wtf.FORMAT,
    deepgram.FORMAT,
    assemblyai.FORMAT,
    whisper.FORMAT,
    amazon_transcribe.FORMAT,
    amazon_call_analytics.FORMAT,
    google_speech.FORMAT,
    azure_speech.FORMAT,
    ccai_insights.FORMAT,
    genesys_cloud.FORMAT,
    harper_valley.FORMAT,
    twilio_intelligence.FORMAT,
    azure_language.FORMAT,
    webvtt.FORMAT,
    srt.FORMAT,
    plain_text.FORMAT,
)
SURE: Final = 0.2
_WORDS: Final = ("message", "text", "transcript", "utterance", "content", "body")
_LABELS: Final = ("speaker", "name", "speaker_label", "role")
_WRAPPERS: Final = ("transcript", "conversation", "utterances", "segments", "turns", "messages")
_MAX_WRAPPERS: Final = 3
_JSON: Final = tuple('[{"-0123456789ntf')  # with which a JSON value may begin


@dataclass(frozen=True, slots=True)
class Transcript:
    """The turns that one analysis holds, and the dialogs it is of; none named: of all."""

    turns: tuple[CanonicalTurn, ...]
    dialogs: frozenset[int]
    declared: bool  # its type says transcript
    language: str | None = None
    duration_s: float | None = None


def transcripts(
    vcon: dict[str, Any], parties: Sequence[Party], starts: Sequence[float | None]
) -> list[Transcript]:
    """The transcripts that a vCon holds, those that are declared as such first."""
    analysis = vcon.get("analysis")
    holders = [*objects([analysis] if isinstance(analysis, dict) else analysis)]
    holders += [held for held in objects(vcon.get("attachments")) if _declared(held)]
    found = [_transcript(holder, parties, starts) for holder in holders]
    kept = [
        replace(transcript, turns=with_party_roles(transcript.turns, parties))
        for transcript in found
        if transcript is not None
    ]
    return sorted(kept, key=lambda transcript: not transcript.declared)


def _declared(holder: dict[str, Any]) -> bool:
    said = (text(holder.get(key)).casefold() for key in ("type", "purpose", "schema"))
    return "transcript" in holder or any("transcri" in word for word in said)


def _transcript(
    holder: dict[str, Any], parties: Sequence[Party], starts: Sequence[float | None]
) -> Transcript | None:
    declared = _declared(holder)
    body = _body(holder)
    dialogs = _indexes(holder.get("dialog"))
    start = next((starts[index] for index in sorted(dialogs) if index < len(starts)), None)
    turns = tuple(turn for turn in _listed(body, parties, start) if turn.text)
    if turns:
        return Transcript(turns, dialogs, declared)
    return _by_reader(body, dialogs, declared)


def _body(holder: dict[str, Any]) -> Any:
    try:
        body = decoded(holder)
    except FormatError:
        return None
    return _value(holder.get("transcript") if body is None else body)


def _value(body: Any) -> Any:
    """JSON in a string as what it holds: an empty list, a `null` or a number is no words."""
    if isinstance(body, str) and body.lstrip()[:1] in _JSON:
        try:
            return read_json(body)
        except FormatError:
            return body
    return body


def _indexes(value: Any) -> frozenset[int]:
    listed = value if isinstance(value, list) else [value]
    return frozenset(
        index
        for index in listed
        if isinstance(index, int) and not isinstance(index, bool) and index >= 0
    )


def _by_reader(body: Any, dialogs: frozenset[int], declared: bool) -> Transcript | None:
    """What the surest of the readers makes of a body; bare words are one turn of nobody known."""
    if (
        not body
        or not isinstance(body, str | dict | list)
        or (isinstance(body, str) and not declared)
    ):
        return None
    written = body if isinstance(body, str) else json.dumps(body)
    source = Source(written.encode("utf-8", "replace"), "transcript")
    try:
        likely = [
            (like.confidence, reader) for reader in READERS if (like := reader.recognise(source))
        ]
        surest = max(likely, key=lambda pair: pair[0], default=None)
        if surest and surest[0] >= SURE:
            call = surest[1].parse(source).interactions[0]
            return Transcript(call.turns, dialogs, declared, call.language, call.duration_s)
    except (FormatError, IndexError):
        return None
    said = written if isinstance(body, str) else text(mapping(body).get("transcript"))
    if not said or not declared:
        return None
    return Transcript((CanonicalTurn("unknown", said.strip()),), dialogs, declared)


def _listed(body: Any, parties: Sequence[Party], start: float | None) -> Iterator[CanonicalTurn]:
    """The turns of a list of words with their speakers; none of anything else."""
    for _ in range(_MAX_WRAPPERS):
        inner = mapping(body)
        key = next((key for key in _WRAPPERS if isinstance(inner.get(key), list | dict)), None)
        if key is None or "words" in inner or "results" in inner:
            break
        body = inner[key]
    items = objects(body)
    if not items or not all(_speaks(item) for item in items[:20]):
        return
    for item in items:
        party = _party(item, parties)
        label = party.name if party else name_of(*(item.get(key) for key in _LABELS))
        begun, ended = _times(item, start)
        yield talk.turn(
            next((item[key] for key in _WORDS if text(item.get(key))), ""),
            speaker=talk.label(label),
            role=party.role if party and party.role != "unknown" else "",
            started=begun,
            ended=ended,
        )


def _speaks(entry: dict[str, Any]) -> bool:
    """True if an element is words with a speaker in a vCon's own shapes."""
    spoken = any(isinstance(entry.get(key), str) for key in _WORDS)
    by_party = "parties" in entry or "party" in entry
    return spoken and (by_party or ("speaker" in entry and "message" in entry) or _is_chat(entry))


def _is_chat(entry: dict[str, Any]) -> bool:
    return "role" in entry and ("content" in entry or "message" in entry)


def _party(entry: dict[str, Any], parties: Sequence[Party]) -> Party | None:
    for key in ("parties", "party"):
        value = entry.get(key)
        index = value[0] if isinstance(value, list) and value else value
        if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(parties):
            return parties[index]
    return None


def _times(entry: dict[str, Any], start: float | None) -> tuple[float | None, float | None]:
    """Offsets of an element; a moment is counted from the start of its dialog."""
    begun = talk.seconds(entry.get("start"))
    moment = stamp_of(entry.get("start")).moment if begun is None else None
    if moment and start is not None:
        begun = talk.seconds(round(moment.timestamp() - start, 3))
    length = talk.seconds(entry.get("duration"))
    if begun is not None and length is not None:
        return begun, round(begun + length, 3)
    return begun, talk.seconds(entry.get("end"))
