"""Google Speech-to-Text and CCAI Insights."""

import json
from typing import Any

import pytest

from transcripts.formats import (
    CanonicalInteraction,
    FormatError,
    Parsed,
    Question,
    parse,
    recognise,
)


def parsed(document: Any, **more: Any) -> Parsed:
    return parse(json.dumps(document).encode(), name="x.json", **more)


def read(document: Any, **more: Any) -> CanonicalInteraction:
    (interaction,) = parsed(document, **more).interactions
    return interaction


def talk(document: Any) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in read(document).turns]


def result(said: str, *words: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"alternatives": [{"transcript": said, "words": list(words)}], **more}


def word(text: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"word": text, "startTime": start, "endTime": end, **more}


HELLO = word("Hello.", "0.100s", "0.500s")
HI = word("Hi.", "1s", "1.500s")


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_last_result_alone_is_read_for_speakers(*, wrapped: bool) -> None:
    last = result("", {**HELLO, "speakerTag": 1}, {**HI, "speakerTag": 2})
    document: dict[str, Any] = {"results": [result("Hello.", HELLO), result(" Hi.", HI), last]}
    if wrapped:
        document = {"name": "1", "done": True, "response": document}
    assert talk(document) == [("Speaker 1", "Hello."), ("Speaker 2", "Hi.")]
    assert {turn.role for turn in read(document).turns} == {"unknown"}


def test_labels_of_the_second_version_stand_in_every_result() -> None:
    first = {"word": "Hello", "startOffset": "0.1s", "endOffset": "0.5s", "speakerLabel": "1"}
    second = {"word": "Hi", "startOffset": "1s", "endOffset": "1.5s", "speakerLabel": "2"}
    third = {**second, "word": "there", "startOffset": "1.6s", "endOffset": "2s"}
    interaction = read({"results": [result("Hello", first), result("Hi there", second, third)]})
    assert [
        (turn.speaker, turn.text, turn.started_s, turn.ended_s) for turn in interaction.turns
    ] == [
        ("Speaker 1", "Hello", 0.1, 0.5),
        ("Speaker 2", "Hi there", 1.0, 2.0),
    ]


def test_an_answer_of_the_second_version_for_one_file_is_opened() -> None:
    inner = {"transcript": {"results": [result("Hello", languageCode="en-us")]}}
    interaction = read({"results": {"gs://bucket/call.wav": inner}})
    assert (interaction.turns[0].text, interaction.language) == ("Hello", "en-us")


def test_snake_case_and_times_in_parts_are_read() -> None:
    first = {"word": "Hello", "start_time": {}, "end_time": {"seconds": "1", "nanos": 500_000_000}}
    second = {"word": "there", "start_time": {"seconds": 2}, "end_time": {"nanos": 0, "seconds": 3}}
    document = [result("Hello there", first, second, channel_tag=1)]
    (turn,) = read(document).turns
    assert (turn.speaker, turn.started_s, turn.ended_s) == ("Channel 1", 0.0, 3.0)


def test_a_start_of_zero_is_left_out_of_the_file() -> None:
    (turn,) = read({"results": [result("Hello", {"word": "Hello", "endTime": "0.5s"})]}).turns
    assert (turn.started_s, turn.ended_s) == (0.0, 0.5)


def test_channels_are_put_in_order_of_time() -> None:
    late = result("Hi.", HI, channelTag=1)
    early = result("Hello.", HELLO, channelTag=2)
    document = {"results": [late, early]}
    assert talk(document) == [("Channel 2", "Hello."), ("Channel 1", "Hi.")]


def test_one_talk_on_both_channels_is_read_once() -> None:
    document = {"results": [result("Hello.", HELLO, channelTag=tag) for tag in (1, 2)]}
    found = parsed(document)
    assert [(turn.speaker, turn.text) for turn in found.interactions[0].turns] == [(None, "Hello.")]
    assert any("Both channels" in note for note in found.notes)


def test_results_without_words_keep_their_transcripts_and_ends() -> None:
    interaction = read({"results": [result("Hello", resultEndTime="2.5s"), result("there")]})
    assert [(turn.text, turn.ended_s) for turn in interaction.turns] == [
        ("Hello", 2.5),
        ("there", None),
    ]


