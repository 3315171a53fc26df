"""Many calls in one file, pages of one call, and the shapes that client libraries write."""

import json
from typing import Any

import pytest

from transcripts.formats import FormatError, Parsed, parse, recognise


def as_lines(*documents: Any) -> bytes:
    return "\n".join(map(json.dumps, documents)).encode()


def as_list(*documents: Any) -> bytes:
    return json.dumps(documents).encode()


def read(data: bytes, format: str) -> Parsed:  # noqa: A002
    assert recognise(data, "x.json").format == format
    return parse(data, name="x.json")


def texts(parsed: Parsed) -> list[list[tuple[str, str]]]:
    return [
        [(turn.role, turn.text) for turn in interaction.turns]
        for interaction in parsed.interactions
    ]


def genesys(identity: str, text: str) -> dict[str, Any]:
    phrase = {"text": text, "participantPurpose": "external", "startTimeMs": 500}
    return {"conversationId": identity, "transcripts": [{"phrases": [phrase]}]}


def insights(identity: str, text: str) -> dict[str, Any]:
    segment = {"text": text, "segmentParticipant": {"role": "END_USER"}}
    return {"name": identity, "transcript": {"transcriptSegments": [segment]}}


@pytest.mark.parametrize("written", [as_lines, as_list])
@pytest.mark.parametrize(
    ("make", "format"), [(genesys, "genesys_cloud"), (insights, "ccai_insights")]
)
def test_documents_of_many_calls_are_calls_of_their_own(
    written: Any,
    make: Any,
    format: str,  # noqa: A002
) -> None:
    parsed = read(written(make("a", "one"), make("b", "two")), format)
    assert [interaction.external_id for interaction in parsed.interactions] == ["a", "b"]
    assert texts(parsed) == [[("customer", "one")], [("customer", "two")]]


def test_one_call_at_fault_is_named_beside_the_others() -> None:
    parsed = read(as_lines(genesys("a", "one"), genesys("b", "")), "genesys_cloud")
    assert [interaction.external_id for interaction in parsed.interactions] == ["a"]
    assert [(error.line, error.faults[0].message) for error in parsed.errors] == [
        (2, "holds no words, so there is nothing to import")
    ]


def google(text: str, **more: Any) -> dict[str, Any]:
    return {"results": [{"alternatives": [{"transcript": text}], **more}]}


@pytest.mark.parametrize("written", [as_lines, as_list])
def test_google_streams_keep_final_results(written: Any) -> None:
    data = written(
        google("hel", stability=0.1),
        google("hello", isFinal=True),
        google("my", isFinal=False),
        google("my bill", isFinal=True),
    )
    assert texts(read(data, "google_speech")) == [[("unknown", "hello"), ("unknown", "my bill")]]
    with pytest.raises(FormatError, match="partial results only"):
        parse(written(google("my", isFinal=False), google("m", isFinal=False)), name="x.json")


def test_azure_results_a_line_leave_hypotheses_out() -> None:
    result = {"RecognitionStatus": "Success", "Offset": 7_600_000, "Duration": 1_000_000}
    data = as_lines(
        {"Id": "1", "Text": "hel", "Offset": 7_600_000},
        {**result, "DisplayText": "Hello.", "SpeakerId": "Guest-1"},
        {**result, "DisplayText": "Hm.", "SpeakerId": "Unknown", "Offset": 99_600_000},
        {"RecognitionStatus": "EndOfDictation", "Offset": 1, "Duration": 0},
    )
    (interaction,) = read(data, "azure_speech").interactions
    assert [(turn.speaker, turn.text, turn.started_s) for turn in interaction.turns] == [
        ("Guest-1", "Hello.", 0.76),
        (None, "Hm.", 9.96),
    ]


def test_assemblyai_streams_keep_turns_that_ended_as_they_were_said_last() -> None:
    turn = {"type": "Turn", "turn_order": 0, "words": [{"text": "Hello", "start": 100, "end": 500}]}
    data = as_lines(
        {"type": "Begin", "id": "x"},
        {**turn, "end_of_turn": False, "transcript": "hel"},
        {**turn, "end_of_turn": True, "transcript": "hello there"},
        {**turn, "end_of_turn": True, "transcript": "Hello there."},
    )
    (interaction,) = read(data, "assemblyai").interactions
    assert [(turn.text, turn.started_s) for turn in interaction.turns] == [("Hello there.", 0.1)]


def test_assemblyai_streams_of_the_older_api() -> None:
    data = as_lines(
        {"message_type": "PartialTranscript", "text": "hel", "audio_start": 0, "audio_end": 1},
        {"message_type": "FinalTranscript", "text": "Hello.", "audio_start": 0, "audio_end": 900},
    )
    assert texts(read(data, "assemblyai")) == [[("unknown", "Hello.")]]


def test_twilio_in_the_keys_of_a_client_library() -> None:
    people = [
        {"channelParticipant": 1, "role": "CUSTOMER"},
        {"channelParticipant": 2, "role": "AGENT"},
    ]
    sentences = [
        {"mediaChannel": 2, "sentenceIndex": 1, "transcript": "Hi"},
        {"mediaChannel": 1, "sentenceIndex": 0, "transcript": "Hello"},
    ]
    data = json.dumps({"channel": {"participants": people}, "sentences": sentences}).encode()
    assert texts(read(data, "twilio_intelligence")) == [[("customer", "Hello"), ("agent", "Hi")]]


def test_twilio_pages_of_one_call_are_one_call() -> None:
    def page(index: int, text: str, following: str | None) -> dict[str, Any]:
        sentence = {"media_channel": 1, "sentence_index": index, "transcript": text}
        address = f"https://example.test/Transcripts/GT{'a' * 32}/Sentences?Page={index}"
        meta = {"key": "sentences", "url": address, "next_page_url": following}
        return {"sentences": [sentence], "meta": meta}

    parsed = read(as_list(page(0, "one", "next"), page(1, "two", None)), "twilio_intelligence")
    assert texts(parsed) == [[("unknown", "one"), ("unknown", "two")]]
    assert not any("page" in note for note in parsed.notes)
