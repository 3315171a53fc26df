"""Twilio Conversational Intelligence, Genesys Cloud and the HarperValley corpus."""

import json
from typing import Any

import pytest

from transcripts.formats import CanonicalInteraction, FormatError, parse

SID = "GT" + "a" * 32


def read(document: Any, **more: Any) -> CanonicalInteraction:
    (interaction,) = parse(json.dumps(document).encode(), name="x.json", **more).interactions
    return interaction


def sentence(said: str, channel: int, index: int, **more: Any) -> dict[str, Any]:
    return {"transcript": said, "media_channel": channel, "sentence_index": index} | more


HELLO = sentence("Hello.", 2, 0, start_time=0.5, end_time="1.5")
HI = sentence("Hi.", 1, 1, start_time=None)


def test_a_channel_of_twilio_has_no_role_without_its_participant() -> None:
    interaction = read({"sentences": [HI, HELLO], "meta": {"key": "sentences"}})
    assert [(turn.role, turn.speaker, turn.text) for turn in interaction.turns] == [
        ("unknown", "Channel 2", "Hello."),
        ("unknown", "Channel 1", "Hi."),
    ]
    assert (interaction.turns[0].started_s, interaction.turns[0].ended_s) == (0.5, 1.5)


@pytest.mark.parametrize("beside", [False, True])
def test_participants_of_twilio_state_the_roles(*, beside: bool) -> None:
    participants = [
        {"channel_participant": 1, "role": "Customer"},
        {"channel_participant": 2, "role": "Agent", "full_name": "Dana Reyes", "user_id": "a-7"},
    ]
    resource = {
        "sid": SID,
        "channel": {"participants": participants},
        "media_start_time": "2026-01-02T10:00:00Z",
        "language_code": "en-US",
    }
    document = {"transcript": resource} if beside else resource
    interaction = read({**document, "sentences": [HELLO, HI]})
    assert [turn.role for turn in interaction.turns] == ["agent", "customer"]
    assert (interaction.external_id, str(interaction.started_at)) == (
        SID,
        "2026-01-02 10:00:00+00:00",
    )
    assert interaction.agent is not None
    assert (interaction.agent.external_id, interaction.agent.name) == ("a-7", "Dana Reyes")
    assert interaction.customer is None


def test_a_page_of_several_says_that_the_rest_is_missing() -> None:
    meta = {"next_page_url": "https://x.test", "url": f"https://x.test/Transcripts/{SID}/Sentences"}
    document = {"sentences": [HELLO], "meta": meta}
    parsed = parse(json.dumps(document).encode(), name="x.json")
    assert any("one page of several" in note for note in parsed.notes)
    assert parsed.interactions[0].external_id == SID


def test_a_transcript_of_twilio_without_sentences_is_refused() -> None:
    document = {"sid": SID, "status": "queued", "links": {"sentences": "https://x.test"}}
    with pytest.raises(FormatError, match="without its sentences"):
        read(document)


def phrase(said: str, start: float, purpose: str, **more: Any) -> dict[str, Any]:
    return {"text": said, "startTimeMs": start, "participantPurpose": purpose} | more


def genesys(*phrases: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"transcripts": [{"language": "en-us", "phrases": list(phrases)}]} | more


def test_the_sides_of_genesys_are_agent_and_customer() -> None:
    first = phrase("hi there", 500, "internal", decoratedText="Hi there.")
    second = phrase("hello", 4200, "external", duration={"milliseconds": 800})
    interaction = read(genesys(second, first, conversationId="c-1", communicationId="s-1"))
    assert [(turn.role, turn.text, turn.ended_s) for turn in interaction.turns] == [
        ("agent", "Hi there.", None),
        ("customer", "hello", 5.0),
    ]
    assert (interaction.external_id, interaction.language, interaction.started_at) == (
        "c-1/s-1",
        "en-us",
        None,
    )


def test_the_menu_before_the_agent_is_a_bot() -> None:
    participants = [
        {"participantPurpose": "external", "startTimeMs": 0, "endTimeMs": 90000},
        {"participantPurpose": "ivr", "startTimeMs": 0, "endTimeMs": 9999},
        {"participantPurpose": "agent", "startTimeMs": 10000, "endTimeMs": 90000, "userId": "u-1"},
    ]
    menu, agent = phrase("press one", 500, "internal"), phrase("hello", 12000, "internal")
    direct = phrase("goodbye", 89000, "acd")
    interaction = read(genesys(menu, agent, direct, participants=participants))
    assert [turn.role for turn in interaction.turns] == ["bot", "agent", "bot"]
    assert interaction.agent is not None
    assert interaction.agent.external_id == "u-1"


def test_without_times_the_menu_speaks_only_where_nobody_else_could() -> None:
    menu = [{"participantPurpose": "ivr"}]
    both = [*menu, {"participantPurpose": "agent"}]
    said = phrase("hello", 500, "internal")
    assert read(genesys(said, participants=menu)).turns[0].role == "bot"
    assert read(genesys(said, participants=both)).turns[0].role == "agent"


@pytest.mark.parametrize("start", [1591056783000, "2020-06-02T00:13:03Z", None])
def test_moments_of_genesys_become_offsets_from_the_start(start: Any) -> None:
    said = phrase("hello", 1591056785000, "external")
    interaction = read(genesys(said, conversationStartTime=start))
    offset = 0.0 if start is None else 2.0
    assert interaction.turns[0].started_s == offset
    assert interaction.started_at is not None
    assert interaction.started_at.timestamp() == 1591056785 - offset


@pytest.mark.parametrize(
    ("medium", "stated", "channel"),
    [
        ("chat", None, "chat"),
        ("voice", "video", "call"),
        ("fax", "video", "video"),
        (None, None, "call"),
    ],
)
def test_the_medium_of_genesys_is_the_channel(
    medium: str | None, stated: str | None, channel: str
) -> None:
    document = genesys(phrase("hello", 1, "external"), mediaType=medium)
    assert read(document, channel=stated).channel == channel


def test_the_menu_of_an_unknown_purpose_is_nobody() -> None:
    assert read(genesys(phrase("hello", 1, "whoever"))).turns[0].role == "unknown"


def harper(role: str, offset: int, **more: Any) -> dict[str, Any]:
    said = {"human_transcript": "hello", "transcript": "hullo", "duration_ms": 500}
    return {"speaker_role": role, "offset_ms": offset, "start_ms": offset - 2000} | said | more


def test_harper_valley_prefers_what_a_person_wrote_and_the_common_clock() -> None:
    caller = harper("caller", 4000, human_transcript="", start_timestamp_ms=1591056787285)
    interaction = read([caller, harper("agent", 3000)])
    assert [(turn.role, turn.text, turn.started_s, turn.ended_s) for turn in interaction.turns] == [
        ("agent", "hello", 3.0, 3.5),
        ("customer", "hullo", 4.0, 4.5),
    ]
    assert str(interaction.started_at) == "2020-06-02 00:13:03.285000+00:00"