def test_results_without_anything_said_are_refused() -> None:
    with pytest.raises(FormatError, match="holds no words"):
        parsed({"results": [result("")]})


AGENT = {"start_timestamp_usec": 5_000_000, "text": "Hello.", "role": "AGENT", "user_id": 1}
CUSTOMER = {"start_timestamp_usec": 900_000_000, "text": "Hi.", "role": "END_USER", "user_id": 9}


def test_small_stamps_of_entries_are_offsets_and_never_1970() -> None:
    interaction = read({"entries": [CUSTOMER, AGENT]})
    assert [(turn.role, turn.started_s, turn.sent_at) for turn in interaction.turns] == [
        ("agent", 5.0, None),
        ("customer", 900.0, None),
    ]
    assert interaction.started_at is None


def test_stamps_since_1970_are_moments() -> None:
    interaction = read({"entries": [{**AGENT, "start_timestamp_usec": "1675230581000000"}]})
    assert str(interaction.started_at) == "2023-02-01 05:49:41+00:00"
    assert interaction.turns[0].sent_at == interaction.started_at


def test_bots_and_two_agents_of_one_call_are_told_apart() -> None:
    bot = {**AGENT, "role": "AUTOMATED_AGENT", "user_id": 3}
    interaction = read({"entries": [bot, AGENT, {**AGENT, "user_id": 2}, {**AGENT, "role": "ANY"}]})
    assert [(turn.role, turn.speaker) for turn in interaction.turns] == [
        ("bot", "Bot 3"),
        ("agent", "Agent 1"),
        ("agent", "Agent 2"),
        ("unknown", "Participant 1"),
    ]


@pytest.mark.parametrize(("channel", "asked"), [(None, True), ("chat", False)])
def test_the_channel_of_entries_is_asked_for(channel: str | None, asked: bool) -> None:
    found = parsed({"entries": [AGENT]}, channel=channel)
    assert found.interactions[0].channel == (channel or "call")
    assert (Question.CHANNEL in found.open) is asked


def exported(**more: Any) -> dict[str, Any]:
    segments = [
        {
            "text": "This is Marcus.",
            "channelTag": 2,
            "segmentParticipant": {"role": "HUMAN_AGENT", "userId": "2"},
            "words": [{"startOffset": "1.5s", "endOffset": "1.8s"}, {"endOffset": "2.5s"}],
        },
        {"text": "Yes?", "channelTag": 1, "messageTime": "1970-01-01T00:00:04Z"},
    ]
    return {
        "name": "projects/p/conversations/7",
        "transcript": {"transcriptSegments": segments},
    } | more


def test_an_exported_conversation_is_read_with_its_facts() -> None:
    found = parsed(
        exported(
            medium="CHAT",
            startTime="2025-12-29T00:29:16.550796635Z",
            duration="628s",
            languageCode="en-AU",
            agentId="M7741",
            callMetadata={"agentChannel": 2, "customerChannel": 1},
        )
    )
    (interaction,) = found.interactions
    assert [(turn.role, turn.started_s, turn.ended_s) for turn in interaction.turns] == [
        ("agent", 1.5, 2.5),
        ("customer", 4.0, None),
    ]
    assert (interaction.channel, interaction.duration_s, interaction.language) == (
        "chat",
        628.0,
        "en-AU",
    )
    assert (interaction.external_id, found.open) == ("projects/p/conversations/7", ())
    assert interaction.agent is not None
    assert interaction.agent.external_id == "M7741"
    assert interaction.started_at is not None
    assert interaction.started_at.year == 2025


def test_a_channels_role_is_not_guessed_where_the_file_does_not_state_it() -> None:
    assert [turn.role for turn in read(exported()).turns] == ["agent", "unknown"]


def test_a_list_of_conversations_names_those_without_words() -> None:
    found = parsed({"conversations": [exported(), {"transcript": {}}]})
    assert len(found.interactions) == 1
    assert [error.field for error in found.errors] == ["[1]"]


def test_entries_of_something_else_are_not_claimed() -> None:
    assert recognise(b'{"entries": [{"title": "x"}]}', "x").format == "canonical"
