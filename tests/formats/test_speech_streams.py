"""Recognition while people spoke: partial results are dropped, final ones kept."""

import json
from typing import Any

import pytest

from transcripts.formats import CanonicalInteraction, FormatError, parse, recognise


def as_lines(*events: Any) -> bytes:
    return "\n".join(map(json.dumps, events)).encode()


def as_list(*events: Any) -> bytes:
    return json.dumps(events).encode()


def read(data: bytes, format: str) -> CanonicalInteraction:  # noqa: A002
    assert recognise(data, "x.json").format == format
    (interaction,) = parse(data, name="x.json").interactions
    return interaction


def said(data: bytes, format: str) -> list[tuple[str, str | None, str, float | None]]:  # noqa: A002
    return [(t.role, t.speaker, t.text, t.started_s) for t in read(data, format).turns]


def result(identity: str, text: str, *, partial: bool = False, **more: Any) -> dict[str, Any]:
    times = {"StartTime": more.pop("at", 0.0), "EndTime": more.pop("to", 1.0)}
    best = {"Transcript": text, "Items": more.pop("items", [])}
    return {
        "ResultId": identity, "IsPartial": partial, "Alternatives": [best], **times, **more,
    }  # fmt: skip


def item(text: str, at: float, speaker: str, kind: str = "pronunciation") -> dict[str, Any]:
    return {"Content": text, "StartTime": at, "EndTime": at + 0.2, "Type": kind, "Speaker": speaker}


def transcribe(*results: dict[str, Any]) -> dict[str, Any]:
    return {"Transcript": {"Results": list(results)}}


@pytest.mark.parametrize("written", [as_lines, as_list])
def test_transcribe_streams_keep_final_results_by_channel(written: Any) -> None:
    data = written(
        transcribe(),
        transcribe(result("a", "Good", partial=True, ChannelId="ch_0")),
        transcribe(result("b", "My bill", at=1.0, to=2.0, ChannelId="ch_1")),
        transcribe(result("a", "Good morning.", ChannelId="ch_0")),
        transcribe(result("c", "and", at=3.0, partial=True, ChannelId="ch_1")),
    )
    assert said(data, "amazon_transcribe") == [
        ("unknown", "ch_0", "Good morning.", 0.0),
        ("unknown", "ch_1", "My bill", 1.0),
    ]


def test_transcribe_streams_tell_speakers_by_their_items() -> None:
    items = [item("Hello", 0.1, "0"), item(".", 0.3, "0", "punctuation"), item("Hi", 0.8, "1")]
    wrapped = {"TranscriptEvent": transcribe(result("a", "Hello. Hi", items=items))}
    assert said(as_lines(wrapped, wrapped), "amazon_transcribe") == [
        ("unknown", "Speaker 0", "Hello.", 0.1),
        ("unknown", "Speaker 1", "Hi", 0.8),
    ]


def test_transcribe_streams_under_the_keys_of_a_client_library() -> None:
    best = {"transcript": "Hello", "items": []}
    result = {"result_id": "a", "start_time": 0.5, "is_partial": False, "alternatives": [best]}
    data = as_list({"transcript": {"results": [result]}})
    assert said(data, "amazon_transcribe") == [("unknown", None, "Hello", 0.5)]


def live(
    text: str, *, at: float, final: bool = True, ends: bool = True, **more: Any
) -> dict[str, Any]:
    words = [
        {"word": word, "punctuated_word": word, "start": at, "end": at + 0.5, "speaker": speaker}
        for word, speaker in more.get("words", ())
    ]
    return {
        "type": "Results",
        "channel_index": more.get("channel", [0, 1]),
        "start": at,
        "duration": 1.0,
        "is_final": final,
        "speech_final": ends,
        "channel": {"alternatives": [{"transcript": text, "words": words}]},
    }


def test_deepgram_live_joins_the_pieces_of_an_utterance() -> None:
    data = as_lines(
        {"type": "SpeechStarted", "channel": [0], "timestamp": 0.1},
        live("my bill", at=0.0, final=False, ends=False),
        live("My bill", at=0.0, ends=False, words=[("My", 0), ("bill", 0)]),
        live("is wrong.", at=1.0, words=[("is", 0), ("wrong.", 0), ("Oh.", 1)]),
        live("", at=3.0),
        {"type": "Metadata", "duration": 4.5, "request_id": "r"},
    )
    assert said(data, "deepgram") == [
        ("unknown", "Speaker 0", "My bill is wrong.", 0.0),
        ("unknown", "Speaker 1", "Oh.", 1.0),
    ]
    assert read(data, "deepgram").duration_s == 4.5


def test_deepgram_live_of_two_channels() -> None:
    data = as_list(
        live("How can I help?", at=0.0, channel=[0, 2]),
        live("My bill is wrong.", at=1.5, channel=[1, 2]),
    )
    assert said(data, "deepgram") == [
        ("unknown", "Channel 0", "How can I help?", 0.0),
        ("unknown", "Channel 1", "My bill is wrong.", 1.5),
    ]


