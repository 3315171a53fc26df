"""Amazon Transcribe, Call Analytics and Contact Lens calls."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from transcripts.formats import CanonicalInteraction, FormatError, parse, recognise


def item(text: str, start: float, **more: Any) -> dict[str, Any]:
    times = {"start_time": str(start), "end_time": str(start + 0.2)}
    return {"type": "pronunciation", "alternatives": [{"content": text}], **times, **more}


def mark(text: str) -> dict[str, Any]:
    return {"type": "punctuation", "alternatives": [{"content": text}]}


def read(document: Any, name: str = "x.json", **more: Any) -> CanonicalInteraction:
    (interaction,) = parse(json.dumps(document).encode(), name=name, **more).interactions
    return interaction


def talk(document: Any) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in read(document).turns]


def transcribed(**results: Any) -> dict[str, Any]:
    return {"jobName": "j", "results": {"transcripts": [{"transcript": "x"}], **results}}


def labelled(*starts: float, speaker: str) -> dict[str, Any]:
    items = [{"start_time": str(start), "speaker_label": speaker} for start in starts]
    return {"speaker_label": speaker, "start_time": str(starts[0]), "items": items}


ITEMS = [item("Hello", 1), mark(","), item("there", 1.5), mark("."), item("Hi", 3), mark("!")]


@pytest.mark.parametrize("new", [False, True])
def test_segments_name_their_words_by_time_in_old_and_new_files(*, new: bool) -> None:
    owners = ["spk_0", None, "spk_0", None, "spk_1", None]
    items = [
        {**item, "speaker_label": owner} if new and owner else item
        for item, owner in zip(ITEMS, owners, strict=True)
    ]
    labels = {"segments": [labelled(1, 1.5, speaker="spk_0"), labelled(3, speaker="spk_1")]}
    document = transcribed(items=items, speaker_labels=labels)
    assert talk(document) == [("spk_0", "Hello, there."), ("spk_1", "Hi!")]
    assert {turn.role for turn in read(document).turns} == {"unknown"}


def test_words_labelled_without_segments_are_gathered_by_speaker() -> None:
    items = [item("Hello", 1, speaker_label="spk_0"), mark("."), item("Hi", 2, speaker_label="s1")]
    assert talk(transcribed(items=items)) == [("spk_0", "Hello."), ("s1", "Hi")]


def test_channels_that_overlap_are_cut_only_where_one_lets_the_other_speak() -> None:
    first = [item("So", 0.5), item("then", 0.75), item("Right", 9.0), mark(".")]
    second = [item("yes", 0.6), item("Go", 4.0), item("on", 4.3)]
    channels = {
        "channels": [
            {"channel_label": "ch_0", "items": first},
            {"channel_label": "ch_1", "items": second},
        ]
    }
    document = transcribed(items=[*first, *second], channel_labels=channels)
    assert talk(document) == [
        ("ch_0", "So then"),
        ("ch_1", "yes Go on"),
        ("ch_0", "Right."),
    ]


def test_the_newest_files_have_their_segments_ready() -> None:
    ready = [
        {"transcript": "Hi!", "start_time": "3.0", "end_time": "3.2", "speaker_label": "spk_1"},
        {"transcript": "Hello.", "start_time": "1.0", "end_time": "1.7", "speaker_label": "spk_0"},
    ]
    interaction = read(transcribed(items=ITEMS, audio_segments=ready))
    assert [(turn.speaker, turn.text) for turn in interaction.turns] == [
        ("spk_0", "Hello."),
        ("spk_1", "Hi!"),
    ]
    assert (
        interaction.turns[0].started_s,
        interaction.turns[0].ended_s,
        interaction.duration_s,
    ) == (1.0, 1.7, 3.2)


def test_without_labels_the_talk_is_one_turn_of_nobody_and_says_so() -> None:
    parsed = parse(json.dumps(transcribed(items=ITEMS)).encode(), name="x.json")
    assert [(turn.speaker, turn.text) for turn in parsed.interactions[0].turns] == [
        (None, "Hello, there. Hi!")
    ]
    assert parsed.notes == ("The file does not tell the speakers apart.",)


def test_words_taken_out_by_a_filter_leave_no_empty_turn() -> None:
    items = [item("", 1), item("***", 3)]
    labels = {"segments": [labelled(1, speaker="spk_0"), labelled(3, speaker="spk_1")]}
    assert talk(transcribed(items=items, speaker_labels=labels)) == [("spk_1", "***")]


def test_a_failed_job_is_refused() -> None:
    with pytest.raises(FormatError, match="job was not completed"):
        parse(b'{"jobName": "j", "status": "FAILED", "results": {}}', name="x.json")


TURN = {"Content": "Hello.", "BeginOffsetMillis": 40, "EndOffsetMillis": 900}


def analysed(*turns: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"JobStatus": "COMPLETED", "Transcript": list(turns), **more}


def test_call_analytics_states_the_role_on_the_turn() -> None:
    customer = {"Content": "Hi.", "BeginOffsetMillis": 1000, "ParticipantRole": "CUSTOMER"}
    interaction = read(
        analysed({**TURN, "ParticipantRole": "AGENT"}, customer, LanguageCode="en-US")
    )
    assert [(turn.role, turn.started_s) for turn in interaction.turns] == [
        ("agent", 0.04),
        ("customer", 1),
    ]
    assert interaction.language == "en-US"


@pytest.mark.parametrize(
    ("participant", "listed", "role"),
    [
        ("AGENT", None, "agent"),
        ("7f1c", "CUSTOMER", "customer"),
        ("7f1c", "SYSTEM", "system"),
        ("7f1c", "CUSTOM_BOT", "bot"),
        ("7f1c", "SUPERVISOR", "agent"),
        ("7f1c", None, "unknown"),
    ],
)
def test_contact_lens_names_a_participant(participant: str, listed: str | None, role: str) -> None:
    participants = [{"ParticipantId": participant, "ParticipantRole": listed}] if listed else []
    interaction = read(analysed({**TURN, "ParticipantId": participant}, Participants=participants))
    assert (interaction.turns[0].role, interaction.turns[0].speaker) == (role, participant)


def test_the_start_of_a_call_is_in_the_name_that_contact_lens_gives_the_file() -> None:
    contact = "0a1b2c3d-0000-4000-8000-00000000000a"
    name = f"{contact}_analysis_redacted_2021-09-09T18_13_13Z.json"
    interaction = read(analysed({**TURN, "ParticipantId": "AGENT"}), name)
    assert (interaction.external_id, str(interaction.started_at)) == (
        contact,
        "2021-09-09 18:13:13+00:00",
    )
    assert read(analysed(TURN), "x_analysis_9999-99-99T99_99_99Z.json").started_at is None


def test_a_contact_began_when_its_record_says() -> None:
    stated = {"ContactId": "c-9", "InitiationTimestamp": "2026-03-01T10:00:00+01:00"}
    interaction = read({**analysed(TURN), **stated}, "x_analysis_2026-03-02T09_00_00Z.json")
    assert interaction.started_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    in_ms = {"InitiationTimestamp": 1772355600000}
    assert read({**analysed(TURN), **in_ms}).started_at == interaction.started_at
    naive = {"InitiationTimestamp": "2026-03-01T10:00:00"}
    assert read({**analysed(TURN), **naive}).started_at is None


def test_the_contact_id_in_the_file_goes_before_the_one_in_its_name() -> None:
    interaction = read(analysed(TURN, CustomerMetadata={"ContactId": "c-1"}))
    assert interaction.external_id == "c-1"


def test_the_vendors_sentiment_is_kept_beside_the_talk() -> None:
    traits = {
        "TotalConversationDurationMillis": 32110,
        "Sentiment": {"OverallSentiment": {"AGENT": 0, "CUSTOMER": 3.1}},
    }
    late = {"Content": "Yes.", "BeginOffsetMillis": 9, "Sentiment": "POSITIVE"}
    interaction = read(
        analysed({**TURN, "Sentiment": "MIXED"}, late, ConversationCharacteristics=traits)
    )
    assert interaction.duration_s == 32.11
    assert interaction.metadata["source_sentiment"] == {"AGENT": 0.0, "CUSTOMER": 3.1}
    assert interaction.metadata["source_turn_sentiment"] == ["POSITIVE", "MIXED"]


def test_a_chat_of_amazon_connect_is_not_taken_for_a_call() -> None:
    message = {"AbsoluteTime": "2026-01-01T00:00:00Z", "ContentType": "text/plain", "Content": "x"}
    for document in ({"Transcript": [message]}, {"Transcript": [TURN], "Channel": "CHAT"}):
        assert recognise(json.dumps(document).encode(), "x").format != "amazon_call_analytics"
