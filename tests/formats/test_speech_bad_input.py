"""Whatever a transcript of a call holds, it is read or refused with a reason."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.formats import FormatError, parse, recognise

WORDS = [
    {"word": "Hi", "text": "Hi", "start": 0.1, "end": 0.2, "speaker": "A", "channel": 0},
    {"word": "you", "punctuated_word": "you.", "start": 0.5, "end": 0.7, "speaker": 1},
]
ITEMS = [
    {
        "start_time": "0.1",
        "end_time": "0.2",
        "speaker_label": "spk_0",
        "alternatives": [{"content": "Hi"}],
        "type": "pronunciation",
    },
    {"alternatives": [{"content": "."}], "type": "punctuation"},
]
SAMPLES: dict[str, Any] = {
    "amazon_transcribe": {
        "jobName": "j",
        "status": "COMPLETED",
        "results": {
            "transcripts": [{"transcript": "Hi."}],
            "items": ITEMS,
            "speaker_labels": {"segments": [{"speaker_label": "spk_0", "items": ITEMS[:1]}]},
            "channel_labels": {"channels": [{"channel_label": "ch_0", "items": ITEMS}]},
        },
    },
    "amazon_call_analytics": {
        "JobStatus": "COMPLETED",
        "CustomerMetadata": {"ContactId": "c"},
        "Participants": [{"ParticipantId": "p", "ParticipantRole": "AGENT"}],
        "ConversationCharacteristics": {"Sentiment": {"OverallSentiment": {"AGENT": 1}}},
        "Transcript": [
            {"Content": "Hi", "BeginOffsetMillis": 1, "EndOffsetMillis": 2, "ParticipantId": "p"}
        ],
    },
    "google_speech": {
        "results": [
            {
                "alternatives": [
                    {
                        "transcript": "Hi",
                        "words": [
                            {"word": "Hi", "startTime": "0s", "endTime": "1s", "speakerTag": 1},
                            {"word": "you", "start_time": {"seconds": 1, "nanos": 5}},
                        ],
                    }
                ],
                "channelTag": 1,
            }
        ]
    },
    "ccai_insights": {
        "name": "n",
        "entries": [{"start_timestamp_usec": 1, "text": "Hi", "role": "AGENT", "user_id": 1}],
        "startTime": "2026-01-01T00:00:00Z",
        "callMetadata": {"agentChannel": 1},
    },
    "azure_speech": {
        "duration": "PT1S",
        "recognizedPhrases": [
            {
                "recognitionStatus": "Success",
                "channel": 0,
                "speaker": 1,
                "offset": "PT0.5S",
                "duration": "PT1S",
                "nBest": [{"display": "Hi"}],
            }
        ],
    },
    "deepgram": {
        "metadata": {"duration": 1, "request_id": "r"},
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": "Hi you.",
                            "words": WORDS,
                            "paragraphs": {"paragraphs": [{"sentences": [{"text": "Hi you."}]}]},
                        }
                    ]
                },
                {"alternatives": [{"words": WORDS}]},
            ],
            "utterances": [{"start": 0, "end": 1, "channel": 0, "speaker": 0, "transcript": "Hi"}],
        },
    },
    "assemblyai": {
        "status": "completed",
        "audio_url": "x",
        "audio_duration": 2,
        "text": "Hi you.",
        "words": WORDS,
        "utterances": [{"speaker": "A", "start": 1, "end": 2, "text": "Hi"}],
    },
    "whisper": {
        "language": "en",
        "text": "Hi",
        "segments": [{"start": 0, "end": 1, "text": "Hi", "speaker": "A", "words": WORDS}],
    },
    "twilio_intelligence": {
        "sid": "GT" + "a" * 32,
        "channel": {"participants": [{"channel_participant": 1, "role": "Agent"}]},
        "sentences": [{"media_channel": 1, "sentence_index": 0, "transcript": "Hi"}],
        "meta": {"key": "sentences", "next_page_url": None},
    },
    "genesys_cloud": {
        "conversationId": "c",
        "conversationStartTime": 1591056783000,
        "mediaType": "call",
        "participants": [{"participantPurpose": "ivr", "startTimeMs": 0, "endTimeMs": 9}],
        "transcripts": [
            {
                "phrases": [
                    {
                        "participantPurpose": "internal",
                        "startTimeMs": 1591056784000,
                        "text": "Hi",
                        "duration": {"milliseconds": 5},
                    }
                ]
            }
        ],
    },
    "harper_valley": [
        {
            "speaker_role": "agent",
            "human_transcript": "Hi",
            "offset_ms": 1,
            "duration_ms": 2,
            "start_timestamp_ms": 1591056783000,
        }
    ],
}
JUNK = st.sampled_from(
    [
        None, True, "", "x", "NaN", "1e999", "-1", "\u0000", "\ud800", "x" * 300, -1, 0, 1e308,
        -1e-9, 10**400, 10**18, [], {}, [[]], [None], [{}], {"x": []}, [1, 2], "PT99999999H",
        "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "1970-01-01T00:00:00Z",
    ]
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside a document, and to the document itself."""
    yield path
    if isinstance(value, dict | list):
        keys = value.keys() if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield from places(value[key], (*path, key))


