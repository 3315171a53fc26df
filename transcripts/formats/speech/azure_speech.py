"""Azure Speech: batch transcription, fast transcription, and the list of real-time results.

Batch output has `recognizedPhrases` in no order across channels, the combined phrases repeat them.
Which channel is the agent's is never in the file.
"""

from typing import Any, Final

from qa.core.texts import gettext_noop
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import events, talk

NAME: Final = "azure_speech"

_SUCCESS: Final = ("success", "0", "")


def recognise(source: Source) -> Likeness | None:
    found = talk.document(source)
    if isinstance(found, list) or source.is_json_lines:
        streamed = events.first_events(source)
        if any("RecognitionStatus" in result and _display(result) for result in streamed):
            return Likeness(
                0.95, gettext_noop("a list of recognition results, as Azure Speech streams them")
            )
        return None
    inner = mapping(found)
    if isinstance(inner.get("recognizedPhrases"), list):
        return Likeness(
            0.95, gettext_noop("recognised phrases, as Azure batch transcription writes")
        )
    phrases = objects(inner.get("phrases"))[:20]
    if "combinedPhrases" in inner or any("offsetMilliseconds" in phrase for phrase in phrases):
        return Likeness(
            0.95, gettext_noop("phrases with offsets, as Azure fast transcription writes")
        )
    if "RecognitionStatus" in inner:
        return Likeness(0.9, gettext_noop("one recognition result of Azure Speech"))
    return None


def parse(source: Source) -> Parsed:
    found = talk.document(source)
    notes: tuple[str, ...] = ()
    if any("RecognitionStatus" in event for event in events.first_events(source)):
        streamed, notes = events.events_of(source)
        # The others are partial.
        found = [result for result in streamed if "RecognitionStatus" in result]
    inner = mapping(found)
    phrases = _phrases(found)
    several = len({text(_field(phrase, "channel")) for phrase in phrases}) > 1
    turns = [_turn(phrase, several) for phrase in phrases]
    if not any(turn.text for turn in turns):
        combined = inner.get("combinedRecognizedPhrases") or inner.get("combinedPhrases")
        turns = [talk.turn(_display(phrase)) for phrase in objects(combined)]
    locales = [text(_field(phrase, "locale")) for phrase in phrases]
    interaction = talk.call(
        talk.in_order(turns),
        source,
        duration_s=_time(inner, "duration"),
        language=inner.get("locale") or next(filter(None, locales), None),
    )
    return talk.parsed(NAME, interaction, source, notes=notes)


def _phrases(found: Any) -> list[dict[str, Any]]:
    inner = mapping(found)
    many = inner.get("recognizedPhrases") or inner.get("phrases")
    phrases = objects(found) if isinstance(found, list) else objects(many) or [inner]
    return [
        phrase
        for phrase in phrases
        if text(_field(phrase, "recognitionStatus")).casefold() in _SUCCESS
    ]


def _turn(phrase: dict[str, Any], several_channels: bool) -> CanonicalTurn:
    started, length = _time(phrase, "offset"), _time(phrase, "duration")
    known = started is not None and length is not None
    return talk.turn(
        _display(phrase),
        speaker=talk.label(
            _speaker(phrase),
            _field(phrase, "channel"),
            several_channels=several_channels,
        ),
        started=started,
        ended=round((started or 0.0) + (length or 0.0), 3) if known else None,
    )


def _speaker(phrase: dict[str, Any]) -> str:
    """The voice; `Unknown` is what real-time results call one that is not yet told apart."""
    said = text(_field(phrase, "speaker")) or text(_field(phrase, "speakerId"))
    return "" if said == "Unknown" else said


def _display(phrase: dict[str, Any]) -> str:
    """The best reading as it is meant to be shown."""
    best = next(iter(objects(_field(phrase, "nBest"))), phrase)
    fields = ("display", "displayText", "text", "itn", "lexical")
    return next(filter(None, (text(_field(best, name)) for name in fields)), "")


def _time(part: dict[str, Any], name: str) -> float | None:
    """`PT1.5S`, milliseconds or ticks, by the field that is there."""
    for field, unit in (
        (f"{name}Milliseconds", talk.MILLISECONDS),
        (f"{name}InTicks", talk.TICKS),
        (f"{name}Ticks", talk.TICKS),
    ):
        found = talk.seconds(_field(part, field), unit)
        if found is not None:
            return found
    value = _field(part, name)
    period = talk.period(value)
    return talk.seconds(value, talk.TICKS) if period is None else period


def _field(part: dict[str, Any], name: str) -> Any:
    """A field as batch (`nBest`) or as real-time results (`NBest`) write it."""
    return part[name] if name in part else part.get(name[0].upper() + name[1:])


FORMAT: Final = Format(
    name=NAME,
    title="Azure Speech",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
