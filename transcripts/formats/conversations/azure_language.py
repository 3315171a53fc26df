"""Azure AI Language: conversations as they are sent to be analysed, of calls or of chats.

Ids of conversations count from 1 in each request, so they identify nothing outside it.
"""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.chats.messages import (
    ChatLog,
    WordlessError,
    document_of,
    first_objects,
    gathered,
    name_of,
    records_of,
)
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.labels import stated_role
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import talk

NAME: Final = "azure_language"
_WRAPPERS: Final = ("parameters", "body", "analysisInput", "results")
_WORDS: Final = ("text", "itn", "lexical")


def recognise(source: Source) -> Likeness | None:
    for conversation in first_objects(document_of(source)):
        if any("conversationItems" in found for found in _conversations(conversation)):
            return Likeness(0.97, gettext_noop("JSON of conversations with conversationItems"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    records = (
        (line, conversation)
        for line, value in records_of(source)
        for conversation in (_conversations(value) if isinstance(value, dict) else [value])
    )
    return gathered(
        NAME, reading, records, lambda conversation: _read(mapping(conversation), source)
    )


def _conversations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The conversations: at the top, or within a request's wrappers."""
    inner = document
    for __ in range(len(_WRAPPERS) + 1):
        if isinstance(inner.get("conversations"), list):
            return objects(inner["conversations"])
        wrapper = next((key for key in _WRAPPERS if isinstance(inner.get(key), dict)), None)
        if wrapper is None:
            break
        inner = inner[wrapper]
    return [document] if "conversationItems" in document else []


def _read(conversation: dict[str, Any], source: Source) -> CanonicalInteraction:
    turns = [turn for turn in _turns(objects(conversation.get("conversationItems"))) if turn.text]
    if not turns:
        raise WordlessError(
            _("holds no conversation items with words, so there is nothing to import")
        )
    modality = text(conversation.get("modality"))
    by_modality = {"transcript": "call", "text": "chat"}.get(modality)
    return talk.call(
        talk.in_order(turns),
        source,
        channel=by_modality or source.channel or "chat",
        language=conversation.get("language"),
        metadata=talk.metadata(
            conversation=conversation.get("id"), domain=conversation.get("domain")
        ),
    )


def _turns(items: list[dict[str, Any]]) -> Iterator[CanonicalTurn]:
    for item in items:
        started, ended = _times(item)
        speaker = name_of(item.get("participantId"))
        stated = stated_role(text(item.get("role")))
        yield talk.turn(
            next((item[key] for key in _WORDS if text(item.get(key))), ""),
            speaker=talk.label(speaker),
            role="" if stated == "unknown" else stated,
            started=started,
            ended=ended,
        )


def _times(item: dict[str, Any]) -> tuple[float | None, float | None]:
    """When an item began and ended, by its own time or by its words'."""
    spans = [mapping(item.get("conversationItemLevelTiming"))]
    if not spans[0]:
        spans = objects(item.get("wordLevelTimings"))
    starts = [talk.seconds(span.get("offset"), talk.TICKS) for span in spans]
    lengths = [talk.seconds(span.get("duration"), talk.TICKS) for span in spans]
    begun = [start for start in starts if start is not None]
    ends = [
        start + length
        for start, length in zip(starts, lengths, strict=True)
        if start is not None and length is not None
    ]
    return min(begun, default=None), round(max(ends), 3) if ends else None


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Azure Language conversations"),
    extensions=(),
    recognise=recognise,
    parse=parse,
)
