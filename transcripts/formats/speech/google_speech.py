"""Google Speech-to-Text, v1 and v2, from REST (camel case) and from the client libraries (snake).

With diarization the last result repeats every word with its speaker and has no transcript: it is
then read alone. With channels every result has its channel; a mono recording on both channels
comes twice and is read once. Of streamed responses only final results are read.
"""

from collections.abc import Iterator
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.model import CanonicalTurn, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import events, talk
from transcripts.formats.speech.words import Word, turn_of, turns_of

NAME: Final = "google_speech"
TWICE: Final = gettext_noop("Both channels hold the same words, so they were read once.")


def recognise(source: Source) -> Likeness | None:
    found = _document(source)
    results = _results(found)
    if not any("alternatives" in result for result in results[:20]):
        return None
    if isinstance(found, list):
        return Likeness(
            0.7, gettext_noop("a list of results with alternatives, as Google Speech writes")
        )
    return Likeness(0.9, gettext_noop("results with alternatives, as Google Speech writes"))


def parse(source: Source) -> Parsed:
    found = _document(source)
    results = _results(found)
    if found is not talk.document(source) and talk.either(results[0], "isFinal") is not True:
        raise FormatError(_(events.ONLY_PARTIAL))
    kept, notes = _without_double(results)
    spoken = _diarized(kept)
    turns = list(turns_of(_words(spoken))) if spoken else _turns_of_results(kept)
    languages = [text(talk.either(result, "languageCode")) for result in results]
    interaction = talk.call(turns, source, language=next(filter(None, languages), None))
    return talk.parsed(NAME, interaction, source, notes=notes)


def _document(source: Source) -> Any:
    """The file's JSON value; of streamed responses, in lines or a list, their final results."""
    first = events.first_events(source)
    listed = source.is_json_lines or isinstance(talk.document(source), list)
    if not (listed and any(map(_is_streamed, first))):
        return talk.document(source)
    results = [result for event in events.events_of(source)[0] for result in _streamed(event)]
    finals = [result for result in results if talk.either(result, "isFinal") is True]
    return {"results": finals or results}


def _streamed(event: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(event.get("results"))


def _is_streamed(event: dict[str, Any]) -> bool:
    return any(talk.either(result, "isFinal") is not None for result in _streamed(event))


def _results(found: Any) -> list[dict[str, Any]]:
    """The results, be they bare, in an operation's response, or in v2's answer for one file."""
    if isinstance(found, list):
        return objects(found)
    inner = mapping(found)
    inner = mapping(inner.get("response")) or inner
    results = inner.get("results")
    if isinstance(results, dict) and len(results) == 1:
        answer = mapping(next(iter(results.values())))
        answer = (
            mapping(answer.get("inlineResult")) or mapping(answer.get("inline_result")) or answer
        )
        results = mapping(answer.get("transcript")).get("results")
    return objects(results)


def _diarized(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results to read for speakers: the last alone where it repeats all; [] for no speakers."""
    if not any(_speaker(word) for result in results for word in _raw_words(result)):
        return []
    *earlier, last = results
    before = [text(word.get("word")) for result in earlier for word in _raw_words(result)]
    repeated = [text(word.get("word")) for word in _raw_words(last)]
    untold = not text(_best(last).get("transcript"))
    if repeated and (untold or repeated[: len(before)] == before):
        return [last]
    return results


def _without_double(
    results: list[dict[str, Any]],
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    by_channel: dict[str, list[dict[str, Any]]] = {}
    for result in results:
        by_channel.setdefault(text(talk.either(result, "channelTag")), []).append(result)
    said = {
        " ".join(text(_best(result).get("transcript")) for result in of_channel)
        for of_channel in by_channel.values()
    }
    if len(by_channel) < 2 or len(said) > 1:
        return results, ()
    first = next(iter(by_channel.values()))
    return [_without_channel(result) for result in first], (TWICE,)


def _without_channel(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key not in ("channelTag", "channel_tag")}


def _turns_of_results(results: list[dict[str, Any]]) -> list[CanonicalTurn]:
    """One turn a result, as the recogniser cut the talk, in order of time across channels."""
    return talk.in_order(_turn_of_result(result) for result in results)


def _turn_of_result(result: dict[str, Any]) -> CanonicalTurn:
    channel = talk.label(channel=talk.either(result, "channelTag"), several_channels=True)
    timed = turn_of(list(_words([result])), channel)
    said = text(_best(result).get("transcript"))
    ended = timed.ended_s
    if ended is None:
        ended = talk.span(
            talk.either(result, "resultEndTime") or talk.either(result, "resultEndOffset")
        )
    return talk.turn(said or timed.text, speaker=channel, started=timed.started_s, ended=ended)


def _words(results: list[dict[str, Any]]) -> Iterator[Word]:
    for result in results:
        for word in _raw_words(result):
            ended = talk.span(talk.either(word, "endTime") or talk.either(word, "endOffset"))
            began = talk.span(talk.either(word, "startTime") or talk.either(word, "startOffset"))
            if began is None and ended is not None:
                began = 0.0  # a zero is left out
            yield Word(text(word.get("word")), talk.label(_speaker(word)), began, ended)


def _best(result: dict[str, Any]) -> dict[str, Any]:
    return next(iter(objects(result.get("alternatives"))), {})


def _raw_words(result: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(_best(result).get("words"))


def _speaker(word: dict[str, Any]) -> str:
    """The speaker's tag; 0 stands for no diarization."""
    tag = text(talk.either(word, "speakerLabel")) or text(talk.either(word, "speakerTag"))
    return "" if tag == "0" else tag


FORMAT: Final = Format(
    name=NAME,
    title="Google Speech-to-Text",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