def altered(document: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """A copy of a document with junk in one place."""
    if not path:
        return junk
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return changed


def reads_or_refuses(document: Any, name: str) -> None:
    data = json.dumps(document).encode()
    turns, reason = 0, ""
    try:
        turns = sum(
            len(interaction.turns)
            for interaction in parse(data, name="x.json", format=name).interactions
        )
    except FormatError as refusal:
        reason = str(refusal)
    assert turns or reason


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_recognised_and_read(name: str) -> None:
    data = json.dumps(SAMPLES[name]).encode()
    recognition = recognise(data, "x.dat")
    assert (recognition.format, recognition.clear) == (name, True)
    assert parse(data, name="x").interactions[0].turns[0].text.startswith("Hi")


@given(st.data(), st.sampled_from(list(SAMPLES)))
def test_junk_in_any_place_is_read_or_refused(data: st.DataObject, name: str) -> None:
    document = SAMPLES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(document))))
        document = altered(document, path, data.draw(JUNK))
    reads_or_refuses(document, name)
    recognise(json.dumps(document).encode(), "x.json")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_document_of_another_format_is_read_or_refused(name: str) -> None:
    for other in SAMPLES.values():
        reads_or_refuses(other, name)


@pytest.mark.parametrize("name", SAMPLES)
def test_text_lists_and_broken_json_are_refused(name: str) -> None:
    for data in (
        b"Agent: hi\nCustomer: no\n",
        b"[]",
        b"{}",
        b"[[1]]",
        b"7",
        b'{"results":',
        b"{}\n{}",
    ):
        with pytest.raises(FormatError):
            parse(data, name="x.json", format=name)


@pytest.mark.parametrize("name", SAMPLES)
def test_bytes_lost_or_changed_are_read_or_refused(name: str) -> None:
    whole = json.dumps(SAMPLES[name]).encode()
    chance = random.Random(name)
    for _ in range(60):
        data = bytearray(whole)
        data[chance.randrange(len(data))] = chance.randrange(256)
        refused = ""
        try:
            parse(bytes(data), name="x.json", format=name)
        except FormatError as refusal:
            refused = str(refusal)
        assert len(refused) < 1000


def test_no_refusal_quotes_what_was_said() -> None:
    said = "my secret story"
    document = {"status": "processing", "audio_url": "x", "text": said, "words": []}
    with pytest.raises(FormatError) as refused:
        parse(json.dumps(document).encode(), name="x.json")
    assert said not in str(refused.value)


@pytest.mark.cpu_limit(60)
def test_many_channels_and_words_are_read() -> None:
    items = [
        {"alternatives": [{"content": "a"}], "start_time": str(at), "end_time": str(at + 0.1)}
        for at in range(400)
    ]
    channels = [{"channel_label": f"ch_{number}", "items": items[:2]} for number in range(9000)]
    document = {
        "results": {"transcripts": [], "items": [], "channel_labels": {"channels": channels}}
    }
    (interaction,) = parse(json.dumps(document).encode(), name="x.json").interactions
    assert len(interaction.turns) == 9000


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_no_number_in_a_field_that_nobody_needs_costs_no_file(constant: str) -> None:
    segment = f'{{"start": 0.5, "end": 2.0, "text": " Late.", "avg_logprob": {constant}}}'
    untimed = f'{{"start": {constant}, "end": {constant}, "text": " Again."}}'
    text = f'{{"language": "en", "segments": [{segment}, {untimed}]}}'
    for data in (text, f"{text}\n{text}\n", f"[{text}, {text}]"):
        turns = parse(data.encode(), name="x.json").interactions[0].turns
        assert [(turn.text, turn.started_s) for turn in turns] == [("Late.", 0.5), ("Again.", None)]