def test_deepgram_turns_are_read_when_they_end() -> None:
    turn = {"type": "TurnInfo", "turn_index": 0, "words": [], "audio_window_start": 0.0}
    data = as_lines(
        {**turn, "event": "Update", "transcript": "my"},
        {**turn, "event": "EndOfTurn", "transcript": "my bill"},
    )
    assert said(data, "deepgram") == [("unknown", None, "my bill", 0.0)]


def segment(identity: str, who: str, text: str, at: int) -> dict[str, Any]:
    turn = {"Id": identity, "ParticipantId": who, "ParticipantRole": who, "Content": text}
    return {"Transcript": {**turn, "BeginOffsetMillis": at, "EndOffsetMillis": at + 900}}


SEGMENTS = [
    {"Categories": {"MatchedCategories": ["Late"], "MatchedDetails": {"Late": {}}}},
    segment("2", "CUSTOMER", "It is late again!", 1500),
    segment("1", "AGENT", "How can I help?", 0),
]
TALK = [
    ("agent", "AGENT", "How can I help?", 0.0),
    ("customer", "CUSTOMER", "It is late again!", 1.5),
]


def test_contact_lens_segments_of_a_page_and_bare() -> None:
    page = json.dumps({"Segments": SEGMENTS, "NextToken": "more"}).encode()
    assert said(page, "amazon_call_analytics") == TALK
    assert "page" in parse(page, name="x.json").notes[0]
    assert said(as_list(*SEGMENTS), "amazon_call_analytics") == TALK


def test_contact_lens_segments_of_a_stream_leave_unfinished_utterances_out() -> None:
    about = {"Version": "1.0.0", "Channel": "VOICE", "ContactId": "c-1", "LanguageCode": "en-US"}
    begun = {"Id": "u", "ParticipantRole": "AGENT", "PartialContent": "How", "TranscriptId": "1"}
    data = as_lines(
        {**about, "EventType": "STARTED"},
        {**about, "EventType": "SEGMENTS", "Segments": [{"Utterance": begun}]},
        {**about, "EventType": "SEGMENTS", "Segments": SEGMENTS},
        {**about, "EventType": "COMPLETED"},
    )
    assert said(data, "amazon_call_analytics") == TALK
    interaction = read(data, "amazon_call_analytics")
    assert (interaction.external_id, interaction.language) == ("c-1", "en-US")


def test_call_analytics_streams_keep_finished_utterances() -> None:
    def utterance(text: str, *, partial: bool) -> dict[str, Any]:
        times = {"BeginOffsetMillis": 0, "EndOffsetMillis": 900}
        known = {"UtteranceId": "u", "IsPartial": partial, "ParticipantRole": "CUSTOMER"}
        return {"UtteranceEvent": {**known, **times, "Transcript": text}}

    data = as_lines(
        utterance("I", partial=True),
        utterance("I am upset.", partial=False),
        {"CategoryEvent": {"MatchedCategories": ["x"]}},
    )
    assert said(data, "amazon_call_analytics") == [("customer", "CUSTOMER", "I am upset.", 0.0)]


def test_contact_lens_segments_with_moments_are_a_chats_unless_a_call_is_stated() -> None:
    turn = {"Id": "1", "ParticipantRole": "CUSTOMER", "DisplayName": "Ana", "Content": "Hello?"}
    segment = {"Transcript": {**turn, "Time": {"AbsoluteTime": "2026-03-01T10:00:05.000Z"}}}
    for channel, expected in (("CHAT", "chat"), ("VOICE", "call")):
        data = json.dumps(
            {"Channel": channel, "Status": "COMPLETED", "Segments": [segment]}
        ).encode()
        found = read(data, "connect_chat")
        assert (found.channel, found.turns[0].role) == (expected, "customer")


@pytest.mark.parametrize(
    "events",
    [
        [transcribe(result("a", "Hel", partial=True))],
        [live("hel", at=0.0, final=False)],
        [{"Segments": [{"Utterance": {"Id": "u", "PartialContent": "Hel"}}]}],
    ],
)
def test_partial_results_alone_are_refused_in_words(events: list[Any]) -> None:
    with pytest.raises(FormatError, match="partial results only; expected the final ones"):
        parse(as_lines(*events, *events), name="x.json")


def test_lines_that_are_no_json_are_left_out_and_told() -> None:
    data = as_lines(live("Hello.", at=0.0)) + b"\n{broken\n" + as_lines(live("Bye.", at=1.0))
    parsed = parse(data, name="x.json")
    assert [turn.text for turn in parsed.interactions[0].turns] == ["Hello.", "Bye."]
    assert "not JSON were left out (1)" in parsed.notes[0]
